/**
 * Learning-rate schedules: how a rate rises and falls over the steps of a run.
 *
 * At step t, from 1, of T planned steps of which the first W are a warm-up, with s = (t - 1 - W) / (T - W), which goes from 0
 * to 1 and stays there:
 *
 *     warm-up       rate t / (W + 1)                                  while t <= W
 *     constant      rate
 *     linear        rate (end + (1 - end) (1 - s))
 *     cosine        rate (end + (1 - end) (1 + cos(pi s)) / 2)
 *     exponential   rate end^s
 *     steps         rate factor^k,  k = floor((t - 1 - W) / every)
 *
 * Sources: the warm-up is that of Goyal et al., "Accurate, Large Minibatch SGD" (2017), section 2.2; cosine is equation 5 of
 * Loshchilov and Hutter, "SGDR" (2017), without restarts.
 */
import { mathematics64, OptionError, requireNames } from "../core/index.ts";
import { requireWhole, requireWord } from "./options.ts";

export type ScheduleName = "constant" | "linear" | "cosine" | "exponential" | "steps";

export interface ScheduleOptions {
  name: ScheduleName;
  /** Steps in which the rate rises by equal parts from 0; the step after them is the first with the full rate. Default 0. */
  warmup?: number;
  /**
   * Share of the rate that is left when the planned steps are done, from 0 to 1. Default 0; for "exponential", where it must be
   * above 0, 0.01. For "linear", "cosine" and "exponential".
   */
  end?: number;
  /** What "steps" multiplies the rate by, above 0 and at most 1. Default 0.1. */
  factor?: number;
  /** Steps from one multiplication to the next. Default: a third of the planned steps. For "steps". */
  every?: number;
}

export type Schedule = ScheduleName | ScheduleOptions;

export const scheduleNames: readonly ScheduleName[] = [
  "constant",
  "linear",
  "cosine",
  "exponential",
  "steps",
];

/** A schedule with its defaults filled in, and how records hold it: what was given, in a fixed order. */
interface FullSchedule {
  readonly name: ScheduleName;
  readonly warmup: number;
  readonly end: number;
  readonly factor: number;
  /** Null for a third of the planned steps. */
  readonly every: number | null;
  readonly record: Schedule;
}

type Shaping = Exclude<keyof ScheduleOptions, "name">;

/** Which options mean something to a schedule, beside the warm-up. */
const shaping: Readonly<Record<ScheduleName, readonly Shaping[]>> = {
  constant: [],
  linear: ["end"],
  cosine: ["end"],
  exponential: ["end"],
  steps: ["factor", "every"],
};

/**
 * @param owner The optimizer, for messages.
 * @throws {OptionError} When the name is unknown, an option does not go with it, or a number is out of range.
 */
export function fullSchedule(owner: string, given: Schedule = "constant"): FullSchedule {
  const o: ScheduleOptions =
    typeof given === "object" && given !== null ? given : { name: given as ScheduleName };
  requireNames(`${owner}: schedule`, o, ["name", "warmup", "end", "factor", "every"]);
  requireWord(owner, "schedule", o.name, scheduleNames);
  const { name, warmup = 0, end = name === "exponential" ? 0.01 : 0, factor = 0.1, every } = o;
  for (const option of ["end", "factor", "every"] as const) {
    if (o[option] !== undefined && !shaping[name].includes(option)) throw foreign(owner, name, option);
  }
  requireWhole(owner, "schedule.warmup", warmup, 0, 100);
  requireShare(owner, "schedule.end", end, name !== "exponential", 0.01);
  requireShare(owner, "schedule.factor", factor, false, 0.1);
  if (every !== undefined) requireWhole(owner, "schedule.every", every, 1, 1000);
  const said = (["warmup", "end", "factor", "every"] as const).filter((option) => o[option] !== undefined);
  const record = said.length === 0 ? name : { name, ...Object.fromEntries(said.map((k) => [k, o[k]])) };
  return { name, warmup, end, factor, every: every ?? null, record };
}

function foreign(owner: string, name: ScheduleName, option: Shaping): OptionError {
  const takers = scheduleNames.filter((other) => shaping[other].includes(option));
  return new OptionError(
    "schedule",
    `${owner}: schedule is "${name}", which has no ${option}; leave it out, or take ${takers.join(", ")}.`,
  );
}

function requireShare(owner: string, option: string, value: number, mayBe0: boolean, example: number): void {
  if (typeof value === "number" && value <= 1 && (value > 0 || (mayBe0 && value === 0))) return;
  throw new OptionError(
    option,
    `${owner}: ${option} is ${String(value)}, expected a number ${mayBe0 ? "from 0 to 1" : "above 0 and at most 1"}, ` +
      `since it is a share of the learning rate; pass for example ${example}.`,
  );
}

/**
 * The planned steps as the state keeps them; null where the rate does not depend on them.
 *
 * @throws {OptionError} When the schedule needs the number of steps and it is not known, or the warm-up would never end.
 */
export function plannedSteps(
  owner: string,
  { name, warmup, every }: FullSchedule,
  steps: number | undefined,
): number | null {
  const needed = name !== "constant" && every === null;
  if (steps === undefined) {
    if (!needed) return null;
    const instead = name === "steps" ? "give every, " : "";
    throw new OptionError(
      "schedule",
      `${owner}: schedule is "${name}", but the number of steps is not known, and the rate falls until the last one; ` +
        `give the number of steps (or epochs), ${instead}or take schedule "constant".`,
    );
  }
  requireWhole(owner, "steps", steps, 1, 1000);
  if (warmup > 0 && warmup >= steps) {
    throw new OptionError(
      "schedule.warmup",
      `${owner}: schedule.warmup is ${warmup}, but ${steps} steps are planned, so that the full rate would never be reached; ` +
        "take a shorter warm-up, or more steps.",
    );
  }
  return needed ? steps : null;
}

/** The learning rate of step `step` (from 1). @param steps As `plannedSteps` gave them. */
export function scheduledRate(
  { name, warmup, end, factor, every }: FullSchedule,
  rate: number,
  step: number,
  steps: number | null,
): number {
  if (step <= warmup) return (rate * step) / (warmup + 1);
  if (name === "constant") return rate;
  const past = step - 1 - warmup;
  const length = (steps ?? 0) - warmup;
  if (name === "steps") return rate * power(factor, Math.floor(past / (every ?? Math.ceil(length / 3))));
  const done = Math.min(1, past / length);
  if (name === "linear") return rate * (end + (1 - end) * (1 - done));
  if (name === "exponential") return rate * mathematics64.exp(done * mathematics64.log(end));
  return rate * (end + ((1 - end) * (1 + mathematics64.cos(Math.PI * done))) / 2);
}

/** x to the power of a whole number from 0 up, by repeated squaring: the same bits everywhere. */
function power(x: number, exponent: number): number {
  let result = 1;
  let square = x;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
