/** What `talweg train` says at its end, and its figure. */
import { lineFigure, type Series } from "../plot/index.ts";
import {
  type Challenge,
  type Evaluation,
  listScores,
  type Scores,
  type TrainReason,
} from "../train/index.ts";
import { braillePlot } from "./braille.ts";
import { bestSoFar, curvePoints } from "./lossCurve.ts";
import { duration, grouped, percent, plural, short } from "./numbers.ts";
import { methods } from "./optimizers.ts";
import { shellWord } from "./outputs.ts";
import { plotSize } from "./progress.ts";
import { scoreLines, scoreName, scoreValue } from "./scoreText.ts";
import type { Session } from "./session.ts";
import { commandOf } from "./startRecord.ts";
import type { TrainedTable } from "./tableTraining.ts";
import { paragraph } from "./textTable.ts";
import type { Finished } from "./trainCommand.ts";
import { savingFlags } from "./trainFolds.ts";
import type { TrainPlan } from "./trainPlan.ts";

const endings: Readonly<Record<TrainReason, string>> = {
  epochs: "all epochs done",
  patience: "no better validation loss any more",
  steps: "the planned steps are done",
  loss: "the wanted loss is reached",
  gradientNorm: "the wanted gradient norm is reached",
  plateau: "no better loss any more",
  evaluations: "the planned evaluations are done",
  seconds: "the time is up",
  signal: "stopped",
  searchFailed: "the line search found no lower loss",
  notFinite: "a number was not finite",
};

/** What was measured when training had ended. */
interface Measured {
  tested: Evaluation | undefined;
  /** Of rows that were watched. */
  scores: Scores | undefined;
  /** Of rows that were learned from. */
  trainingScores: Scores | undefined;
}

/** Lines for people. */
export function summary(
  plan: TrainPlan,
  done: Finished,
  { tested, scores, trainingScores }: Measured,
  saved: boolean,
  session: Session,
): string[] {
  const { model, result, setup } = done;
  const { epochs, steps, seconds, reason } = result;
  const widths = [model.inputs, ...model.layers.map(({ units }) => units)].join("-");
  const challenged = result.challenger === undefined ? [] : [challengeText(result.challenger)];
  const plot = session.quiet ? [] : terminalPlot(done, session);
  const measured: [string, number, Record<string, number>][] = [["training", result.loss, result.metrics]];
  const { loss: watched, ...watchedMetrics } = result.validation ?? {};
  if (watched !== undefined) measured.push(["validation", watched, watchedMetrics]);
  if (tested !== undefined) measured.push(["test", tested.loss, tested.metrics]);
  return [
    ...plot,
    session.out.bold(`${widths} on ${plan.data}: ${endings[reason]}`),
    `${plural(model.parameterCount, "parameter")}, ${plural(setup.rows, "example")}, ${plural(epochs, "epoch")}, ` +
      `${plural(steps, "step")} in ${duration(seconds)}, seed ${plan.seed}`,
    ...bestText(result),
    ...challenged,
    "",
    ...measured.map(
      ([name, loss, metrics]) => `${`${name} loss`.padEnd(16)} ${short(loss)}${metricsText(metrics)}`,
    ),
    ...(scores === undefined
      ? []
      : [
          "",
          `${plural(scores.rows, "row")} that ${scores.rows === 1 ? "was" : "were"} watched and not learned from:`,
          ...scoreLines(scores, session.out.columns()),
        ]),
    ...(trainingScores === undefined ? [] : paragraph(flatteringText(trainingScores), session.out.columns())),
    ...refusedText(setup.table),
    "",
    ...(saved ? [`model  ${plan.out}`] : []),
    ...(plan.plot === undefined ? [] : [`plot   ${plan.plot}`]),
    ...(plan.run === undefined ? [] : [`run    ${plan.run.path}`]),
    ...(saved ? ["", "What to try next:", ...next(plan, done).map((line) => `  ${line}`)] : []),
  ];
}

function bestText({ bestEpoch, epochs }: Finished["result"]): string[] {
  if (bestEpoch === undefined || bestEpoch === epochs) return [];
  return [`the parameters of epoch ${bestEpoch}, the best on the rows that were watched, came back`];
}

/** What the rows that were learned from say, and what they do not. */
function flatteringText(scores: Scores): string {
  const most = scores.kind === "numbers" && scores.targets.length === 1 ? 2 : 1;
  const told = listScores(scores)
    .slice(0, most)
    .map(({ name, value, baseline }) => {
      return `${scoreName(name)} ${scoreValue(name, value)} (baseline ${scoreValue(name, baseline)})`;
    });
  return `On the rows that it learned from, which flatter: ${told.join(", ")}. How it does on others, --folds tells.`;
}

