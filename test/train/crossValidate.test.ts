/** Cross-validation: who is tested by whom, to the same bits each time, and what is said of it. */
import fc from "fast-check";
import {
  type ClassScores,
  type CrossValidation,
  crossValidate,
  type Dataset,
  dense,
  type FoldScores,
  foldRows,
  moons,
  type Network,
  type NumberScores,
  network,
  networkScores,
  OptionError,
  predictDataset,
  ShapeError,
  scores,
  selectRows,
  sine,
  toDataset,
  train,
} from "talweg";
import { expect, test } from "vitest";

const options = { epochs: 12, seed: 3 } as const;
const classifier = (fold: number): Network =>
  network([dense(2, 6, "tanh"), dense(6, 1, "sigmoid")], { seed: fold });
const data = moons({ rows: 90, seed: 4 });
const first: CrossValidation = await crossValidate(classifier, data, options);

/** Labels of so many classes as a dataset; inputs are the row's number. */
function labelled(labels: readonly number[], classes: number): Dataset {
  const rows = labels.length;
  const x = Float32Array.from(labels, (_, row) => row);
  return { x, y: Uint8Array.from(labels), rows, inputs: 1, outputs: classes };
}

test("test rows of the folds are a partition, training rows the others, and sizes differ by at most one", () => {
  const cases = fc.record({
    labels: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 80 }),
    folds: fc.integer({ min: 2, max: 12 }),
    seed: fc.nat(),
    stratified: fc.boolean(),
  });
  fc.assert(
    fc.property(cases, ({ labels, folds: wanted, seed, stratified }) => {
      const folds = Math.min(wanted, labels.length);
      const set = labelled(labels, 5);
      const parts = foldRows(set, { folds, seed, stratified });
      expect(parts.map(({ fold }) => fold)).toEqual(Array.from({ length: folds }, (_, k) => k + 1));
      const all = labels.map((_, row) => row);
      expect(parts.flatMap(({ test }) => [...test]).sort((a, b) => a - b)).toEqual(all);
      for (const part of parts) {
        expect([...part.train, ...part.test].sort((a, b) => a - b)).toEqual(all);
        expect(part.test.length - Math.floor(labels.length / folds)).toBeOneOf([0, 1]);
        if (!stratified) continue;
        for (let label = 0; label < 5; label++) {
          const held = part.test.reduce((sum, row) => sum + (labels[row] === label ? 1 : 0), 0);
          const share = labels.filter((own) => own === label).length / folds;
          expect([Math.floor(share), Math.ceil(share)]).toContain(held);
        }
      }
      expect(foldRows(set, { folds, seed, stratified })).toEqual(parts);
    }),
  );
});

test("another seed deals other folds", () => {
  const set = labelled(new Array(50).fill(0), 2);
  const [one, other] = [1, 2].map((seed) => foldRows(set, { seed })[0]!.test);
  expect(one).not.toEqual(other);
});

test("the same seed gives the same bits, and the result survives JSON", async () => {
  const again = await crossValidate(classifier, data, options);
  expect(JSON.stringify(again)).toBe(JSON.stringify(first));
  expect(JSON.parse(JSON.stringify(first))).toEqual(first);
});

test("each row is predicted by the network of the fold that did not train with it", async () => {
  for (const { fold, train: trained, test: held } of foldRows(data, { seed: options.seed })) {
    const n = classifier(fold);
    const result = await train(n, selectRows(data, trained), options);
    const own = first.folds[fold - 1]!;
    expect(own.parametersSha256).toBe(result.parametersSha256);
    expect([own.trained, own.rows]).toEqual([trained.length, held.length]);
    const tested = selectRows(data, held);
    const outputs = predictDataset(n, tested);
    expect(held.every((row, i) => first.predictions[row]![0] === outputs[i])).toBe(true);
    expect([...held].every((row) => first.testedIn[row] === fold)).toBe(true);
    expect(own.scores).toEqual(networkScores(n, tested, { baseline: selectRows(data, trained) }));
  }
});

test("mean and deviation are those of the folds, beside the mean of their baselines", () => {
  const values = first.folds.map((fold) => (fold.scores as ClassScores).accuracy);
  const mean = values.reduce((sum, value) => sum + value, 0) / 5;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const [accuracy] = first.spread;
  expect(accuracy).toMatchObject({ name: "accuracy", best: "high", folds: 5 });
  expect(accuracy!.mean).toBeCloseTo(mean, 14);
  expect(accuracy!.deviation).toBeCloseTo(Math.sqrt(squares / 4), 14);
  expect([accuracy!.least, accuracy!.most]).toEqual([Math.min(...values), Math.max(...values)]);
  expect(accuracy!.baseline).toBeCloseTo(0.5, 1);
  expect(accuracy!.mean).toBeGreaterThan(0.7);
});

test("the pooled scores are those of all predictions at once", () => {
  const outputs = Float32Array.from(first.predictions.flat());
  expect(scores(outputs, data)).toEqual(first.pooled);
});

test("folds are told of one by one", async () => {
  const told: FoldScores[] = [];
  const result = await crossValidate(classifier, data, { ...options, onFold: (fold) => told.push(fold) });
  expect(told).toEqual(result.folds);
});

