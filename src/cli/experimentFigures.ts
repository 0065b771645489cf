/** The figures of `talweg experiment`, from its data. */
import {
  type BatchNoise,
  type DepthComparison,
  type DimensionShare,
  type EndKind,
  endKinds,
  type LocalMinima,
  type Share,
  type StartLosses,
} from "../experiment/index.ts";
import { type AxisSpec, type ChartOptions, type Mark, panelsFigure } from "../plot/index.ts";

/** Colors and shapes of kinds, the same in every panel. */
const kindStyle: Readonly<
  Record<EndKind, { style: number; shape: "circle" | "square" | "triangle" | "cross" }>
> = {
  minimum: { style: 0, shape: "circle" },
  flat: { style: 2, shape: "square" },
  saddle: { style: 1, shape: "triangle" },
  maximum: { style: 4, shape: "triangle" },
  unfinished: { style: 3, shape: "cross" },
};

/** Sorted final losses of each network, and the share of minima against the number of variables. */
export function localMinimaFigure(result: LocalMinima): Promise<string> {
  const { networks, dimensions, setting } = result;
  const ends = networks.flatMap((network) => network.ends.map(({ loss }) => loss));
  const range: [number, number] = [Math.min(...ends) / 1.3, Math.max(...ends) * 1.3];
  const panels = networks.map((network) => lossPanel(network, range));
  if (dimensions.length > 0) panels.push(sharePanel(result));
  return panelsFigure({
    title: "Local minima",
    subtitle: `where ${setting.starts} starts of small networks end, and how many stationary points of random functions are minima`,
    columns: 2,
    panels,
    height: panels.length > 2 ? 900 : 520,
    width: 1200,
  });
}

function lossPanel({ hidden, parameterCount, ends }: StartLosses, range: [number, number]): ChartOptions {
  // Minima last, so that they lie above the others.
  const marks = [...endKinds].reverse().flatMap((kind): Mark[] => {
    const own = ends.flatMap((end, i) => (end.kind === kind ? [{ x: i + 1, y: end.loss }] : []));
    if (own.length === 0) return [];
    return [
      { kind: "dots", name: kind, x: own.map(({ x }) => x), y: own.map(({ y }) => y), ...kindStyle[kind] },
    ];
  });
  return {
    title: `Network 1-${hidden}-1, ${parameterCount} parameters`,
    x: { label: "start, by final loss", whole: true },
    y: { label: "final loss", scale: "log", range },
    marks,
  };
}

function sharePanel({ dimensions }: LocalMinima): ChartOptions {
  const n = dimensions.map(({ dimension }) => dimension);
  const found = dimensions.filter(({ minima }) => minima.value !== null && minima.value > 0);
  const bars = found.map(({ dimension, minima: { value, standardError } }): Mark => {
    const half = standardError ?? 0;
    // On a log axis a bar cannot reach down to 0.
    const low = Math.max(value! - half, value! / 10);
    return {
      kind: "line",
      name: "found, ± standard error",
      x: [dimension, dimension],
      y: [low, value! + half],
      style: 0,
    };
  });
  return {
    title: "Share of stationary points that are minima",
    x: { label: "number of variables n", whole: true },
    y: { label: "share", scale: "log", range: shareRange(dimensions) },
    marks: [
      {
        kind: "line",
        name: "coin flips, 1 / 2ⁿ",
        x: n,
        y: dimensions.map(({ coinFlip }) => coinFlip),
        style: 1,
      },
      {
        kind: "line",
        name: "expected (Kac, Rice)",
        x: n,
        y: dimensions.map(({ expected }) => expected.value ?? Number.NaN),
        style: 3,
      },
      ...bars,
      {
        kind: "dots",
        name: "found, ± standard error",
        x: found.map(({ dimension }) => dimension),
        y: found.map(({ minima }) => minima.value!),
        style: 0,
      },
    ],
  };
}

/** From a little below the smallest share that is drawn up to 1. */
function shareRange(dimensions: readonly DimensionShare[]): [number, number] {
  const shares = dimensions.flatMap(({ coinFlip, expected, minima }) => [
    coinFlip,
    expected.value ?? 1,
    minima.value ?? 1,
  ]);
  return [Math.min(...shares.filter((share) => share > 0)) / 3, 1];
}