/** Of a stream it is only known when its rows have passed. */
function refusedText(table: TrainedTable | undefined): string[] {
  const rows = table?.facts.streamed ? table.refused() : 0;
  return rows === 0 ? [] : ["", `${plural(rows, "row")} could not be learned from and were left out.`];
}

/** What came of the challenge to a run that was stuck. */
function challengeText({ accepted, loss, challengerLoss, rows }: Challenge): string {
  const its = challengerLoss === null ? "without a finite loss" : `at ${short(challengerLoss)}`;
  const verdict = accepted
    ? "is more than twice as good and takes its place"
    : "is not twice as good, so the parameters of auto stay";
  return `auto was stuck (loss ${short(loss)} on ${plural(rows, "example")}); L-BFGS, ${its}, ${verdict}`;
}

function metricsText(metrics: Record<string, number>): string {
  return Object.entries(metrics)
    .map(([name, value]) => `, ${name} ${name === "accuracy" ? percent(value) : short(value)}`)
    .join("");
}

function terminalPlot({ curve }: Finished, session: Session): string[] {
  if (curve.steps < 2) return [];
  const points = curvePoints(curve, 100);
  const lines = braillePlot(points, plotSize(session.out.columns() - 1, 10));
  return lines.length === 0 ? [] : ["loss", ...lines.map((line) => session.out.accent(line)), ""];
}

/** Two or three commands that fit what was just done. */
function next(plan: TrainPlan, done: Finished): string[] {
  const { data, out, plot, flags } = plan;
  const { model, result, setup } = done;
  const file = shellWord(out);
  const name = shellWord(data);
  if (setup.table !== undefined) return nextOfTable(plan, setup.table);
  const asked =
    model.inputs > 16
      ? `talweg predict ${file} --image digit.png`
      : `talweg predict ${file} --input ${Array(model.inputs).fill("0.5").join(",")}`;
  const more =
    result.reason === "epochs" && flags.validation === undefined
      ? `talweg train ${name} --validation 0.1 --patience 10 --epochs ${2 * Math.max(1, result.epochs)}`
      : undefined;
  return [
    `talweg evaluate ${file} ${name}`,
    asked,
    ...(plot === undefined && more === undefined ? [`talweg inspect ${file}`] : []),
    ...(more === undefined ? [] : [more]),
  ];
}

function nextOfTable(plan: TrainPlan, { facts }: TrainedTable): string[] {
  const { out } = plan;
  const file = shellWord(out);
  const { validationRows, trainingRows, streamed } = facts;
  const canFold = validationRows === 0 && trainingRows > 1 && streamed === null;
  return [
    `talweg predict ${file} new.csv --out answers.csv`,
    ...(canFold ? [foldsCommand(plan, Math.min(5, trainingRows))] : []),
    `talweg evaluate ${file} new.csv --importance`,
    `talweg inspect ${file}`,
    `talweg export ${file} --out ${shellWord(out.replace(/\.[^.]*$/, ".onnx"))}`,
  ];
}

/** The same training, cross-validated. */
function foldsCommand({ data, flags, seed }: TrainPlan, folds: number): string {
  const kept = Object.entries(flags).filter(([name]) => !savingFlags.includes(name));
  return commandOf({ data, flags: { ...Object.fromEntries(kept), folds }, seed }).replace(/ --seed 0$/, "");
}

/** The loss over the steps, that of the validation examples, and for methods that guess the best so far. */
export async function trainFigure(plan: TrainPlan, { curve, validation, model }: Finished): Promise<string> {
  const points = curvePoints(curve);
  const guesses = methods[plan.flags.optimizer ?? "auto"]?.guesses === true;
  const each = guesses ? "each proposal" : "training, of each batch";
  const name =
    curve.stretch === 1
      ? each
      : `${guesses ? "proposals" : "training"}, mean of ${grouped(curve.stretch)} steps`;
  const series: Series[] = [{ name, x: points.map((p) => p.x), y: points.map((p) => p.y) }];
  if (guesses) {
    const best = bestSoFar(curve);
    series.push({ name: "best so far", x: best.map((p) => p.x), y: best.map((p) => p.y) });
  }
  if (validation.steps.length > 0)
    series.push({ name: "validation", x: validation.steps, y: validation.losses });
  const widths = [model.inputs, ...model.layers.map(({ units }) => units)].join("-");
  return lineFigure({
    title: `${widths} on ${plan.data}, ${plan.flags.optimizer ?? "auto"}`,
    xLabel: "step",
    yLabel: `loss (${model.metadata.loss ?? "mean"}, per example)`,
    series,
    yScale: "log",
  });
}
