import { DataError, NotFiniteError, type Objective, OptionError, ShapeError } from "talweg/core";
import { gradientDescent, minimize, randomGuess } from "talweg/optim";
import { expect, test } from "vitest";
import { bowl, objectiveOf } from "./problems.ts";

const start = Float64Array.of(3, -2);
const call =
  (f: Objective, at: unknown, o = {}) =>
  (): unknown =>
    minimize(f, at as Float64Array, o);
const nan = objectiveOf(
  1,
  () => NaN,
  () => [1],
);

test.each([
  [
    ShapeError,
    call(bowl(2), Float64Array.of(1)),
    "minimize: start has 1 number, expected 2, one for each variable of the function; pass a start of 2 numbers.",
  ],
  [
    ShapeError,
    call(bowl(2), [1, 2]),
    "minimize: start is an array, expected a Float64Array or Float32Array, whose precision the run takes over; " +
      "pass for example Float64Array.of(-1.2, 1).",
  ],
  [
    DataError,
    call(bowl(2), Float64Array.of(1, NaN)),
    "minimize: start[1] is NaN, expected a finite number, since no step leads away from there; give a start of finite numbers.",
  ],
  [
    NotFiniteError,
    call(nan, Float64Array.of(1)),
    "minimize: the function is NaN at the start, expected a finite number, since every step is compared with it; " +
      "choose a start where it is defined.",
  ],
  [
    NotFiniteError,
    call(
      objectiveOf(
        1,
        () => 1,
        () => [Infinity],
      ),
      Float64Array.of(1),
    ),
    "minimize: the norm of the gradient is Infinity at the start, expected a finite number, since it gives the direction; " +
      "choose another start, or a method that only guesses.",
  ],
  [
    NotFiniteError,
    call(nan, Float64Array.of(1), { method: randomGuess(), stop: { steps: 5 } }),
    "minimize: the function is NaN at the start, and at every point that was guessed it was not finite either; " +
      "choose a start where it is defined, or a smaller range.",
  ],
  [
    OptionError,
    call(bowl(2), start, { stop: { steps: 0 } }),
    "minimize: stop.steps is 0, expected a whole number of at least 1; pass for example 1000.",
  ],
  [
    OptionError,
    call(bowl(2), start, { stop: { loss: NaN } }),
    "minimize: stop.loss is NaN, expected a finite number; pass for example 1e-6.",
  ],
  [
    OptionError,
    call(bowl(2), start, { stop: { gradientNorm: -1 } }),
    "minimize: stop.gradientNorm is -1, expected a finite number of at least 0; pass for example 1e-6.",
  ],
  [
    OptionError,
    call(bowl(2), start, { stop: { seconds: 0 } }),
    "minimize: stop.seconds is 0, expected a finite number above 0; pass for example 10.",
  ],
  [
    OptionError,
    call(bowl(2), start, { stop: { signal: true } }),
    "minimize: stop.signal is true, expected an AbortSignal; pass controller.signal of a new AbortController().",
  ],
  [
    OptionError,
    call(bowl(2), start, { stop: { step: 5 } }),
    "minimize: stop.step is not a way to stop; there are steps, loss, gradientNorm, plateau, evaluations, seconds, signal.",
  ],
  [
    OptionError,
    call(bowl(2), start, { method: "adam" }),
    'minimize: method is "adam", expected an optimizer; pass for example adam() or gradientDescent({search: "armijo"}).',
  ],
  [
    OptionError,
    call(bowl(2), start, { rows: 0 }),
    "minimize: rows is 0, expected a whole number of at least 1; pass for example 1000.",
  ],
  [
    OptionError,
    call(bowl(2), start, { clipNorm: 0, method: gradientDescent({ learningRate: 1 }) }),
    "minimize: clipNorm is 0, expected a finite number above 0; pass for example 1.",
  ],
  [
    OptionError,
    call(bowl(2), start, { clipNorm: 1 }),
    "clipNorm is 1, but auto searches its step along the gradient, whose slope a clipped one would misstate; " +
      "leave clipNorm away, or take adam, momentum or gradientDescent with a rate.",
  ],
  [
    OptionError,
    call(bowl(2), start, { clipNorm: 1, method: randomGuess() }),
    "clipNorm is 1, but randomGuess only guesses and takes no gradient that could be clipped; leave clipNorm away.",
  ],
])("%o with its text: case %#", (kind, run, text) => {
  expect(run).toThrow(kind);
  expect(run).toThrow(text);
});
