/** `talweg gradcheck`: whether the gradient of a model is the derivative of its loss. */
import { type GradientCheck, gradientCheck, type LayerCheck } from "../explain/index.ts";
import type { CommandSpec } from "./command.ts";
import { dataHelp } from "./dataOptions.ts";
import { gradcheckFigure } from "./gradcheckFigure.ts";
import { grouped, plural } from "./numbers.ts";
import { number } from "./parse.ts";
import { checkPlotPath, writePlot } from "./plotFile.ts";
import { configureModelData, loadModelAndData } from "./target.ts";
import type { Terminal } from "./terminal.ts";
import { paragraph, textTable } from "./textTable.ts";
import { UsageError } from "./usage.ts";

/** Examples of the loss that is checked: more of them only take more time. */
const ROWS = 32;

const HELP = `
Each derivative is compared with central differences of the loss in 64 bits. By default the loss of ${ROWS} examples is taken,
and of layers with more than 100 parameters a sample that the seed draws. It ends with 1 when an error is above 1e-7
or nothing could be checked.

Examples:
  talweg gradcheck parabola.safetensors parabola --all
  talweg gradcheck mnist.safetensors mnist --rows 8 --parameters 200`;

export const gradcheckCommand: CommandSpec = {
  name: "gradcheck",
  configure(command) {
    command
      .description("Check the gradient of a model against finite differences, layer by layer.")
      .argument("<model>", "a .safetensors or .json file of talweg")
      .argument("<data>", dataHelp)
      .option(
        "--parameters <count>",
        "how many of each layer are checked; 100 by default",
        number("--parameters", 100),
      )
      .option("--all", "check all parameters")
      .option("--plot <file>", "typical and worst error by layer: .svg or .png");
    configureModelData(command);
    command.addHelpText("after", HELP);
  },
  async run(operands, flags, session) {
    const [path, name] = operands as [string, string];
    const plot = flags.plot as string | undefined;
    if (flags.all === true && flags.parameters !== undefined) {
      throw new UsageError(
        `got both --all and --parameters ${flags.parameters}, expected one of them; leave one out.`,
      );
    }
    await checkPlotPath(plot);
    const { model, data, loss, seed } = await loadModelAndData(path, name, { rows: ROWS, ...flags }, session);
    const samples = flags.all === true ? Number.POSITIVE_INFINITY : (flags.parameters as number | undefined);
    const result = gradientCheck(model, loss, data, { seed, ...(samples === undefined ? {} : { samples }) });
    if (plot !== undefined)
      await writePlot(plot, await gradcheckFigure(result, `${path} on ${name}, ${loss}`));
    for (const line of report(result, `${path} on ${name}, ${loss}`, session.out)) session.say(line);
    // Where nothing could be checked, nothing is shown.
    const fields = { ...result, ...(plot === undefined ? {} : { plot }) };
    return { seed, fields, exitCode: result.verdict === "passed" ? 0 : 1 };
  },
};

function report(result: GradientCheck, label: string, out: Terminal): string[] {
  const { rows, layers, tolerance, worst, verdict } = result;
  const head = ["", "activation", "checked", "kinks", "typical", "worst", "where", "step"];
  const checked = layers.reduce((sum, layer) => sum + layer.checked, 0);
  const kinks = layers.reduce((sum, layer) => sum + layer.discarded, 0);
  const place = layers.find((layer) => layer.worst === worst)?.at;
  const endings = {
    passed: `passed: the largest error of ${plural(checked, "derivative")} is ${size(worst)}, allowed is ${tolerance}`,
    failed: `failed: the relative error is ${size(worst)} at ${place?.name}, allowed is ${tolerance}; there the backward pass gives ${place?.analytic}, differences of the loss ${place?.numeric}`,
    unchecked: `nothing could be checked: all ${plural(kinks, "parameter")} lie beside a kink`,
  };
  const ending = endings[verdict];
  return [
    out.bold(`${label}, ${plural(rows, "example")}`),
    ...textTable([head, ...layers.map(line)]),
    "",
    ...paragraph(ending, out.columns()).map((text) => (verdict === "passed" ? text : out.alarm(text))),
    ...paragraph(
      "Errors are relative; kinks: parameters beside one, whose differences say nothing.",
      out.columns(),
    ).map(out.dim),
    ...silent(layers, out),
  ];
}

function line({
  layer,
  activation,
  parameters,
  checked,
  discarded,
  typical,
  worst,
  at,
}: LayerCheck): string[] {
  return [
    `layer ${layer}`,
    activation,
    `${grouped(checked)} of ${grouped(parameters)}`,
    grouped(discarded),
    size(typical),
    size(worst),
    at?.name ?? "",
    at === null ? "" : size(at.step),
  ];
}

const size = (error: number | null): string =>
  error === null ? "none" : error.toExponential(1).replace(".0e+0", "");

/** A gradient of zeros is no check. */
function silent(layers: readonly LayerCheck[], out: Terminal): string[] {
  const names = layers
    .filter(({ sizable, checked }) => sizable === 0 && checked > 0)
    .map(({ layer }) => layer);
  if (names.length === 0) return [];
  return paragraph(
    `Of layer ${names.join(", ")} all these derivatives are 0 or drown in the rounding errors of the loss, which shows little.`,
    out.columns(),
  );
}
