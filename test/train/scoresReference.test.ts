/** Every score against scikit-learn: tools/reference-scores.py. */
import { readFileSync } from "node:fs";
import {
  type ClassMeans,
  type ClassScores,
  calibration,
  type NumberMeasures,
  type NumberScores,
  rocCurve,
  type Scores,
  scores,
} from "talweg";
import { describe, expect, test } from "vitest";

interface ClassCase {
  name: string;
  classes: number;
  labels: number[];
  p: number[][];
  train: number[];
  scores: Record<"accuracy" | "logLoss" | "rocAuc" | "brier", number> &
    Record<"precision" | "recall" | "f1" | "support" | "rocAucs", number[]> &
    Record<"macro" | "weighted", ClassMeans> & { confusion: number[][] };
  baseline: Record<"accuracy" | "logLoss" | "brier", number> & Record<"macro" | "weighted", ClassMeans>;
  roc?: Record<"falsePositiveRates" | "truePositiveRates" | "thresholds", number[]>;
  calibration?: Record<"observed" | "predicted", number[]>;
}

type Measures = Record<keyof NumberMeasures, number[]>;

interface NumberCase {
  name: string;
  outputs: number;
  y: number[][];
  answers: number[][];
  train: number[][];
  rSquared: number;
  measures: Measures;
  baseline: Measures;
}

const reference = JSON.parse(readFileSync(new URL("../reference/scores.json", import.meta.url), "utf8")) as {
  classes: ClassCase[];
  numbers: NumberCase[];
};

/** The same within 1e-12, relative where it is above 1. */
function expectNear(ours: number | null, theirs: number, what: string): void {
  expect(ours, what).not.toBeNull();
  expect(Math.abs(ours! - theirs), `${what}: ${ours} and ${theirs}`).toBeLessThanOrEqual(
    1e-12 * Math.max(1, Math.abs(theirs)),
  );
}

function expectMeans(ours: ClassMeans, theirs: ClassMeans, what: string): void {
  for (const name of ["precision", "recall", "f1"] as const)
    expectNear(ours[name], theirs[name], `${what} ${name}`);
}

const ofClasses = (found: Scores): ClassScores => found as ClassScores;

test("the stored cases hold two and more classes, ties, probabilities of 0 and classes that are never answered", () => {
  const { classes } = reference;
  expect(new Set(classes.map((c) => c.classes)).size).toBeGreaterThan(3);
  expect(classes.some(({ p }) => new Set(p.map((row) => row[0])).size < p.length / 5)).toBe(true);
  expect(classes.some(({ p }) => p.some((row) => row.includes(0)))).toBe(true);
  expect(classes.some((c) => c.scores.precision.includes(0))).toBe(true);
  // Those have logits.
  expect(withLogits.length).toBeGreaterThan(2);
});

describe.each(reference.classes)("$name", ({ labels, p, train, classes, ...theirs }) => {
  const found = ofClasses(scores(p, Uint8Array.from(labels), { baseline: Uint8Array.from(train) }));

  test("every score of the classes is scikit-learn's to 1e-12", () => {
    for (const name of ["accuracy", "logLoss", "rocAuc", "brier"] as const) {
      expectNear(found[name], theirs.scores[name], name);
    }
    expect(found.confusion).toEqual(theirs.scores.confusion);
    for (const [label, own] of found.perClass.entries()) {
      expect(own.rows).toBe(theirs.scores.support[label]);
      // scikit-learn writes 0 where there is none.
      for (const name of ["precision", "recall", "f1"] as const) {
        expectNear(own[name] ?? 0, theirs.scores[name][label]!, `${name} of ${label}`);
      }
      expectNear(own.rocAuc, theirs.scores.rocAucs[label]!, `rocAuc of ${label}`);
    }
    expectMeans(found.macro, theirs.scores.macro, "macro");
    expectMeans(found.weighted, theirs.scores.weighted, "weighted");
  });

  test("the baseline is scikit-learn's dummy, made from the training labels", () => {
    const { baseline } = found;
    for (const name of ["accuracy", "logLoss", "brier"] as const) {
      expectNear(baseline[name], theirs.baseline[name], name);
    }
    expectMeans(baseline.macro, theirs.baseline.macro, "macro");
    expectMeans(baseline.weighted, theirs.baseline.weighted, "weighted");
  });

  const oneHot = labels.map((label) => Array.from({ length: classes }, (_, c) => (c === label ? 1 : 0)));
  const names = Array.from({ length: classes }, (_, c) => String(c));
  const options = { classes: names, baseline: Uint8Array.from(train) };

  test("one-hot targets score as labels do", () => {
    expect(scores(p, oneHot, options)).toEqual(found);
  });
});

