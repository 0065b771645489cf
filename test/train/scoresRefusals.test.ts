/** What cannot be scored: which error, with which remedy. */
import { calibration, DataError, foldRows, OptionError, rocCurve, ShapeError, scores, xor } from "talweg";
import { expect, test } from "vitest";

type Refusal = [string, () => unknown, new (...args: never[]) => Error, RegExp];
const refusals: Refusal[] = [
  ["no rows", () => scores([], []), DataError, /^scores: there are no rows; pass at least one/],
  [
    "fewer outputs than targets",
    () => scores([[1]], [[1], [2]]),
    ShapeError,
    /^scores: there is 1 row of outputs and 2 rows of targets, expected the same 1 output for each row; pass/,
  ],
  [
    "another width",
    () =>
      scores(
        [[1], [2]],
        [
          [1, 2],
          [3, 4],
        ],
      ),
    ShapeError,
    /^scores: a row has 1 outputs and 2 targets, expected equally many/,
  ],
  [
    "an output that is NaN",
    () => scores(Float32Array.of(1, Number.NaN), Float32Array.of(1, 2)),
    DataError,
    /^scores: number 1 \(from 0\) of the outputs is NaN, expected a finite one, .*standardize/,
  ],
  [
    "a target that is infinite",
    () => scores([[1]], [[Number.POSITIVE_INFINITY]]),
    DataError,
    /^scores: targets: row 0, column 0 \(both from 0\) is Infinity/,
  ],
  [
    "a label that is no class",
    () => scores([[0.5]], Uint8Array.of(2)),
    DataError,
    /^scores: targets: row 0 \(from 0\) has label 2, expected 0 to 1, since there are 2 classes/,
  ],
  [
    "two classes in one row",
    () => scores([[0.5, 0.5]], [[1, 1]], { classes: ["a", "b"] }),
    DataError,
    /row 0 \(from 0\) is 1, 1, expected a single 1 among zeros, since a row is scored as one class; score each output alone/,
  ],
  [
    "too few names",
    () => scores([[0.5, 0.5]], Uint8Array.of(1), { classes: ["a"] }),
    OptionError,
    /^scores: classes has 1 names, expected 2 for 2 outputs/,
  ],
  [
    "logits of numbers",
    () => scores([[1]], [[1]], { logits: true }),
    OptionError,
    /^scores: logits is true, but the targets are numbers/,
  ],
  [
    "a scale without spread",
    () => scores([[1]], [[1]], { scale: [{ mean: 0, deviation: 0 }] }),
    OptionError,
    /^scores: scale has 1 entries, one of them without a finite mean and a deviation above 0, expected 1/,
  ],
  [
    "an unknown option",
    () => scores([[1]], [[1]], { unit: "EUR" } as never),
    OptionError,
    /^scores has no option unit, expected some of classes, logits, names, scale, baseline; mend the name\.$/,
  ],
  [
    "an unknown option of the ROC curve",
    () => rocCurve([[0.5]], Uint8Array.of(1), { point: 3 } as never),
    OptionError,
    /^rocCurve has no option point \(did you mean points\?\), expected some of classes, logits, class, points; mend the name\.$/,
  ],
  [
    "an unknown option of calibration",
    () => calibration([[0.5]], Uint8Array.of(1), { bin: 3 } as never),
    OptionError,
    /^calibration has no option bin \(did you mean bins\?\), expected some of classes, logits, bins, class; mend/,
  ],
  [
    "an unknown option of folds",
    () => foldRows(xor(), { fold: 3 } as never),
    OptionError,
    /^foldRows has no option fold \(did you mean folds\?\), expected some of folds, seed, stratified; mend/,
  ],
  [
    "targets that are nothing",
    () => scores([[1]], undefined as never),
    OptionError,
    /^scores: targets is undefined, expected/,
  ],
  [
    "outputs that are nothing",
    () => scores(null as never, [[1]]),
    OptionError,
    /^scores: outputs is null, expected/,
  ],
  [
    "flat arrays",
    () => scores([0.5] as never, [[1]]),
    ShapeError,
    /outputs: row 0 is 0\.5, expected an array/,
  ],
  [
    "a baseline of labels for numbers",
    () => scores([[1]], [[1]], { baseline: Uint8Array.of(1) }),
    OptionError,
    /^scores: baseline has labels, but the targets are numbers/,
  ],
  [
    "a class that is not there",
    () => rocCurve([[0.5]], Uint8Array.of(1), { class: 2 }),
    ShapeError,
    /^rocCurve: class 2 does not exist, expected a number from 0 to 1/,
  ],
  [
    "calibration of numbers beyond 1",
    () => calibration([[3]], Uint8Array.of(1)),
    DataError,
    /^calibration: row 0 \(from 0\) has the output 3, which is no probability, expected probabilities; end/,
  ],
];

test.each(refusals)("scores refuse %s and say what to do", (_, run, kind, message) => {
  let thrown: unknown;
  try {
    run();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(kind);
  expect((thrown as Error).message).toMatch(message);
});
