/**
 * What the proof supposes and claims of the whole sequence, as far as a run of finite length can show it.
 *
 * Bounded below, and an accumulation point: a run in which f falls, or the point moves, in its later part at half the speed of its
 * first part or faster shows no sign of either. The parts meet after the last but one power of 2 steps, which is a quarter to a
 * half of them, so that only two points must be kept.
 */
import type { Convergence, Observation } from "./convergeTypes.ts";
import { finiteOrNull } from "./plainNumbers.ts";
import { lengthOf } from "./ray.ts";

interface Mark {
  step: number;
  x: Float64Array;
  value: number;
}

type Place = Omit<Mark, "step"> & { g: Float64Array };

/** The start, and the points after the last two powers of 2 steps. */
export class Marks {
  readonly start: Mark;
  older: Mark | undefined;
  private newer: Mark | undefined;

  constructor({ x, value }: Place) {
    this.start = { step: 0, x: x.slice(), value };
  }

  add(step: number, { x, value }: Place): void {
    if ((step & (step - 1)) !== 0) return;
    this.older = this.newer;
    this.newer = { step, x: x.slice(), value };
  }
}

/** Steps below which nothing is said about parts. */
const FEWEST = 8;
/** A later part at this share of the first part's speed or faster shows no sign of an end. */
const SLOWER = 0.5;

export function observations(
  marks: Marks,
  end: Place,
  steps: number,
  o: Convergence["options"],
): Observation[] {
  const { start, older } = marks;
  const enough = steps >= FEWEST && older !== undefined;
  const pace = (way: (from: Mark, to: Omit<Mark, "step">) => number): [number | null, number | null] =>
    enough
      ? [
          finiteOrNull(way(older, end) / (steps - older.step)),
          finiteOrNull((SLOWER * way(start, older)) / older.step),
        ]
      : [null, null];
  const fall = pace((from, to) => from.value - to.value);
  const move = pace((from, to) => lengthOf(to.x.map((xi, i) => xi - from.x[i]!)));
  const norm = lengthOf(end.g);
  const bounded =
    o.lowerBound === null
      ? {
          measured: "fall of f per step, later half against half of the first half's",
          ...compared("<", fall, norm <= o.gradientNorm),
        }
      : {
          measured: "f at the end against the known bound",
          ...compared(">=", [finiteOrNull(end.value), o.lowerBound], false),
        };
  return [
    { id: "boundedBelow", role: "hypothesis", statement: "f is bounded below", ...bounded },
    {
      id: "settles",
      role: "hypothesis",
      statement: "the points x^k have an accumulation point",
      measured: "way per step, later half against half of the first half's",
      ...compared("<", move, false),
    },
    {
      id: "stationary",
      role: "conclusion",
      statement: "the accumulation point is stationary",
      measured: "norm of the gradient at the end against the tolerance",
      ...compared("<=", [finiteOrNull(norm), o.gradientNorm], false),
    },
  ];
}

function compared(
  relation: Observation["relation"],
  [left, right]: [number | null, number | null],
  anyway: boolean,
): Pick<Observation, "left" | "right" | "relation" | "observed"> {
  const known = left !== null && right !== null;
  const holds =
    known && (relation === ">=" ? left >= right : relation === "<=" ? left <= right : left < right);
  return { left, right, relation, observed: known ? holds || anyway : null };
}
