/** What scores promise: properties, baselines, and null with a reason instead of NaN. */
import fc from "fast-check";
import {
  type ClassScores,
  calibration,
  circle,
  type Dataset,
  dense,
  listScores,
  type NumberScores,
  network,
  networkScores,
  predictDataset,
  rocCurve,
  scores,
  train,
} from "talweg";
import { expect, test } from "vitest";

const probability = fc.oneof(
  fc.constantFrom(0, 0.25, 0.5, 0.75, 1),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const binaryRows = fc.array(fc.record({ p: probability, label: fc.integer({ min: 0, max: 1 }) }), {
  minLength: 1,
  maxLength: 60,
});
const ofRows = (rows: readonly { p: number; label: number }[]): ClassScores =>
  scores(
    rows.map(({ p }) => [p]),
    Uint8Array.from(rows, ({ label }) => label),
  ) as ClassScores;

/** Rows of probabilities for three classes, with labels. */
const threeRows = fc.array(
  fc.record({
    parts: fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 0, max: 9 }))),
    label: fc.integer({ min: 0, max: 2 }),
  }),
  { minLength: 1, maxLength: 40 },
);
const ofThree = (rows: readonly { parts: number[]; label: number }[]): ClassScores => {
  const share = (parts: number[]): number[] => {
    const all = parts[0]! + parts[1]! + parts[2]!;
    return all === 0 ? [1, 0, 0] : parts.map((part) => part / all);
  };
  return scores(
    rows.map(({ parts }) => share(parts)),
    Uint8Array.from(rows, ({ label }) => label),
  ) as ClassScores;
};

/** Every number in a result, with the path to it. */
function numbersIn(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, `${path}.${key}`));
}

function expectPlain(result: unknown): void {
  for (const [path, value] of numbersIn(result)) {
    if (typeof value === "number") expect(Number.isFinite(value), `${path} is ${value}`).toBe(true);
    else expect(["string", "object", "boolean"], path).toContain(typeof value);
  }
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
}

test("ROC AUC is the share of pairs in order, ties counted half, and the confusion adds up to the rows", () => {
  fc.assert(
    fc.property(binaryRows, (rows) => {
      const { rocAuc, confusion, perClass, missing } = ofRows(rows);
      const [positives, negatives] = [
        rows.filter(({ label }) => label === 1),
        rows.filter(({ label }) => label === 0),
      ];
      let won = 0;
      for (const a of positives) for (const b of negatives) won += a.p > b.p ? 1 : a.p === b.p ? 0.5 : 0;
      const pairs = positives.length * negatives.length;
      if (pairs === 0) {
        expect(rocAuc).toBeNull();
        expect(missing.map(({ score }) => score)).toContain("rocAuc");
      } else {
        expect(rocAuc).toBe(won / pairs);
        expect(perClass[0]!.rocAuc).toBe(won / pairs);
      }
      expect(confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(rows.length);
    }),
  );
});

test("the order of rows changes no count and no other score beyond the last digits", () => {
  fc.assert(
    fc.property(threeRows, (rows) => {
      const [one, other] = [ofThree(rows), ofThree([...rows].reverse())];
      const near = (a: unknown, b: unknown): void => {
        if (typeof a === "number") expect(b).toBeCloseTo(a, 12);
        else expect(b).toEqual(a);
      };
      const theirs = new Map(numbersIn(other));
      for (const [path, value] of numbersIn(one)) near(value, theirs.get(path));
      expect(other.rocAuc).toBe(one.rocAuc);
      expect(other.confusion).toEqual(one.confusion);
    }),
  );
});

test("scores of classes are finite or null with a reason, and survive JSON, whatever classes are absent", () => {
  fc.assert(
    fc.property(threeRows, binaryRows, (three, two) => {
      for (const found of [ofThree(three), ofRows(two)]) {
        expectPlain(found);
        for (const own of found.perClass) {
          for (const name of ["precision", "recall", "f1", "rocAuc"] as const) {
            const told = found.missing.some(({ score, of }) => score === name && of === own.name);
            expect(own[name] === null, `${name} of ${own.name}`).toBe(told);
          }
        }
        for (const name of ["rocAuc", "logLoss", "brier"] as const) {
          const told = found.missing.some(({ score, of }) => score === name && of === undefined);
          expect(found[name] === null, name).toBe(told);
        }
      }
    }),
  );
});

test("scores of numbers are finite or null with a reason, up to the largest and smallest of float64", () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, 1, 1, 1e300, -1e308, 5e-324),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 20 }), (rows) => {
      const found = scores(
        rows.map(([a]) => [a]),
        rows.map(([, y]) => [y]),
      ) as NumberScores;
      expectPlain(found);
      const [target] = found.targets;
      const measured = [
        "rSquared",
        "meanAbsoluteError",
        "rootMeanSquaredError",
        "medianAbsoluteError",
      ] as const;
      for (const name of measured) {
        expect(target![name] === null, name).toBe(found.missing.some(({ score }) => score === name));
      }
    }),
  );
});

