/** `talweg doctor`: what is wrong with a model and its data, and what to do. */
import { doctor } from "../explain/index.ts";
import type { CommandSpec } from "./command.ts";
import { dataFlagsOf, dataHelp, loadTest } from "./dataOptions.ts";
import { doctorFigure } from "./doctorFigure.ts";
import { doctorText } from "./doctorText.ts";
import { trainedOn } from "./modelData.ts";
import { number } from "./parse.ts";
import { checkPlotPath, writePlot } from "./plotFile.ts";
import { tableHelp } from "./tableOptions.ts";
import { configureModelData, loadModelAndData } from "./target.ts";

const HELP = `
It looks at the examples that the model was trained on (or at others by --part, --interval and the like), and beside them at
those of the test part. It ends with 1 when it finds an error.

Examples:
  talweg doctor mnist.safetensors mnist --plot doctor.svg
  talweg doctor parabola.safetensors parabola --interval -1,1
  talweg doctor sales.safetensors sales.csv`;

export const doctorCommand: CommandSpec = {
  name: "doctor",
  configure(command) {
    command
      .description("Find what is wrong with a model and its data, with numbers and what helps.")
      .argument("<model>", "a .safetensors or .json file of talweg")
      .argument("<data>", `${dataHelp}; or ${tableHelp}, for a model that was trained on one`)
      .option(
        "--learning-rate <number>",
        "judge this rate of gradient descent; by default that of the training, where it was fixed",
        number("--learning-rate", 0.1),
      )
      .option("--plot <file>", "gradients, dead and saturated units by layer, and the data: .svg or .png");
    configureModelData(command);
    command.addHelpText("after", HELP);
  },
  async run(operands, flags, session) {
    const [path, name] = operands as [string, string];
    const plot = flags.plot as string | undefined;
    await checkPlotPath(plot);
    const { model, data, loss, seed } = await loadModelAndData(path, name, flags, session);
    const chosen = { ...trainedOn(model, name), ...dataFlagsOf(flags) };
    const others =
      flags.part === "test" ? undefined : loadTest(name, chosen, { seed, precision: model.precision });
    const learningRate = flags.learningRate as number | undefined;
    const diagnosis = doctor(model, data, {
      loss,
      ...(others === undefined ? {} : { test: others }),
      ...(learningRate === undefined ? {} : { learningRate }),
    });
    const label = `${path} on ${name}`;
    if (plot !== undefined) await writePlot(plot, await doctorFigure(diagnosis, label, data.classes));
    for (const line of doctorText(diagnosis, label, session.out)) session.say(line);
    const exitCode = diagnosis.counts.error > 0 ? 1 : 0;
    return { seed, fields: { ...diagnosis, ...(plot === undefined ? {} : { plot }) }, exitCode };
  },
};
