/** What `talweg experiment` says to people: tables of the numbers, and how far they reach. */
import {
  type DepthComparison,
  type DimensionShare,
  endKinds,
  type LocalMinima,
  type Quartiles,
  quartiles,
  type Ratio,
  type Share,
  type StartLosses,
  type StartSetting,
} from "../experiment/index.ts";
import { grouped, plural, three } from "./numbers.ts";
import { paragraph, textTable } from "./textTable.ts";

function orDash(value: number | null): string {
  return value === null ? "–" : three(value);
}

function whole(share: number): string {
  return (100 * share).toFixed(0);
}

export function curveText({ rows, penalty, noise }: StartSetting): string {
  return (
    `${rows} points of sin x with noise ${noise}, x from -2π to 2π; ` +
    `loss: mean squared error plus ${penalty} / 2 times the sum of squared weights`
  );
}

export function localMinimaText(result: LocalMinima, columns: number): string[] {
  const { networks, dimensions, setting } = result;
  return [
    `Where ${plural(setting.starts, "start")} end`,
    ...paragraph(
      `Networks 1-h-1, tanh, on ${curveText(setting)}. Every start goes down on all examples until the norm of the gradient is ${setting.gradientNorm}.`,
      columns,
    ),
    "",
    ...startTable(networks),
    "",
    ...paragraph(
      "best, worst: final losses, and how many times the best the worst is. near the best: share of the starts that end at most 1 % above the best, " +
        "with its 95 % interval. flat: second derivatives leave it open, as with a unit that does nothing.",
      columns,
    ),
    "",
    "Different final losses, and those that most starts end at (starts)",
    ...textTable(networks.map(frequentLevels)),
    ...(dimensions.length === 0 ? [] : shareText(result, columns)),
    "",
    ...paragraph(
      "What this does not say: nobody knows whether the best loss found is the lowest there is; another set, loss or start " +
        "has other levels; and descent by steps that must lower the loss finds no saddles to speak of, however many there are.",
      columns,
    ),
  ];
}

function startTable(networks: readonly StartLosses[]): string[] {
  return textTable([
    ["network", "parameters", "best", "worst", "times", "near the best", "ends"],
    ...networks.map(({ hidden, parameterCount, best, worst, reachBest, kinds }) => [
      `1-${hidden}-1`,
      String(parameterCount),
      three(best),
      orDash(worst),
      worst === null ? "–" : (worst / best).toFixed(2),
      percentCell(reachBest),
      endsCell(kinds),
    ]),
  ]);
}

/** "35 minima, 65 flat": the kinds that there are. */
function endsCell(kinds: StartLosses["kinds"]): string {
  const names = {
    minimum: "minima",
    flat: "flat",
    saddle: "saddles",
    maximum: "maxima",
    unfinished: "unfinished",
  };
  return endKinds.flatMap((kind) => (kinds[kind] === 0 ? [] : `${kinds[kind]} ${names[kind]}`)).join(", ");
}

/** "83 % (74 to 89)". */
export function percentCell({ share, low, high }: Share): string {
  return `${whole(share)} % (${whole(low)} to ${whole(high)})`;
}

const SHOWN_LEVELS = 5;

function frequentLevels({ hidden, levels }: StartLosses): string[] {
  const frequent = [...levels].sort((a, b) => b.runs - a.runs || a.loss - b.loss).slice(0, SHOWN_LEVELS);
  const cells = frequent.map(({ loss, runs }) => `${three(loss)} (${runs})`);
  return [
    `1-${hidden}-1`,
    String(levels.length),
    ...cells,
    ...new Array<string>(SHOWN_LEVELS - cells.length).fill(""),
  ];
}

function ratio({ value, standardError }: Ratio): string {
  if (value === null) return "–";
  return standardError === null ? three(value) : `${three(value)} ± ${standardError.toPrecision(1)}`;
}

function shareText({ dimensions, waves }: LocalMinima, columns: number): string[] {
  const first = dimensions[0]!;
  const low = dimensions.filter(({ meanValueByIndex }) => meanValueByIndex[0] !== null);
  const last = low.at(-1);
  return [
    "",
    "Which share of the stationary points are minima",
    ...paragraph(
      `Random smooth functions on a torus (${waves} waves each), ${first.functions} for each number of variables, ` +
        `${grouped(first.starts / first.functions)} starts on each; a point is what its Hessian's eigenvalues say.`,
      columns,
    ),
    "",
    ...textTable([
      ["n", "points", "minima", "expected", "coins", "along axes", "height", "unseen"],
      ...dimensions.map(dimensionRow),
    ]),
    "",
    ...paragraph(
      "n: variables. minima: their share of the points found, ± standard error by the spread of the functions. expected: of all points that there are, " +
        "by Kac and Rice's formula; where much is unseen, what a search finds is not what there is. coins: 2^-n, as if each curvature were a throw. along axes: " +
        "share that curves upwards along each axis by itself, as a minimum must and a saddle may. height: mean value of f at the minima, in deviations " +
        "of f. unseen: chance that one more start finds a new point.",
      columns,
    ),
    ...(last === undefined ? [] : ["", ...heightText(last, columns)]),
    "",
    ...paragraph(
      "A heuristic for networks, no proof: their losses are no random functions, and descent does not draw stationary points at random.",
      columns,
    ),
  ];
}

