/**
 * The doctor: what is wrong with a network and its data, and what to do about it.
 *
 * It looks at the data, at some examples on their way through the layers and at what comes back by the gradient, at how the
 * loss curves beside the learning rate, and at how the network does on examples that it was not trained on.
 */
import { allFinite, checkDataset, type Dataset, OptionError, type Seed } from "../core/index.ts";
import type { Loss } from "../kernels/index.ts";
import { checkFit, checkLoss, type Network, readParameters, withPrecision } from "../network/index.ts";
import { type Columns, columnsOf, featureFindings } from "./featureFindings.ts";
import { byLevel, type Finding, partOf } from "./findings.ts";
import { layerFindings } from "./layerFindings.ts";
import { markInputs } from "./markInputs.ts";
import { plain } from "./plainNumbers.ts";
import { type LayerState, Probe } from "./probe.ts";
import { rateCheck } from "./rateCheck.ts";
import { scoreOf } from "./score.ts";
import { classCounts, classFindings, hasClassTargets, targetFindings } from "./targetFindings.ts";
import {
  type FixedRate,
  fixedRateOf,
  overfitFindings,
  type RateCheck,
  rangeFindings,
  rateFindings,
  type Score,
  trainedRange,
} from "./trainingFindings.ts";

export interface DoctorOptions {
  /** By default the loss that the network was trained with. */
  loss?: Loss;
  /** Examples that the network was not trained on: for over-fitting. */
  test?: Dataset;
  /** Of gradient descent at this rate; by default that of the training, where it had a fixed one. */
  learningRate?: number;
  /** Of the first direction of the search for the largest curvature; 0. */
  seed?: Seed;
}

/** What was looked at and found; plain data that survives JSON. */
export interface Diagnosis {
  loss: Loss;
  /** Examples that there are, and how many of them went through the layers. */
  rows: number;
  probed: number;
  /** Errors first. */
  findings: Finding[];
  counts: { error: number; warning: number; note: number };
  /** Empty where the parameters are not finite. */
  layers: LayerState[];
  /** Mean and spread of each input; null for more than 64. */
  features: { mean: number[]; spread: number[] } | null;
  /** Examples of each class, where the targets are classes. */
  classes: number[] | null;
  /** On the examples given, and on those of `test`. */
  scores: { train: Score | null; test: Score | null };
  /** Null where no rate is fixed, or the curvature says nothing. */
  learningRate: RateCheck | null;
}

/** Examples that go through the layers: a unit that is on for one in a hundred is missed by e^-20. */
const PROBE_ROWS = 2048;

/** Examples whose gradients are taken one by one. */
const DELTA_ROWS = 64;

/** Examples that the curvature is measured on, and iterations of Lanczos' method: two digits are enough here. */
const CURVATURE = { rows: 256, iterations: 20 };

/** Inputs whose means are handed out. */
const MOST_FEATURES = 64;

/**
 * Looks a network and its data through.
 *
 * @param n    Trained or at its start; left as it is.
 * @param data The examples that it is or shall be trained on, or those that it is asked about.
 * @throws {OptionError} When no loss is known, or it does not go with the network.
 * @throws {ShapeError | DataError} When the data do not fit the network or hold NaN.
 */
export function doctor(n: Network, data: Dataset, options: DoctorOptions = {}): Diagnosis {
  const { test, loss = n.metadata.loss } = options;
  if (loss === undefined) {
    throw new OptionError(
      "loss",
      'doctor: the network has no loss, since it was not trained; pass one, such as { loss: "meanSquaredError" }.',
    );
  }
  checkLoss(n, loss);
  for (const set of test === undefined ? [data] : [data, test]) {
    checkDataset(set);
    checkFit(n, set);
  }
  const columns = columnsOf(data);
  const classes = hasClassTargets(data, loss);
  const sick = notFinite(n);
  const body = sick.length > 0 ? nothing : examine(n, loss, data, options);
  const findings = byLevel([
    ...sick,
    ...body.findings,
    ...featureFindings(data, columns, markInputs(n)),
    ...targetFindings(n.layers.at(-1)!, loss, data),
    ...classFindings(data, loss),
    ...rangeFindings(trainedRange(n), data),
  ]);
  const count = (level: Finding["level"]): number => findings.filter((f) => f.level === level).length;
  return {
    ...body,
    loss,
    rows: data.rows,
    findings,
    counts: { error: count("error"), warning: count("warning"), note: count("note") },
    features: featuresOf(columns),
    classes: classes ? classCounts(data) : null,
  };
}