/** Shares of runs against batch size: between two valleys for each learning rate, and where the network's runs end. */
export function batchNoiseFigure({ valley, network, setting }: BatchNoise): Promise<string> {
  const rates = [...new Set(valley.cells.map(({ learningRate }) => learningRate))];
  const { cells, minima, hidden } = network;
  const sizes = cells.map(({ batchSize }) => batchSize);
  const share: AxisSpec = { label: "share of runs", range: [0, 1] };
  return panelsFigure({
    title: "Out of poor local minima by the noise of batches",
    subtitle: "equal numbers of example evaluations for every batch size; shaded: 95 % interval",
    columns: 2,
    width: 1280,
    height: 600,
    panels: [
      {
        title: `Two valleys: ${valley.runs} runs each, across the ridge`,
        x: { label: `batch size (full: ${valley.rows})`, scale: "log" },
        y: share,
        marks: rates.flatMap((rate, style) => {
          const own = valley.cells.filter(({ learningRate }) => learningRate === rate);
          const shares = own.map(({ escaped }) => escaped);
          return shareMarks(
            `rate ${rate}`,
            own.map(({ batchSize }) => batchSize),
            shares,
            style,
          );
        }),
      },
      {
        title: `Network 1-${hidden}-1: ${cells[0]!.better.of} runs each, ${minima.length} poor ${minima.length === 1 ? "minimum" : "minima"}`,
        x: { label: `batch size (full: ${setting.rows})`, scale: "log" },
        y: share,
        marks: (["diverged", "worse", "better"] as const).flatMap((end, i) =>
          shareMarks(
            end,
            sizes,
            cells.map((cell) => cell[end]),
            4 - i,
          ),
        ),
      },
    ],
  });
}

/** A curve of shares with its intervals. */
function shareMarks(name: string, x: number[], shares: readonly Share[], style: number): Mark[] {
  const y = shares.map(({ share }) => share);
  return [
    { kind: "band", x, low: shares.map(({ low }) => low), high: shares.map(({ high }) => high), style },
    { kind: "line", name, x, y, style },
    { kind: "dots", name, x, y, style },
  ];
}

/** Final losses by depth, with quartiles and every seed, and how the loss fell. */
export function depthFigure(result: DepthComparison): Promise<string> {
  const { data, depths, seeds, epochs, parameters, loss } = result;
  const label = loss === "binaryCrossEntropy" ? "cross-entropy" : "mean squared error";
  return panelsFigure({
    title: `Depth at about ${parameters} parameters, ${data}`,
    subtitle: `${seeds} seeds each, ${epochs} epochs, each depth with its best learning rate`,
    columns: 2,
    width: 1280,
    height: 600,
    panels: [
      {
        title: "Final loss: median, quartiles, every seed",
        x: {
          label: "hidden layers (width)",
          categories: depths.map(({ layers, width }) => `${layers} (${width})`),
        },
        y: { label, scale: "log" },
        marks: [...spreadMarks(result, "training", -0.12, 0), ...spreadMarks(result, "test", 0.12, 1)],
      },
      {
        title: "Median loss while training",
        x: { label: "epoch", whole: true },
        y: { label, scale: "log" },
        marks: depths.map(({ layers, runs, learningRate }, place): Mark => {
          const y = runs
            .find((own) => own.learningRate === learningRate)!
            .medianLossByEpoch.map((loss) => loss ?? Number.NaN);
          return { kind: "line", name: `${layers} hidden`, x: y.map((_, i) => i + 1), y, style: place + 2 };
        }),
      },
    ],
  });
}

/** Beside each depth: every seed as a small dot, the quartiles as a bar, the median as a large dot. */
function spreadMarks(
  { depths }: DepthComparison,
  part: "training" | "test",
  shift: number,
  style: number,
): Mark[] {
  const own = depths.map(({ runs, learningRate, trainLoss, testLoss }, i) => {
    const run = runs.find((candidate) => candidate.learningRate === learningRate)!;
    const losses = part === "training" ? run.trainLosses : run.testLosses;
    return { x: i + shift, losses, spread: part === "training" ? trainLoss : testLoss };
  });
  return [
    {
      kind: "dots",
      x: own.flatMap(({ x, losses }) => losses.map(() => x)),
      y: own.flatMap(({ losses }) => losses),
      style,
      hollow: true,
      size: 2.5,
    },
    ...own.map(
      ({ x, spread }): Mark => ({ kind: "line", x: [x, x], y: [spread.low, spread.high], style, name: part }),
    ),
    { kind: "dots", x: own.map(({ x }) => x), y: own.map(({ spread }) => spread.median), style, name: part },
  ];
}
