/**
 * A fixed learning rate that does not fit the curvature of the loss, as the doctor finds it, while a network is trained.
 *
 * Measuring a curvature costs some gradients, so it is done where the losses of the epochs give reason to: one that lies far
 * above the lowest may come of steps that are too long, and one that has hardly fallen by the end of steps that are too short.
 */
import {
  type Finding,
  fixedRateOf,
  layerFindings,
  type Probe,
  rateCheck,
  rateFindings,
} from "../explain/index.ts";
import type { Network } from "../network/index.ts";
import type { Run } from "./options.ts";
import type { EpochEvent, Watched } from "./types.ts";

/** An epoch's loss over the lowest so far, from which on the steps may be too long. */
const RISEN = 2;

/** Share of the first epoch's loss that is left at the end, from which on they may be too short. */
const LEFT = 0.9;

/** Below this share of the best constant answer's loss there is little left to learn. */
const MATTERS = 0.05;

/** Examples and iterations: the curvature that is found never lies above the true one, so that few do. */
const LOOK = { rows: 32, iterations: 8 };

/** Examples whose gradients are taken one by one, to see whether anything moves. */
const DELTA_ROWS = 4;

/** Looks in a run: who was cleared that often is not asked again. */
const MOST_LOOKS = 3;

/** A look in multiplications of the training, for each parameter; readable code is some twenty times slower. */
const COST = 20 * 2 * LOOK.iterations * LOOK.rows * 3;

/** What looks may cost, beside a tenth of the training so far: some tens of milliseconds. */
const FREE = 3e7;

/** How the losses of a run went, as its warnings remember it. */
export type Course = NonNullable<Watched["course"]>;

export function newCourse(): Course {
  return { first: Number.POSITIVE_INFINITY, lowest: Number.POSITIVE_INFINITY, looks: 0 };
}

/** What the warnings of a run share. */
interface Looking {
  probe: Probe;
  course: Course;
  /** The loss of the best constant answer on the training examples, which goes over all of them when it is first asked for. */
  constant: () => number;
}

/** @param last Whether it is the last epoch planned. */
export function rateWarning(
  n: Network,
  run: Run,
  { probe, course, constant }: Looking,
  { epoch, loss, exampleEvaluations }: EpochEvent,
  last: boolean,
): Finding[] {
  const { lowest } = course;
  const rose = loss > RISEN * lowest;
  if (epoch === 1) course.first = loss;
  course.lowest = Math.min(lowest, loss);
  const stands = last && epoch > 1 && loss > LEFT * course.first;
  if (!(rose || stands)) return [];
  const rate = fixedRateOf(n);
  // Clipped steps are not as long as the rate says.
  if (rate === undefined || run.clipNorm < Infinity || run.clipValue < Infinity) return [];
  const spent = 3 * n.parameterCount * exampleEvaluations;
  if (course.looks >= MOST_LOOKS || COST * n.parameterCount > FREE + 0.1 * spent) return [];
  if (!(loss > MATTERS * constant())) return [];
  course.looks++;
  const moves = layerFindings(probe.states(DELTA_ROWS), n.layers, probe.data.rows);
  // Where nothing moves the curvature is about 0 and would allow any rate.
  if (moves.some(({ level }) => level !== "note")) return [];
  const check = rateCheck(n, run.loss, run.data, rate, { ...LOOK, seed: 0 });
  const found = check === null ? [] : rateFindings(check);
  if (!rose) return found.filter(({ code }) => code === "learning-rate-too-small");
  return found.flatMap((finding) =>
    finding.code === "learning-rate-too-large" ? [afterRise(finding, lowest, loss, epoch)] : [],
  );
}

/** Where the loss has risen far, the curvature is that of a place far off, so that it says what is wrong but not what would do. */
function afterRise(finding: Finding, lowest: number, loss: number, epoch: number): Finding {
  return {
    ...finding,
    message: `by epoch ${epoch} the training loss rose from ${lowest.toPrecision(3)} to ${loss.toPrecision(3)}, and ${finding.message}`,
    remedy:
      'start anew with a tenth of it, or an optimizer that finds its steps (auto, or gradient descent with search "armijo")',
  };
}