test("the targets' own mean has an R² of exactly 0, and perfect answers 1 and no error", () => {
  const y = [[0.1], [0.7], [-3.2], [11]];
  const { targets, rSquared, baseline, missing } = scores(y, y) as NumberScores;
  expect([rSquared, baseline.rSquared, missing]).toEqual([1, 0, []]);
  expect(targets[0]).toMatchObject({ meanAbsoluteError: 0, rootMeanSquaredError: 0, medianAbsoluteError: 0 });
  expect(targets[0]!.baseline.mean).toBeCloseTo(2.15, 14);
});

test("constant targets have no R², even where their mean is rounded, and the reason is told", () => {
  // Their sum is 0.30000000000000004.
  const y = [[0.1], [0.1], [0.1]];
  const { rSquared, targets, missing } = scores(
    y.map(() => [0.2]),
    y,
    { names: ["price"] },
  ) as NumberScores;
  expect(rSquared).toBeNull();
  expect(targets[0]!.meanAbsoluteError).toBeCloseTo(0.1, 14);
  expect(missing).toEqual([
    { score: "rSquared", of: "price", reason: "the targets are all 0.1, so there is no spread to explain" },
  ]);
});

test("numbers whose squares leave float64 score as their multiples of ordinary size", () => {
  const y = [[1], [2], [4]];
  const answers = [[1.5], [2], [3]];
  const [plain] = (scores(answers, y) as NumberScores).targets;
  for (const unit of [2 ** 600, 2 ** -600]) {
    const times = (rows: number[][]): number[][] => rows.map(([value]) => [value! * unit]);
    const [target] = (scores(times(answers), times(y)) as NumberScores).targets;
    expect(target!.rSquared).toBeCloseTo(plain!.rSquared!, 12);
    expect(target!.rootMeanSquaredError! / unit).toBeCloseTo(plain!.rootMeanSquaredError!, 12);
    expect(target!.meanAbsoluteError! / unit).toBeCloseTo(plain!.meanAbsoluteError!, 12);
  }
});

test("standardized targets are scored in their own unit", () => {
  const y = [[-1], [0], [1]];
  const answers = [[-0.5], [0], [1]];
  const plain = (scores(answers, y) as NumberScores).targets[0]!;
  const scaled = (scores(answers, y, { scale: [{ mean: 200, deviation: 50 }] }) as NumberScores).targets[0]!;
  expect(scaled.rSquared).toBeCloseTo(plain.rSquared!, 14);
  expect(scaled.meanAbsoluteError).toBeCloseTo(50 * plain.meanAbsoluteError!, 12);
  expect(scaled.rootMeanSquaredError).toBeCloseTo(50 * plain.rootMeanSquaredError!, 12);
  expect(scaled.baseline.mean).toBeCloseTo(200, 12);
});

test("the baseline answers the most frequent class and the shares of the classes", () => {
  const found = scores([[0.9], [0.9], [0.1], [0.9]], Uint8Array.of(1, 1, 1, 0)) as ClassScores;
  expect(found.accuracy).toBe(0.5);
  expect(found.baseline).toMatchObject({ majority: "1", shares: [0.25, 0.75], accuracy: 0.75, rocAuc: 0.5 });
  expect(found.baseline.logLoss).toBeCloseTo(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25), 14);
  expect(found.baseline.brier).toBeCloseTo((3 * 0.25 ** 2 + 0.75 ** 2) / 4, 14);
  expect(found.baseline.macro.f1).toBeCloseTo(((2 * 3) / 7 + 0) / 2, 14);
});

test("a class that training never saw costs the baseline a finite loss", () => {
  const { baseline } = scores([[0.5]], Uint8Array.of(1), { baseline: Uint8Array.of(0, 0) }) as ClassScores;
  expect(baseline.accuracy).toBe(0);
  expect(baseline.logLoss).toBeCloseTo(-Math.log(Number.EPSILON), 12);
});

test("outputs that are no probabilities have no log loss and no Brier score, but accuracy and ranks", () => {
  const found = scores([[1.25], [-0.5]], Uint8Array.of(1, 0)) as ClassScores;
  expect(found).toMatchObject({ accuracy: 1, rocAuc: 1, logLoss: null, brier: null });
  expect(found.missing.map(({ score, reason }) => [score, reason])).toEqual(
    ["logLoss", "brier"].map((score) => [
      score,
      "row 0 (from 0) has the output 1.25, which is no probability; end the network in sigmoid or softmax, or say that the outputs are logits",
    ]),
  );
  const sums = scores([[0.5, 0.6]], Uint8Array.of(1)) as ClassScores;
  expect(sums.missing.find(({ score }) => score === "logLoss")?.reason).toMatch(
    /^the outputs of row 0 \(from 0\) add up to 1\.1, not to 1/,
  );
});

test("a probability of 0 for what happened counts as one step of the outputs' precision", () => {
  const wrong = (outputs: Float32Array | Float64Array): number | null =>
    (scores(outputs, Uint8Array.of(1)) as ClassScores).logLoss;
  expect(wrong(Float32Array.of(0))).toBeCloseTo(23 * Math.LN2, 12);
  expect(wrong(Float64Array.of(0))).toBeCloseTo(52 * Math.LN2, 12);
});