// A probability of 0 has no logit.
const withLogits = reference.classes.filter(({ p }) => !p.some((row) => row.includes(0)));

test.each(withLogits)("$name: logits score as probabilities do", ({ labels, p, train, classes }) => {
  const oneHot = labels.map((label) => Array.from({ length: classes }, (_, c) => (c === label ? 1 : 0)));
  const names = Array.from({ length: classes }, (_, c) => String(c));
  const options = { classes: names, baseline: Uint8Array.from(train) };
  const found = ofClasses(scores(p, oneHot, options));
  const logits = p.map((row) => row.map((value) => Math.log(value) + 300));
  const again = ofClasses(scores(logits, oneHot, { ...options, logits: true }));
  expect(again.confusion).toEqual(found.confusion);
  expect(again.logLoss).toBeCloseTo(found.logLoss!, 10);
  expect(again.brier).toBeCloseTo(found.brier!, 10);
});

describe.each(reference.classes.filter(({ classes }) => classes === 2))(
  "$name",
  ({ labels, p, ...theirs }) => {
    test("the ROC curve passes through scikit-learn's corners", () => {
      const one = p.map((row) => [row[1]!]);
      const { points, area } = rocCurve(one, Uint8Array.from(labels));
      expectNear(area, theirs.scores.rocAuc, "area");
      const { falsePositiveRates, truePositiveRates, thresholds } = theirs.roc!;
      const theirCorners = falsePositiveRates.map((x, i) => [x, truePositiveRates[i]]);
      for (const { falsePositiveRate, truePositiveRate, threshold } of points) {
        expect(theirCorners).toContainEqual([falsePositiveRate, truePositiveRate]);
        if (threshold !== null) expect(thresholds).toContain(threshold);
      }
      // Trapezoids under the corners have the same area.
      let sum = 0;
      for (const [i, point] of points.entries()) {
        const before = points[i - 1] ?? point;
        const width = point.falsePositiveRate - before.falsePositiveRate;
        sum += (width * (point.truePositiveRate + before.truePositiveRate)) / 2;
      }
      expectNear(sum, theirs.scores.rocAuc, "trapezoids");
    });

    test("the calibration curve is scikit-learn's", () => {
      const { bins } = calibration(p, Uint8Array.from(labels));
      const filled = bins.filter(({ rows }) => rows > 0);
      const { observed, predicted } = theirs.calibration!;
      expect(filled).toHaveLength(observed.length);
      for (const [i, bin] of filled.entries()) {
        expectNear(bin.observed, observed[i]!, "observed");
        expectNear(bin.predicted, predicted[i]!, "predicted");
      }
    });
  },
);

test("a single output scores as two that add up to 1, save for the answer at exactly 1/2", () => {
  for (const { labels, p, train, name } of reference.classes.slice(0, 3)) {
    const options = { baseline: Uint8Array.from(train) };
    const one = ofClasses(
      scores(
        p.map((row) => [row[1]!]),
        Uint8Array.from(labels),
        options,
      ),
    );
    const two = ofClasses(scores(p, Uint8Array.from(labels), options));
    for (const key of ["logLoss", "rocAuc", "brier"] as const) expectNear(one[key], two[key]!, name);
    expect(one.baseline).toEqual(two.baseline);
  }
});

describe.each(reference.numbers)("$name", ({ y, answers, train, outputs, rSquared, ...theirs }) => {
  test("every score of the numbers and of their mean is scikit-learn's to 1e-12", () => {
    const found = scores(answers, y, { baseline: train }) as NumberScores;
    expect(found.targets).toHaveLength(outputs);
    expectNear(found.rSquared, rSquared, "mean R²");
    for (const [j, target] of found.targets.entries()) {
      for (const name of Object.keys(theirs.measures) as (keyof NumberMeasures)[]) {
        expectNear(target[name], theirs.measures[name][j]!, `${name} of ${j}`);
        expectNear(target.baseline[name], theirs.baseline[name][j]!, `baseline's ${name} of ${j}`);
      }
    }
  });
});
