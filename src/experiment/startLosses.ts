/** Where descents from many random starts end: how many different losses there are, and how many starts reach the best. */
import { CURVE_INTERVAL, CURVE_NOISE, type CurveProblem } from "./curveProblem.ts";
import { descend, type End, type EndCurvature, type EndKind, endCurvature, endKinds } from "./descend.ts";
import { lossLevels } from "./lossLevels.ts";
import type { Pace } from "./pace.ts";
import { type Share, wilsonShare } from "./statistics.ts";

/** One start and where it led. */
export interface StartEnd {
  seed: number;
  /** With the penalty, as it was made small. */
  loss: number;
  gradientNorm: number;
  kind: EndKind;
  /** Eigenvalues of the Hessian at the end. */
  smallestCurvature: number;
  largestCurvature: number;
  /** Values and gradients asked for on the way. */
  evaluations: number;
}

/** Ends with the same loss, to one part in ten thousand: most often one minimum and its mirror images. */
export interface LossLevel {
  /** The lowest of them. */
  loss: number;
  runs: number;
  kinds: Record<EndKind, number>;
}

export interface StartLosses {
  /** Units of the hidden layer. */
  hidden: number;
  parameterCount: number;
  /** By loss, the lowest first. */
  ends: StartEnd[];
  /** Of the ends that came to rest, the lowest first. */
  levels: LossLevel[];
  kinds: Record<EndKind, number>;
  /** The lowest loss that any start led to; nobody knows whether there is a lower one. */
  best: number;
  /** The highest loss that a start came to rest at; null where none did. */
  worst: number | null;
  /** Starts that end within 1 % of the best. */
  reachBest: Share;
}

/** An end with its place, for who goes on from there. */
export interface LandedStart {
  seed: number;
  end: End;
  curve: EndCurvature;
}

/** Descends from so many starts; seeds count up from `seed`. */
export async function landStarts(
  problem: CurveProblem,
  starts: number,
  seed: number,
  step: Pace,
): Promise<LandedStart[]> {
  const landed: LandedStart[] = [];
  for (let i = 0; i < starts; i++) {
    await step(`1-${problem.hidden}-1, start ${i + 1} of ${starts}`);
    const end = descend(problem.objective, problem.start(seed + i));
    landed.push({ seed: seed + i, end, curve: endCurvature(problem.objective, end) });
  }
  return landed.sort((a, b) => a.end.loss - b.end.loss || a.seed - b.seed);
}

/** What the ends say; they come by loss, the lowest first. */
export function summarizeStarts(problem: CurveProblem, landed: readonly LandedStart[]): StartLosses {
  const ends = landed.map(
    ({ seed, end, curve }): StartEnd => ({
      seed,
      loss: end.loss,
      gradientNorm: end.gradientNorm,
      kind: curve.kind,
      smallestCurvature: curve.smallest,
      largestCurvature: curve.largest,
      evaluations: end.evaluations,
    }),
  );
  const best = ends[0]!.loss;
  return {
    hidden: problem.hidden,
    parameterCount: problem.parameterCount,
    ends,
    levels: levelsOf(ends),
    kinds: countKinds(ends),
    best,
    worst: ends.findLast(({ kind }) => kind !== "unfinished")?.loss ?? null,
    reachBest: wilsonShare(ends.filter(({ loss }) => isNearBest(loss, best)).length, ends.length),
  };
}

/** Whether a loss is within 1 % of the best one. */
export function isNearBest(loss: number, best: number): boolean {
  return loss <= 1.01 * best;
}

/** The ends that came to rest, by their loss. */
function levelsOf(ends: readonly StartEnd[]): LossLevel[] {
  const rested = ends.filter(({ kind }) => kind !== "unfinished");
  return lossLevels(rested, ({ loss }) => loss).map((level) => ({
    loss: level[0]!.loss,
    runs: level.length,
    kinds: countKinds(level),
  }));
}

function countKinds(ends: readonly StartEnd[]): Record<EndKind, number> {
  const counts = Object.fromEntries(endKinds.map((kind) => [kind, 0])) as Record<EndKind, number>;
  for (const { kind } of ends) counts[kind] += 1;
  return counts;
}

/** What the starts were sent down, as plain data. */
export interface StartSetting {
  data: "sine";
  interval: [number, number];
  rows: number;
  /** Standard deviation of the noise on the targets. */
  noise: number;
  /** Weight decay: penalty / 2 times the sum of squared weights is part of the loss. */
  penalty: number;
  activation: "tanh";
  loss: "meanSquaredError";
  starts: number;
  /** At which a descent is at its end. */
  gradientNorm: number;
}

/** @param gradientNorm At which a descent is at its end. */
export function startSetting(
  rows: number,
  penalty: number,
  starts: number,
  gradientNorm: number,
): StartSetting {
  return {
    data: "sine",
    interval: [...CURVE_INTERVAL],
    rows,
    noise: CURVE_NOISE,
    penalty,
    activation: "tanh",
    loss: "meanSquaredError",
    starts,
    gradientNorm,
  };
}
