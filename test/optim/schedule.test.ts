/** Learning rates over a run: rise, fall, end, and what is refused. */
import fc from "fast-check";
import { OptionError } from "talweg/core";
import {
  adam,
  adamW,
  gradientDescent,
  momentum,
  nesterov,
  type Optimizer,
  rmsProp,
  type Schedule,
  scheduleNames,
} from "talweg/optim";
import { expect, test } from "vitest";
import { bowl } from "./problems.ts";

/** The rates of the first `count` steps. */
function rates(schedule: Schedule, count: number, steps?: number, learningRate = 1): number[] {
  const method = gradientDescent({ learningRate, schedule });
  const state = method.init(1, steps === undefined ? {} : { steps });
  const [w, g] = [Float64Array.of(0.5), Float64Array.of(0)];
  return Array.from({ length: count }, () => method.step(bowl(1), w, g, state).stepSize);
}

test("linear and cosine rates are full at the first step, 0 after the last, never negative", () => {
  expect(rates("constant", 6, 4, 0.4)).toEqual([0.4, 0.4, 0.4, 0.4, 0.4, 0.4]);
  expect(rates("linear", 6, 4, 0.4)).toEqual([0.4, 0.4 * 0.75, 0.2, 0.1, 0, 0]);
  const cosine = rates("cosine", 6, 4, 0.4);
  for (const [i, rate] of cosine.entries()) {
    expect(rate).toBeCloseTo(0.2 * (1 + Math.cos(Math.PI * Math.min(1, i / 4))), 15);
  }
  expect(Math.min(...cosine)).toBeGreaterThanOrEqual(0);
});

test("an exponential rate falls by one factor a step, to a hundredth unless told otherwise", () => {
  const falling = rates("exponential", 7, 5);
  for (const [i, rate] of falling.entries()) expect(rate).toBeCloseTo(0.01 ** Math.min(1, i / 5), 14);
  expect(falling[0]).toBe(1);
  const quarter = rates({ name: "exponential", end: 0.25 }, 4, 2);
  for (const [i, rate] of [1, 0.5, 0.25, 0.25].entries()) expect(quarter[i]).toBeCloseTo(rate, 15);
});

test("a rate in steps is multiplied by its factor every so often, by default a tenth at each third", () => {
  expect(rates({ name: "steps", factor: 0.5, every: 2 }, 7)).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25, 0.125]);
  expect(rates("steps", 7, 7)).toEqual([1, 1, 1, 0.1, 0.1, 0.1, 0.1 * 0.1]);
});

test("an end is what is left of the rate when the planned steps are done, and from then on", () => {
  expect(rates({ name: "linear", end: 0.5 }, 6, 4)).toEqual([1, 0.875, 0.75, 0.625, 0.5, 0.5]);
  expect(rates({ name: "cosine", end: 0.5 }, 6, 4).slice(4)).toEqual([0.5, 0.5]);
  expect(rates({ name: "cosine", end: 0.5 }, 3, 4)[2]).toBeCloseTo(0.75, 15);
});

test("a warm-up rises by equal parts to the full rate at the step behind it, and the rest falls from there", () => {
  expect(rates({ name: "constant", warmup: 3 }, 6)).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
  expect(rates({ name: "linear", warmup: 1 }, 6, 5)).toEqual([0.5, 1, 0.75, 0.5, 0.25, 0]);
  expect(rates({ name: "steps", warmup: 1, factor: 0.5, every: 2 }, 6)).toEqual([0.5, 1, 1, 0.5, 0.5, 0.25]);
  expect(rates({ name: "steps", warmup: 1, factor: 0.5 }, 7, 7)).toEqual([0.5, 1, 1, 0.5, 0.5, 0.25, 0.25]);
});

test("no rate is negative, above the full one, or rises again after the warm-up", () => {
  const whole = fc.integer({ min: 1, max: 60 });
  const share = fc.double({ min: 1e-6, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom(...scheduleNames), whole, whole, whole, share, (name, a, b, every, s) => {
      const [warmup, steps] = [Math.min(a, b) - 1, Math.max(a, b)];
      const shape = name === "constant" ? {} : name === "steps" ? { factor: s, every } : { end: s };
      const all = rates({ name, warmup, ...shape }, steps + 3, steps);
      for (const [i, rate] of all.entries()) {
        expect(rate).toBeGreaterThanOrEqual(0);
        expect(rate).toBeLessThanOrEqual(1);
        if (i > warmup) expect(rate).toBeLessThanOrEqual(all[i - 1]! * (1 + 1e-14));
      }
      expect(all[warmup]).toBe(1);
    }),
  );
});

