/** `talweg evaluate`: loss and scores of a saved model on data, each beside a baseline, and what they come from. */
import type { Dataset, Vector } from "../core/index.ts";
import { columnInputs, type Preprocessing } from "../data/index.ts";
import { type Loss, loadKernels, lossNames } from "../kernels/index.ts";
import type { Network } from "../network/index.ts";
import { loadModel } from "../node/index.ts";
import { type ChartOptions, chartFigure, confusionFigure } from "../plot/index.ts";
import {
  calibration,
  type EvaluateOptions,
  type Evaluation,
  evaluate,
  type Importances,
  metricNames,
  permutationImportance,
  predictDataset,
  rocCurve,
  type Scores,
  scoreOptions,
  scores as scoresOf,
  scoreTerms,
} from "../train/index.ts";
import type { CommandSpec } from "./command.ts";
import { configureData, dataHelp } from "./dataOptions.ts";
import { type ModelData, modelData, noData } from "./modelData.ts";
import { percent, plural, short } from "./numbers.ts";
import { oneOf, words } from "./parse.ts";
import { checkPlotPath, writePlot } from "./plotFile.ts";
import { answersChart, calibrationChart, importanceChart, rocChart } from "./scoreFigures.ts";
import { importanceLines, scoreLines } from "./scoreText.ts";
import type { Session } from "./session.ts";
import { configureSql } from "./sqlOptions.ts";
import { configureReading, tableHelp } from "./tableOptions.ts";
import { refusals } from "./tablePredict.ts";
import type { Terminal } from "./terminal.ts";
import { paragraph } from "./textTable.ts";
import { UsageError } from "./usage.ts";

const EXAMPLE = `
Computed data are drawn as they were for training, from other random numbers, unless options say otherwise. A model that was
trained on a table takes tables with the same columns, in any order, and is scored in their own units; rows that it was
trained on flatter it.

Examples:
  talweg evaluate sales.safetensors new.csv --importance
  talweg evaluate mnist.safetensors mnist --plot confusion.svg
  talweg evaluate spirals.safetensors spirals --figure roc --plot roc.svg`;

const TRAINED_ON =
  "The model was trained on this very table, so that these scores flatter it: rows that it has not seen tell more, and so does " +
  "talweg train with --folds 5.";

const figures = ["confusion", "roc", "calibration", "answers", "importance"] as const;
type Figure = (typeof figures)[number];

export const evaluateCommand: CommandSpec = {
  name: "evaluate",
  configure(command) {
    command
      .description("Measure a model on data: loss and scores, each beside that of a constant answer.")
      .argument("<model>", "a .safetensors or .json file of talweg")
      .argument("[data]", `${tableHelp}; or ${dataHelp}`)
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
    configureReading(command);
    configureSql(command);
    configureData(command);
    command.addHelpText("after", EXAMPLE);
  },
  async run([path, name], flags, session) {
    const plot = flags.plot as string | undefined;
    if (name === undefined && flags.sql === undefined) throw noData();
    await checkPlotPath(plot);
    const model = loadModel(path as string);
    const held = await modelData(model, name, { flags, seed: session.seed, part: "test" });
    await loadKernels();
    const measured = measure(model, held, flags);
    const wanted = flags.figure as Figure | undefined;
    const importance =
      flags.importance === true || wanted === "importance"
        ? await importanceOf(model, held, flags.loss as Loss | undefined)
        : undefined;
    const drawn = { model, held, ...measured, importance };
    if (plot !== undefined) await draw(plot, drawn, wanted ?? usual(measured.scores));
    tell(drawn, flags.metrics !== undefined, session);
    const { loss, metrics, confusion } = measured.evaluation;
    const { accuracy, ...more } = metrics;
    const fields = {
      rows: held.data.rows,
      ...(held.table === undefined
        ? {}
        : { refusedRows: held.table.refused.length, trainedOn: held.table.trainedOn }),
      loss,
      ...(accuracy === undefined ? {} : { accuracy }),
      ...(Object.keys(more).length === 0 ? {} : { metrics: more }),
      ...(confusion === undefined ? {} : { confusion }),
      scores: measured.scores,
      ...(importance === undefined ? {} : { importance }),
      ...(plot === undefined ? {} : { plot }),
    };
    return { seed: held.seed, fields };
  },
};

interface Measured {
  outputs: Vector;
  evaluation: Evaluation;
  scores: Scores;
}

/** Goes forward once for the answers, and once more for the loss, which is computed from logits. */
function measure(model: Network, { data, table }: ModelData, flags: Record<string, unknown>): Measured {
  const outputs = predictDataset(model, data);
  const options = pick(flags, ["loss", "metrics"]) as EvaluateOptions;
  const terms = table === undefined ? {} : scoreTerms(table.preprocessing);
  return {
    outputs,
    evaluation: evaluate(model, data, { ...options, outputs }),
    scores: scoresOf(outputs, data, { ...scoreOptions(model, data), ...terms }),
  };
}

/** By column where the model knows columns, else by input. */
function importanceOf(
  model: Network,
  { data, seed, table }: ModelData,
  loss: Loss | undefined,
): Promise<Importances> {
  return permutationImportance(model, data, {
    ...(loss === undefined ? {} : { loss }),
    ...(table === undefined ? {} : { groups: columnInputs(table.preprocessing) }),
    seed,
  });
}

function pick(flags: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  );
}

function tell({ held, evaluation, scores, importance }: Drawn, withMetrics: boolean, session: Session): void {
  const told = refusals(held.label, session);
  told.add(held.table?.refused ?? []);
  told.end();
  session.say(`${plural(held.data.rows, "example")} of ${held.label}`);
  if (held.table?.trainedOn === true)
    for (const line of paragraph(TRAINED_ON, session.out.columns())) session.say(line);
  for (const line of report(withMetrics ? evaluation : { ...evaluation, metrics: {} }, scores, session.out)) {
    session.say(line);
  }
  if (importance !== undefined) for (const line of ["", ...importanceLines(importance)]) session.say(line);
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

/** What is told and drawn. */
interface Drawn extends Measured {
  readonly model: Network;
  readonly held: ModelData;
  readonly importance: Importances | undefined;
}

function usual({ kind }: Scores): Figure {
  return kind === "classes" ? "confusion" : "answers";
}

async function draw(path: string, drawn: Drawn, figure: Figure): Promise<void> {
  const { outputs, scores, importance } = drawn;
  const { data, title, table } = drawn.held;
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
          : answersOf(outputs, data, table?.preprocessing, title);
  await writePlot(path, await chartFigure(chart));
}

/** The first target's answers against what they should be, in its own units where it is a column. */
function answersOf(
  outputs: Vector,
  data: Dataset,
  p: Preprocessing | undefined,
  title: string,
): ChartOptions {
  const target = p?.targets[0];
  if (target?.kind !== "number" || p === undefined) return answersChart(outputs, data.y, "y", title);
  const width = p.targets.length;
  const own = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(
      { length: data.rows },
      (_, row) => values[row * width]! * target.deviation + target.mean,
    );
  return answersChart(own(outputs), own(data.y), target.name, title);
}