type Body = Pick<Diagnosis, "probed" | "findings" | "layers" | "scores" | "learningRate">;

const nothing: Body = {
  probed: 0,
  findings: [],
  layers: [],
  scores: { train: null, test: null },
  learningRate: null,
};

function featuresOf({ mean, spread }: Columns): Diagnosis["features"] {
  if (mean.length > MOST_FEATURES) return null;
  return { mean: Array.from(mean, plain), spread: Array.from(spread, plain) };
}

function notFinite(n: Network): Finding[] {
  let at = 0;
  const w = readParameters(n);
  if (allFinite(w)) return [];
  return n.layers.flatMap(({ inputs, units, activation }, i) => {
    const count = (inputs + 1) * units;
    const part = w.subarray(at, at + count);
    at += count;
    const bad = part.filter((value) => !Number.isFinite(value)).length;
    if (bad === 0) return [];
    const layer = i + 1;
    return [
      {
        code: "not-finite",
        level: "error",
        layer,
        message: `layer ${layer} (${activation}): ${partOf(bad, count, "parameter")} ${bad === 1 ? "is" : "are"} NaN or infinite, so that no answer is a number`,
        remedy: "train anew from the start, with a smaller learning rate, the optimizer auto, or clipNorm",
        numbers: { notFinite: bad, parameters: count },
      },
    ] satisfies Finding[];
  });
}

function overflow(loss: number): Finding {
  return {
    code: "not-finite",
    level: "error",
    message: `all parameters are finite, but the loss is ${loss}: numbers on the way are too large for the precision`,
    remedy: "scale the inputs, or start again with smaller weights",
    numbers: {},
  };
}

/** What takes arithmetic with the network. */
function examine(n: Network, loss: Loss, data: Dataset, options: DoctorOptions): Body {
  const trained = scoreOf(n, loss, data);
  const test = options.test === undefined ? null : scoreOf(n, loss, options.test);
  const lost = [trained, test].find((score) => score !== null && !Number.isFinite(score.loss));
  if (lost) return { ...nothing, findings: [overflow(lost.loss)] };
  const n64 = withPrecision(n, "float64");
  const probe = new Probe(n64, loss, data, PROBE_ROWS);
  const layers = probe.states(DELTA_ROWS);
  const found = layerFindings(layers, n.layers, probe.data.rows);
  // Where nothing moves, the curvature is about 0 and would allow any rate.
  const moves = found.every(({ level }) => level === "note");
  const rate = rateOf(n, options);
  const look = { ...CURVATURE, seed: options.seed ?? 0 };
  const check = moves && rate !== undefined ? rateCheck(n64, loss, data, rate, look) : null;
  return {
    probed: probe.data.rows,
    layers,
    findings: [
      ...found,
      ...(test === null ? [] : overfitFindings(trained, test)),
      ...(check === null ? [] : rateFindings(check)),
    ],
    scores: { train: trained, test },
    learningRate: check,
  };
}

function rateOf(n: Network, { learningRate }: DoctorOptions): FixedRate | undefined {
  if (learningRate === undefined) return fixedRateOf(n);
  if (learningRate > 0 && learningRate < Infinity) {
    return { method: "gradientDescent", learningRate, momentum: 0 };
  }
  throw new OptionError(
    "learningRate",
    `doctor: learningRate is ${String(learningRate)}, expected a finite number above 0, the rate to be judged; pass for example 0.1.`,
  );
}
