/** `talweg evaluate`: loss and metrics of a saved model on data. */
import { loadKernels, lossNames } from "../kernels/index.ts";
import type { Network } from "../network/index.ts";
import { loadModel } from "../node/index.ts";
import { confusionFigure } from "../plot/index.ts";
import { type EvaluateOptions, type Evaluation, evaluate, metricNames } from "../train/index.ts";
import type { CommandSpec } from "./command.ts";
import { configureData, type DataFlags, dataFlagsOf, dataHelp, loadPart } from "./dataOptions.ts";
import { percent, plural, short } from "./numbers.ts";
import { oneOf, words } from "./parse.ts";
import { checkPlotPath, writePlot } from "./plotFile.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage.ts";

const EXAMPLE = `
Computed data are drawn as they were for training, from other random numbers, unless options say otherwise.

Example:
  talweg evaluate mnist.safetensors mnist --plot confusion.svg`;

export const evaluateCommand: CommandSpec = {
  name: "evaluate",
  configure(command) {
    command
      .description("Measure a model on data: its loss, and for classes accuracy and confusion matrix.")
      .argument("<model>", "a .safetensors or .json file of talweg")
      .argument("<data>", dataHelp)
      .option("--part <name>", "test (default) or train", oneOf("--part", ["test", "train"]))
      .option(
        "--loss <name>",
        "by default the one that the model was trained with",
        oneOf("--loss", lossNames),
      )
      .option("--metrics <names>", `with commas between; ${metricNames.join(", ")}`, words)
      .option("--plot <file>", "the confusion matrix: .svg or .png");
    configureData(command);
    command.addHelpText("after", EXAMPLE);
  },
  async run(operands, flags, session) {
    const [path, name] = operands as [string, string];
    const plot = flags.plot as string | undefined;
    await checkPlotPath(plot);
    const model = loadModel(path);
    const seed = session.seed ?? model.metadata.seed;
    const chosen = { ...trainedOn(model, name), ...dataFlagsOf(flags) };
    const part = (flags.part as "test" | "train" | undefined) ?? "test";
    const data = loadPart(name, chosen, { part, seed, precision: model.precision });
    await loadKernels();
    const options = pick(flags, ["loss", "metrics"]) as EvaluateOptions;
    const { rows, loss, metrics, confusion } = evaluate(model, data, options);
    if (plot !== undefined) await drawConfusion(plot, confusion, data.classes, `${name}, ${part} examples`);
    session.say(`${plural(rows, "example")} of ${name} (${part})`);
    for (const line of report({ rows, loss, metrics }, confusion, data.classes, session.out))
      session.say(line);
    const { accuracy, ...more } = metrics;
    const fields = {
      rows,
      loss,
      ...(accuracy === undefined ? {} : { accuracy }),
      ...(Object.keys(more).length === 0 ? {} : { metrics: more }),
      ...(confusion === undefined ? {} : { confusion }),
      ...(plot === undefined ? {} : { plot }),
    };
    return { seed, fields };
  },
};

function pick(flags: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  );
}

/** How the data of this name were drawn when the model was trained on them; of files all rows are wanted. */
export function trainedOn(model: Network, name: string): DataFlags {
  const data = model.metadata.options?.data as ({ name?: unknown } & DataFlags) | undefined;
  if (data === undefined || data.name !== name) return {};
  const { name: _name, rows, ...others } = data;
  const fromFiles = name === "mnist" || name === "fashion-mnist" || /[./\\]/.test(name);
  return fromFiles || rows === undefined ? others : { ...others, rows };
}

function report(
  { loss, metrics }: Evaluation,
  confusion: number[][] | undefined,
  classes: readonly string[] | undefined,
  out: Terminal,
): string[] {
  const lines = [`loss ${short(loss)}`];
  for (const [name, value] of Object.entries(metrics)) {
    lines.push(`${name} ${name === "accuracy" ? percent(value) : short(value)}`);
  }
  if (confusion === undefined) return lines;
  return [...lines, "", ...confusionTable(confusion, namesOf(confusion, classes), out)];
}

function namesOf(confusion: number[][], classes: readonly string[] | undefined): string[] {
  return confusion.map((_, i) => classes?.[i] ?? String(i));
}

/** Counts with a row for each true class and its share of right answers; no color carries any meaning alone. */
function confusionTable(matrix: number[][], classes: readonly string[], out: Terminal): string[] {
  const left = Math.max("true".length, ...classes.map((name) => name.length));
  const widths = classes.map((name, c) =>
    Math.max(name.length, ...matrix.map((row) => String(row[c]).length)),
  );
  const head = classes.map((name, c) => name.padStart(widths[c] as number)).join("  ");
  const rows = matrix.map((row, r) => {
    const cells = row.map((count, c) => {
      const text = (count === 0 ? "·" : String(count)).padStart(widths[c] as number);
      return r === c ? out.bold(text) : count === 0 ? out.dim(text) : text;
    });
    const all = row.reduce((sum, count) => sum + count, 0);
    const right = all === 0 ? "" : percent((row[r] as number) / all);
    return `${(classes[r] as string).padStart(left)}  ${cells.join("  ")}  ${right}`;
  });
  return [`${" ".repeat(left)}  predicted`, `${"true".padStart(left)}  ${head}  right`, ...rows];
}

async function drawConfusion(
  path: string,
  confusion: number[][] | undefined,
  classes: readonly string[] | undefined,
  title: string,
): Promise<void> {
  if (confusion === undefined) {
    throw new UsageError(
      "--plot draws the confusion matrix, but these data have no classes; leave it out, or give it to talweg train for the loss.",
    );
  }
  await writePlot(path, await confusionFigure(confusion, namesOf(confusion, classes), { title }));
}
