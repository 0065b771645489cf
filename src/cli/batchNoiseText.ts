/** What `talweg experiment batch-noise` says to people. */
import type { BatchNoise, ValleyEscapes } from "../experiment/index.ts";
import { curveText, percentCell } from "./experimentText.ts";
import { grouped, plural, short, three } from "./numbers.ts";
import { paragraph, textTable } from "./textTable.ts";

export function batchNoiseText(result: BatchNoise, columns: number): string[] {
  return [
    "Between two valleys",
    ...valleyText(result.valley, columns),
    "",
    "Out of poor minima of a small network",
    ...escapeText(result, columns),
    "",
    ...paragraph(
      "What this does not say: at equal evaluations small batches take more steps too, so noise and number of steps are not told apart; " +
        "and noise that leads out of a poor minimum leads out of a good one as well while the rate stays as it is.",
      columns,
    ),
  ];
}

function valleyText(
  { poor, ridge, good, rows, deviation, runs, cells }: ValleyEscapes,
  columns: number,
): string[] {
  const rates = [...new Set(cells.map(({ learningRate }) => learningRate))];
  const sizes = cells.filter(({ learningRate }) => learningRate === rates[0]);
  return [
    ...paragraph(
      `${rows} examples with the losses (w² - 1)² / 4 - 0.1 w + s w; their slopes s sum to 0 and have deviation ${deviation}. All together have a poor ` +
        `minimum at ${three(poor.at)} (loss ${three(poor.loss)}), a good one at ${three(good.at)} (${three(good.loss)}) and a ridge at ${three(ridge.at)} ` +
        `(${three(ridge.loss)}). ${plural(runs, "run")} from the poor one with each batch size, ${grouped(sizes[0]!.exampleEvaluations)} example evaluations each. ` +
        "Share of runs that end beyond the ridge, with its 95 % interval:",
      columns,
    ),
    "",
    ...textTable([
      ["batch", ...rates.map((rate) => `rate ${rate}`)],
      ...sizes.map(({ batchSize, full }) => [
        full ? `${batchSize} (full)` : String(batchSize),
        ...cells
          .filter((cell) => cell.batchSize === batchSize)
          .map(
            ({ escaped, diverged }) => percentCell(escaped) + (diverged > 0 ? `, ${diverged} diverged` : ""),
          ),
      ]),
    ]),
  ];
}

function escapeText({ setting, network }: BatchNoise, columns: number): string[] {
  const { hidden, minima, sets, seeds, rateShare, cells } = network;
  return [
    ...paragraph(
      `Networks 1-${hidden}-1, tanh, on ${plural(sets, "set")} of ${curveText(setting)}. The poor minima of each set that most of ${plural(setting.starts, "start")} end in:`,
      columns,
    ),
    "",
    ...textTable([
      ["set", "loss", "times the best", "starts", "smallest curvature", "largest", "rate"],
      ...minima.map((own) => [
        String(own.dataSeed),
        three(own.loss),
        (own.loss / own.best).toFixed(2),
        String(own.starts),
        short(own.smallestCurvature),
        short(own.largestCurvature),
        three((2 * rateShare) / own.largestCurvature),
      ]),
    ]),
    "",
    ...paragraph(
      `${plural(seeds, "run")} from beside each with each batch size, ${grouped(cells[0]!.exampleEvaluations)} example evaluations a run, at ${rateShare} of the ` +
        "largest learning rate that the full batch stands there; then down on all examples. better, worse: the loss is more than 1 % lower or higher at the end, " +
        `of ${plural(cells[0]!.better.of, "run")}, with the 95 % interval for these minima (others may behave otherwise).`,
      columns,
    ),
    "",
    ...textTable([
      ["batch", "steps", "better", "worse", "diverged", "near the best"],
      ...cells.map((cell) => [
        cell.full ? `${cell.batchSize} (full)` : String(cell.batchSize),
        grouped(cell.steps),
        percentCell(cell.better),
        percentCell(cell.worse),
        percentCell(cell.diverged),
        percentCell(cell.reachBest),
      ]),
    ]),
  ];
}