const scheduled: [string, (schedule: Schedule) => Optimizer][] = [
  ["gradientDescent", (schedule) => gradientDescent({ learningRate: 1, schedule })],
  ["momentum", (schedule) => momentum({ learningRate: 1, schedule })],
  ["nesterov", (schedule) => nesterov({ learningRate: 1, schedule })],
  ["rmsProp", (schedule) => rmsProp({ schedule })],
  ["adam", (schedule) => adam({ schedule })],
  ["adamW", (schedule) => adamW({ schedule })],
];

test.each(scheduled)(
  "%s follows the same rates, and its record holds the schedule as it was given",
  (_, make) => {
    const given: Schedule = { name: "cosine", warmup: 2, end: 0.5 };
    const method = make(given);
    expect(method.options?.schedule).toEqual(given);
    expect(make({ name: "linear" }).options?.schedule).toBe("linear");
    const state = method.init(1, { steps: 9 });
    const [w, g] = [Float64Array.of(0.5), Float64Array.of(0)];
    const found = Array.from({ length: 10 }, () => method.step(bowl(1), w, g, state).stepSize);
    const full = method.options?.learningRate as number;
    expect(found).toEqual(rates(given, 10, 9, full));
  },
);

test.each(scheduled)("%s refuses a run whose length is not known, and says what to give", (name, make) => {
  for (const schedule of ["linear", "cosine", "exponential", "steps"] as const) {
    const text =
      `${name}: schedule is "${schedule}", but the number of steps is not known, and the rate falls until the last one; ` +
      `give the number of steps (or epochs), ${schedule === "steps" ? "give every, " : ""}or take schedule "constant".`;
    expect(() => make(schedule).init(2)).toThrow(OptionError);
    expect(() => make(schedule).init(2)).toThrow(text);
  }
});

test.each<[unknown, string]>([
  ["exp", 'adam: schedule is "exp", expected one of "constant", "linear", "cosine", "exponential", "steps".'],
  [null, "adam: schedule is null, expected one of "],
  [{ name: "cos" }, 'adam: schedule is "cos", expected one of '],
  [{ end: 0 }, "adam: schedule is undefined, expected one of "],
  [
    { name: "linear", warmUp: 3 },
    "adam: schedule has no option warmUp (did you mean warmup?), expected some of name, warmup, end, factor, every; mend the name.",
  ],
  [
    { name: "constant", end: 0.1 },
    'adam: schedule is "constant", which has no end; leave it out, or take linear, cosine, exponential.',
  ],
  [
    { name: "cosine", every: 3 },
    'adam: schedule is "cosine", which has no every; leave it out, or take steps.',
  ],
  [
    { name: "linear", warmup: 1.5 },
    "adam: schedule.warmup is 1.5, expected a whole number of at least 0; pass for example 100.",
  ],
  [
    { name: "linear", end: 1.5 },
    "adam: schedule.end is 1.5, expected a number from 0 to 1, since it is a share of the learning rate; pass for example 0.01.",
  ],
  [
    { name: "exponential", end: 0 },
    "adam: schedule.end is 0, expected a number above 0 and at most 1, since it is a share of the learning rate; pass for example 0.01.",
  ],
  [
    { name: "steps", factor: NaN },
    "adam: schedule.factor is NaN, expected a number above 0 and at most 1, since it is a share of the learning rate; pass for example 0.1.",
  ],
  [
    { name: "steps", every: 0 },
    "adam: schedule.every is 0, expected a whole number of at least 1; pass for example 1000.",
  ],
  [
    { name: "constant", warmup: 10 },
    "adam: schedule.warmup is 10, but 10 steps are planned, so that the full rate would never be reached; " +
      "take a shorter warm-up, or more steps.",
  ],
])("the schedule %j is refused, with what to do", (schedule, text) => {
  const make = (): unknown => adam({ schedule: schedule as Schedule }).init(2, { steps: 10 });
  expect(make).toThrow(OptionError);
  expect(make).toThrow(text);
});