test("classes with fewer examples than folds are named, and what a fold cannot test is null", async () => {
  const x = Array.from({ length: 40 }, (_, i) => [i / 40]);
  const set = { ...toDataset({ x, y: x }, 1, 1, "float32"), outputs: 3, classes: ["many", "some", "rare"] };
  set.y = Uint8Array.from(x, (_, i) => (i < 2 ? 2 : i % 2)) as never;
  const make = (): Network => network([dense(1, 3, "softmax")], { seed: 1 });
  const result = await crossValidate(make, set, { epochs: 2, folds: 4 });
  expect(result.smallClasses).toEqual([{ name: "rare", rows: 2 }]);
  const areas = result.folds.map((fold) => (fold.scores as ClassScores).rocAuc);
  expect(areas.filter((area) => area === null)).toHaveLength(2);
  expect(result.spread.find(({ name }) => name === "rocAuc")!.folds).toBe(2);
  expect((result.pooled as ClassScores).rocAuc).not.toBeNull();
});

test("numbers are scored in their own unit, also where each fold prepares its rows by itself", async () => {
  const raw = sine({ rows: 60, seed: 1 });
  const priced: Dataset = { ...raw, y: (raw.y as Float32Array).map((value) => 1000 + 50 * value) };
  const make = (_: number, trained: Dataset): Network =>
    network([dense(trained.inputs, 8, "tanh"), dense(8, 1)], { seed: 1 });
  const seen: number[] = [];
  const result = await crossValidate(make, priced, {
    folds: 3,
    epochs: 60,
    names: ["price"],
    prepare({ train: rows, test: held }) {
      const parts = { train: selectRows(priced, rows), test: selectRows(priced, held) };
      const y = parts.train.y as Float32Array;
      const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
      seen.push(mean);
      for (const part of [parts.train, parts.test]) {
        part.y = (part.y as Float32Array).map((value) => (value - mean) / 35);
      }
      return { ...parts, scale: [{ mean, deviation: 35 }] };
    },
  });
  expect(seen).toHaveLength(3);
  expect(result.stratified).toBe(false);
  const pooled = result.pooled as NumberScores;
  expect(pooled.targets[0]!.name).toBe("price");
  expect(pooled.targets[0]!.baseline.mean).toBeCloseTo(1000, -1.5);
  const miss = result.predictions.map(([price], row) => Math.abs(price! - priced.y[row]!));
  expect(pooled.targets[0]!.meanAbsoluteError).toBeCloseTo(miss.reduce((a, b) => a + b, 0) / 60, 3);
  expect(pooled.rSquared).toBeGreaterThan(0.5);
  for (const fold of result.folds) {
    const [target] = (fold.scores as NumberScores).targets;
    expect(target!.baseline.rSquared).toBeLessThan(0.01);
    expect(target!.baseline.mean).toBeCloseTo(seen[fold.fold - 1]!, 3);
  }
});

test("weights of rows go with their rows into each fold", async () => {
  const rowWeights = Array.from({ length: data.rows }, (_, row) => 1 + (row % 5));
  const { folds } = await crossValidate(classifier, data, { ...options, folds: 3, rowWeights });
  const rows = foldRows(data, { folds: 3, seed: 3 })[0]!.train;
  const weights = Array.from(rows, (row) => rowWeights[row]!);
  const one = await train(classifier(1), selectRows(data, rows), { ...options, rowWeights: weights });
  expect(folds[0]!.parametersSha256).toBe(one.parametersSha256);
  expect(folds[0]!.parametersSha256).not.toBe(
    (await crossValidate(classifier, data, { ...options, folds: 3 })).folds[0]!.parametersSha256,
  );
  await expect(crossValidate(classifier, data, { ...options, rowWeights: [1, 2] })).rejects.toThrow(
    "rowWeights has 2 numbers, expected 90",
  );
});

test("a signal ends cross-validation with its reason", async () => {
  const controller = new AbortController();
  const onFold = (): void => controller.abort(new Error("enough"));
  const run = crossValidate(classifier, data, { ...options, onFold, stop: { signal: controller.signal } });
  await expect(run).rejects.toThrow("enough");
});

test("what cannot be cross-validated is refused with a remedy", async () => {
  const small = labelled([0, 1, 0], 2);
  const softmax = (): Network => network([dense(1, 2, "softmax")]);
  const message = async (run: Promise<unknown>, kind: new (...args: never[]) => Error): Promise<string> => {
    const error = await run.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(kind);
    return (error as Error).message;
  };
  for (const folds of [1, 4, 2.5, Number.NaN]) {
    expect(await message(crossValidate(softmax, small, { folds }), OptionError)).toBe(
      `folds is ${folds}, expected a whole number from 2 to the 3 rows, since each fold is tested once and the others train; pass for example 3.`,
    );
  }
  const same = softmax();
  expect(
    await message(
      crossValidate(() => same, small, { folds: 3, epochs: 1 }),
      OptionError,
    ),
  ).toMatch(/^crossValidate: make gave the network of an earlier fold for fold 2, which has seen the rows/);
  const numbers = sine({ rows: 9, seed: 1 });
  expect(() => foldRows(numbers, { stratified: true })).toThrow(
    /^stratified is true, but the targets are numbers, which have no classes to share out; leave it away\.$/,
  );
  const prepare = (): { train: Dataset; test: Dataset } => ({ train: small, test: small });
  expect(await message(crossValidate(softmax, small, { folds: 3, prepare }), ShapeError)).toMatch(
    /^prepare: fold 1 has 3 training and 3 test rows, expected 2 and 1; make one example of each row/,
  );
  expect(await message(crossValidate(softmax, small, { folds: 3, rate: 1 } as never), OptionError)).toMatch(
    /^train has no option rate, expected some of/,
  );
});