function dimensionRow(own: DimensionShare): string[] {
  return [
    String(own.dimension),
    grouped(own.points),
    ratio(own.minima),
    orDash(own.expected.value),
    three(own.coinFlip),
    orDash(own.risesAlongAxes.value),
    own.meanValueByIndex[0] === null ? "–" : own.meanValueByIndex[0]!.toFixed(2),
    own.unseen === null ? "–" : `${whole(own.unseen)} %`,
  ];
}

/** Where the points lie by the number of directions in which f falls, for the largest dimension with a minimum. */
function heightText({ dimension, meanValueByIndex }: DimensionShare, columns: number): string[] {
  const heights = meanValueByIndex.map((value) => (value === null ? "–" : value.toFixed(2))).join(", ");
  return paragraph(
    `Minima are not only rare but low: with ${plural(dimension, "variable")} the mean value of f at points that fall in 0, 1, … ` +
      `${dimension} directions is ${heights}.`,
    columns,
  );
}

function spread({ low, median, high }: Quartiles): string {
  return `${three(median)} (${three(low)}–${three(high)})`;
}

const EPOCH_MARKS = [0.02, 0.1, 0.25, 0.5, 1];

export function depthText(result: DepthComparison, columns: number): string[] {
  const { data, rows, testRows, seeds, epochs, depths, learningRates, loss } = result;
  const marks = [...new Set(EPOCH_MARKS.map((mark) => Math.max(1, Math.round(mark * epochs))))];
  const name = loss === "binaryCrossEntropy" ? "binary cross-entropy" : "mean squared error";
  return [
    "Depth at equal size and equal work",
    ...paragraph(
      `${data}, ${rows} rows to train and ${testRows} to test; tanh; ${name}; Adam with a rate that falls along a cosine, batches of ` +
        `${result.batchSize}, ${plural(epochs, "epoch")}, ${plural(seeds, "seed")} for each depth and rate. ` +
        "Each depth has the rate with its lowest median training loss. layers: hidden ones. size: parameters. Losses at the end: median (quartiles).",
      columns,
    ),
    "",
    ...textTable([
      ["layers", "width", "size", "rate", "training loss", "test loss"],
      ...depths.map((own) => [
        String(own.layers),
        String(own.width),
        String(own.parameterCount),
        String(own.learningRate) + (own.rateAtEnd ? "*" : ""),
        spread(own.trainLoss),
        spread(own.testLoss),
      ]),
    ]),
    "",
    "Median training loss with every rate",
    ...textTable([
      ["layers", ...learningRates.map((rate) => `rate ${rate}`)],
      ...depths.map(({ layers, runs }) => [
        String(layers),
        ...runs.map((own) => three(medianOf(own.trainLosses))),
      ]),
    ]),
    ...rateText(result, columns),
    "",
    "Median of the loss that the steps of an epoch saw, with each depth's own rate",
    ...textTable([
      ["layers", ...marks.map((mark) => `epoch ${mark}`)],
      ...depths.map(({ layers, runs, learningRate }) => {
        const own = runs.find((run) => run.learningRate === learningRate)!;
        return [String(layers), ...marks.map((mark) => orDash(own.medianLossByEpoch[mark - 1] ?? null))];
      }),
    ]),
    "",
    ...paragraph(
      "What this does not say: one set, one optimizer, networks of this size. A larger class of functions has no larger least loss; " +
        "that training finds it in fewer epochs does not follow.",
      columns,
    ),
  ];
}

/** Which depth would look best if all had the same rate, and whether a rate beyond the tried ones might be better. */
function rateText({ depths, learningRates }: DepthComparison, columns: number): string[] {
  const best = learningRates.map((rate, i) => {
    const medians = depths.map(({ runs }) => medianOf(runs[i]!.trainLosses));
    return `${depths[medians.indexOf(Math.min(...medians))]!.layers} at ${rate}`;
  });
  const ends = depths.some(({ rateAtEnd }) => rateAtEnd);
  return [
    "",
    ...paragraph(
      `With one rate for all, the depth with the lowest training loss would be ${best.join(", ")}.`,
      columns,
    ),
    ...(ends ? ["* the smallest or largest rate that was tried: one beyond it might be better."] : []),
  ];
}

function medianOf(values: readonly number[]): number {
  return quartiles(values).median;
}