test("logits of any size give a finite loss, or a reason", () => {
  const loss = (z: number): ClassScores => scores([[z]], Uint8Array.of(0), { logits: true }) as ClassScores;
  expect(loss(1000)).toMatchObject({ logLoss: 1000, accuracy: 0 });
  expect(loss(-1000)).toMatchObject({ logLoss: 0, accuracy: 1, brier: 0 });
  const wide = scores([[1e308, -1e308]], Uint8Array.of(1), { logits: true }) as ClassScores;
  expectPlain(wide);
  expect(wide.missing).toContainEqual({ score: "logLoss", reason: "the logits are too large for float64" });
});

test("a network's scores agree with evaluate, and know logits", async () => {
  const data = circle({ rows: 200, seed: 1 });
  for (const activation of ["sigmoid", "linear"] as const) {
    const n = network([dense(2, 8, "tanh"), dense(8, 1, activation)], { seed: 1 });
    const { loss, metrics } = await train(n, data, { epochs: 20, loss: "binaryCrossEntropy" });
    const found = networkScores(n, data) as ClassScores;
    expect(found.accuracy).toBe(metrics.accuracy);
    expect(found.logLoss).toBeCloseTo(loss, 5);
    expect(found.classes).toEqual(data.classes);
    expect(found.baseline.accuracy).toBeLessThan(found.accuracy);
    const direct = scores(predictDataset(n, data), data, activation === "linear" ? { logits: true } : {});
    expect(direct).toEqual(found);
  }
});

test("one-hot targets without names are classes under categorical cross-entropy, else numbers", async () => {
  const x = [[0], [1], [2], [3]];
  const y = [
    [1, 0],
    [1, 0],
    [0, 1],
    [0, 1],
  ];
  const n = network([dense(1, 2, "softmax")], { seed: 1 });
  await train(n, { x, y }, { epochs: 2 });
  expect(networkScores(n, { x, y }).kind).toBe("classes");
  expect(scores(y, y).kind).toBe("numbers");
});

test("the list of scores puts each beside its baseline, the one to compare by first", () => {
  const lines = listScores(scores([[0.9], [0.2]], Uint8Array.of(1, 0)));
  expect(lines.map(({ name }) => name)).toEqual(["accuracy", "macroF1", "rocAuc", "logLoss", "brier"]);
  expect(lines[0]).toEqual({ name: "accuracy", value: 1, baseline: 0.5, best: "high" });
  const y = [
    [1, 2],
    [2, 5],
  ];
  const several = listScores(scores(y, y, { names: ["a", "__proto__"] }));
  expect(several[0]).toEqual({ name: "rSquared", value: 1, baseline: 0, best: "high" });
  expect(several.at(-1)).toMatchObject({ name: "medianAbsoluteError", target: "__proto__", best: "low" });
});

test("a ROC curve rises from (0, 0) to (1, 1), and many points are thinned to the wanted number", () => {
  const rows = Array.from({ length: 3000 }, (_, i) => [((i * 7919) % 3001) / 3001]);
  const labels = Uint8Array.from(rows, (_, i) => (i * 31) % 2);
  const { points, class: name } = rocCurve(rows, labels, { classes: ["no", "yes"], points: 100 });
  expect(name).toBe("yes");
  expect(points).toHaveLength(100);
  expect(points[0]).toEqual({ falsePositiveRate: 0, truePositiveRate: 0, threshold: null });
  expect(points.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
  for (const [i, point] of points.entries()) {
    if (i > 0) expect(point.falsePositiveRate).toBeGreaterThanOrEqual(points[i - 1]!.falsePositiveRate);
    if (i > 0) expect(point.truePositiveRate).toBeGreaterThanOrEqual(points[i - 1]!.truePositiveRate);
  }
  expect(rocCurve([[0.5]], Uint8Array.of(1))).toMatchObject({ area: null, points: [] });
  const first = rocCurve([[0.25], [0.75]], Uint8Array.of(0, 1), { class: 0 });
  expect(first.points.map(({ threshold }) => threshold)).toEqual([null, 0.75, 0.25]);
});

test("calibration of several classes looks at the answer's probability, and its error is 0 where shares come true", () => {
  const outputs = Array.from({ length: 10 }, () => [0.7, 0.2, 0.1]);
  const labels = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 1, 2);
  const found = calibration(outputs, labels);
  expect(found.class).toBeNull();
  expect(found.error).toBeCloseTo(0, 12);
  expect(found.bins.filter(({ rows }) => rows > 0)).toHaveLength(1);
  expect(calibration(outputs, labels, { class: 1, bins: 4 })).toMatchObject({
    class: "1",
    bins: { length: 4 },
  });
  expectPlain(found);
});

test("a dataset is scored by its own names, and a single name stands for the second class", () => {
  const data: Dataset = {
    x: new Float32Array(2),
    y: Float32Array.of(0, 1),
    rows: 2,
    inputs: 1,
    outputs: 1,
    classes: ["sick"],
  };
  expect((scores([[0.1], [0.8]], data) as ClassScores).classes).toEqual(["not sick", "sick"]);
});
