/** `talweg evaluate`: loss and scores of a saved model on data, each beside a baseline, and what they come from. */
import type { Dataset } from "../core/index.ts";
import { loadKernels, lossNames } from "../kernels/index.ts";
import type { Network } from "../network/index.ts";
import { loadModel } from "../node/index.ts";
import { chartFigure, confusionFigure } from "../plot/index.ts";
import {
  calibration,
  type EvaluateOptions,
  type Evaluation,
  evaluate,
  type Importances,
  metricNames,
  networkScores,
  permutationImportance,
  predictDataset,
  rocCurve,
  type Scores,
  scoreOptions,
} from "../train/index.ts";
import type { CommandSpec } from "./command.ts";
import { configureData, type DataFlags, dataFlagsOf, dataHelp, loadPart } from "./dataOptions.ts";
import { percent, plural, short } from "./numbers.ts";
import { oneOf, words } from "./parse.ts";
import { checkPlotPath, writePlot } from "./plotFile.ts";
import { answersChart, calibrationChart, importanceChart, rocChart } from "./scoreFigures.ts";
import { importanceLines, scoreLines } from "./scoreText.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage.ts";

const EXAMPLE = `
Computed data are drawn as they were for training, from other random numbers, unless options say otherwise.

Example:
  talweg evaluate mnist.safetensors mnist --plot confusion.svg
  talweg evaluate spirals.safetensors spirals --figure roc --plot roc.svg`;

const figures = ["confusion", "roc", "calibration", "answers", "importance"] as const;
type Figure = (typeof figures)[number];

export const evaluateCommand: CommandSpec = {
  name: "evaluate",
  configure(command) {
    command
      .description("Measure a model on data: loss and scores, each beside that of a constant answer.")
      .argument("<model>", "a .safetensors or .json file of talweg")
      .argument("<data>", dataHelp)
      .option("--part <name>", "test (default) or train", oneOf("--part", ["test", "train"]))
      .option(
        "--loss <name>",
        "by default the one that the model was trained with",
        oneOf("--loss", lossNames),
      )
      .option("--metrics <names>", `with commas between; ${metricNames.join(", ")}`, words)
      .option("--importance", "how much worse it gets when each input is shuffled, 5 times")
      .option(
        "--figure <name>",
        `what --plot draws: ${figures.join(", ")}; confusion for classes, else answers`,
        oneOf("--figure", figures),
      )
      .option("--plot <file>", "a figure: .svg or .png");
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
    const scores = networkScores(model, data);
    const wanted = flags.figure as Figure | undefined;
    const importance =
      flags.importance === true || wanted === "importance"
        ? await permutationImportance(model, data, {
            ...(options.loss === undefined ? {} : { loss: options.loss }),
            seed,
          })
        : undefined;
    const title = `${name}, ${part} examples`;
    if (plot !== undefined)
      await draw(plot, { model, data, scores, importance, title }, wanted ?? usual(scores));
    session.say(`${plural(rows, "example")} of ${name} (${part})`);
    const told = flags.metrics === undefined ? {} : metrics;
    for (const line of report({ rows, loss, metrics: told }, scores, session.out)) session.say(line);
    if (importance !== undefined) for (const line of ["", ...importanceLines(importance)]) session.say(line);
    const { accuracy, ...more } = metrics;
    const fields = {
      rows,
      loss,
      ...(accuracy === undefined ? {} : { accuracy }),
      ...(Object.keys(more).length === 0 ? {} : { metrics: more }),
      ...(confusion === undefined ? {} : { confusion }),
      scores,
      ...(importance === undefined ? {} : { importance }),
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

function report({ loss, metrics }: Evaluation, scores: Scores, out: Terminal): string[] {
  const lines = [`loss ${short(loss)}`];
  for (const [name, value] of Object.entries(metrics)) {
    lines.push(`${name} ${name === "accuracy" ? percent(value) : short(value)}`);
  }
  lines.push("", ...scoreLines(scores, out.columns()));
  if (scores.kind === "classes") lines.push("", ...confusionTable(scores.confusion, scores.classes, out));
  return lines;
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

/** What figures are drawn from. */
interface Drawn {
  readonly model: Network;
  readonly data: Dataset;
  readonly scores: Scores;
  readonly importance: Importances | undefined;
  readonly title: string;
}

function usual({ kind }: Scores): Figure {
  return kind === "classes" ? "confusion" : "answers";
}

async function draw(path: string, drawn: Drawn, figure: Figure): Promise<void> {
  const { data, scores, importance, title } = drawn;
  const ofClasses = figure !== "answers" && figure !== "importance";
  if (figure !== "importance" && ofClasses !== (scores.kind === "classes")) {
    throw new UsageError(
      `--figure ${figure} is of ${ofClasses ? "classes, but these data have none" : "numbers, but these data have classes"}; ` +
        `take ${ofClasses ? "answers" : "confusion, roc, calibration"} or importance.`,
    );
  }
  if (figure === "confusion" && scores.kind === "classes") {
    return writePlot(path, await confusionFigure(scores.confusion, scores.classes, { title }));
  }
  const outputs = predictDataset(drawn.model, data);
  const how = scoreOptions(drawn.model, data);
  const chart =
    figure === "importance"
      ? importanceChart(importance!, `Permutation importance: ${title}`)
      : figure === "calibration"
        ? calibrationChart(calibration(outputs, data, how), `Calibration: ${title}`)
        : figure === "roc" && scores.kind === "classes"
          ? rocChart(
              (scores.classes.length === 2 ? [1] : scores.classes.map((_, label) => label)).map((label) =>
                rocCurve(outputs, data, { ...how, class: label }),
              ),
              `ROC: ${title}`,
            )
          : answersChart(outputs, data.y, "y", title);
  await writePlot(path, await chartFigure(chart));
}
