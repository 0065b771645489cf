/** Runs of steps inside of generated code against steps of the readable plan, one after the other. */
import fc from "fast-check";
import { shuffledOrder } from "talweg/core";
import { applyUpdate, type Update } from "talweg/kernels";
import { describe, expect, test } from "vitest";
import { hiddenActivations, lossesWithOutputs, shapes } from "./material.ts";
import {
  allRules,
  Bench,
  differences,
  examples,
  kept,
  LINE,
  line,
  ofRun,
  parameters,
  type Rule,
  updates,
} from "./narrowMaterial.ts";

interface RunOf {
  readonly batch: number;
  readonly count: number;
  readonly order: Uint32Array | undefined;
  readonly from: number;
  /** Seed of dropout masks, those of step 5 in the first step. */
  readonly dropout?: number;
}

/** What differs after `count` steps from the same parameters. */
function disagreements(bench: Bench, rule: Rule, { batch, count, order, from, dropout }: RunOf): string[] {
  const { plan, data, engine, resident } = bench;
  const w = bench.w.slice();
  const g = new Float32Array(w.length);
  const update = updates(rule, bench.m);
  const losses: number[] = [];
  let sum = 0.375;
  let last: Update | undefined;
  for (let step = 1, at = from; step <= count; step++) {
    const rows = Math.min(batch, data.rows - at);
    plan.load(data, order === undefined ? { from: at, rows } : { order, from: at, rows });
    if (dropout !== undefined) plan.dropout({ seed: dropout, step: step + 4 });
    const loss = plan.gradient(w, g);
    last = update(step);
    applyUpdate(last, w, g);
    bench.table.set(line(last), LINE * (step - 1));
    losses.push(loss);
    sum += loss * rows;
    at = at + rows === data.rows ? from : at + rows;
  }
  if (order !== undefined) bench.order.set(order);
  if (dropout !== undefined) engine.dropout({ key0: dropout, key1: 0, step: 5 });
  const got = engine.steps(resident, {
    order: order === undefined ? 0 : bench.order.byteOffset,
    from,
    to: data.rows,
    batch,
    count,
    w: bench.w.byteOffset,
    g: bench.g.byteOffset,
    m: bench.m.byteOffset,
    v: bench.v.byteOffset,
    table: bench.table.byteOffset,
    stride: 4 * LINE,
    losses: bench.losses.byteOffset,
    ...ofRun,
    sum: 0.375,
  });
  // Where a zero meets an infinity the readable plan leaves it out; what counts is that no run looks sound then.
  if (!w.every(Number.isFinite)) return bench.w.every(Number.isFinite) ? ["all parameters are finite"] : [];
  const found: string[] = [];
  const check = (what: string, differing: readonly string[]): void => {
    if (differing.length > 0) found.push(`${what}: ${differing.length} differ, ${differing[0]}`);
  };
  check("sum", differences([sum], [got]));
  check("losses", differences(losses, bench.losses.subarray(0, count)));
  check("w", differences(w, bench.w));
  for (const [k, vector] of kept(last!).entries()) {
    check(["m", "v"][k]!, differences(vector, [bench.m, bench.v][k]!));
  }
  check("written beside the vectors", bench.trespasses());
  return found;
}

const width = fc.oneof(fc.integer({ min: 1, max: 13 }), fc.integer({ min: 14, max: 32 }));

const anyRun = fc.record({
  widths: fc.array(width, { minLength: 1, maxLength: 4 }),
  outputs: width,
  hidden: fc.array(fc.constantFrom(...hiddenActivations), { minLength: 3, maxLength: 3 }),
  loss: fc.constantFrom(...lossesWithOutputs),
  rule: fc.constantFrom(...allRules),
  rows: fc.integer({ min: 1, max: 150 }),
  count: fc.integer({ min: 1, max: 20 }),
  from: fc.integer({ min: 0, max: 5 }),
  ordered: fc.boolean(),
  negativeZeros: fc.boolean(),
  form: fc.record({ zeros: fc.constantFrom(0, 0.5), bytes: fc.boolean(), labels: fc.boolean() }),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

describe("a run of steps", () => {
  const property = (batches: fc.Arbitrary<number>): void => {
    fc.assert(
      fc.property(anyRun, batches, (c, batch) => {
        const [loss, output] = c.loss;
        const layers = shapes([...c.widths, c.outputs], [...c.hidden.slice(0, c.widths.length - 1), output]);
        const data = examples(layers, loss, c.rows + c.from, c.seed, c.form);
        const w = parameters(layers, c.seed, c.negativeZeros);
        const bench = new Bench(layers, loss, data, w, { batchRows: batch, rule: c.rule, steps: c.count });
        const order = c.ordered ? shuffledOrder(data.rows, c.seed, 1) : undefined;
        expect(disagreements(bench, c.rule, { batch, count: c.count, order, from: c.from })).toEqual([]);
      }),
      { numRuns: 40 },
    );
  };

  test("with batches of any size gives the bits of single steps", () => {
    property(fc.oneof(fc.integer({ min: 2, max: 40 }), fc.constant(200)));
  });

  test("with one example at a time gives the bits of single steps", () => {
    property(fc.constant(1));
  });

  test.each(lossesWithOutputs)(
    "of one example at a time agrees for %s after %s, by every rule",
    (loss, output) => {
      const place = lossesWithOutputs.findIndex(([l, o]) => l === loss && o === output);
      const wrong = allRules.flatMap((rule, i) => {
        const hidden = [0, 1].map(
          (k) => hiddenActivations[(place + 3 * i + 5 * k) % hiddenActivations.length]!,
        );
        const layers = shapes([3, 6, 5, 1 + ((place + i) % 5)], [...hidden, output]);
        const data = examples(layers, loss, 9, i + 1);
        const w = parameters(layers, i + 1, false);
        const bench = new Bench(layers, loss, data, w, { batchRows: 1, rule, steps: 20 });
        return disagreements(bench, rule, { batch: 1, count: 20, order: undefined, from: 0 }).map(
          (text) => `${hidden}, ${rule}: ${text}`,
        );
      });
      expect(wrong).toEqual([]);
    },
  );

  test.each(allRules)("of %s treats what is -0 and has no gradient as single steps do", (rule) => {
    const wrong = [1, 9].flatMap((batch) =>
      [1, 5].flatMap((units) => {
        const layers = shapes([2, units, 1], ["tanh", "linear"]);
        const data = examples(layers, "sumOfSquares", 9, 2);
        data.x = new Float32Array(18).map((_, i) => (i % 2 === 0 ? 0 : -0));
        const w = parameters(layers, 3).fill(-0, 0, 2 * units);
        const bench = new Bench(layers, "sumOfSquares", data, w, { batchRows: batch, rule, steps: 4 });
        const differing = disagreements(bench, rule, { batch, count: 4, order: undefined, from: 0 });
        return differing.map((text) => `batch ${batch}, ${units} units: ${text}`);
      }),
    );
    expect(wrong).toEqual([]);
  });

  test("makes +0 of a velocity that vanishes where there is no gradient", () => {
    const layers = shapes([2, 5, 1], ["tanh", "linear"]);
    const data = examples(layers, "sumOfSquares", 9, 2);
    data.x = new Float32Array(18).map((_, i) => (i % 2 === 0 ? 0 : -0));
    const wrong = [1, 9].flatMap((batch) => {
      const w = parameters(layers, 3);
      const bench = new Bench(layers, "sumOfSquares", data, w, { batchRows: batch, rule: "momentum" });
      bench.m.fill(-(2 ** -149));
      return disagreements(bench, "momentum", { batch, count: 1, order: undefined, from: 0 });
    });
    expect(wrong).toEqual([]);
  });

  test("draws the dropout masks of every step", () => {
    const layers = shapes([2, 9, 6, 1], ["tanh", "relu", "linear"], [0.5, 0.25]);
    const data = examples(layers, "sumOfSquares", 40, 2);
    const wrong = [1, 16].flatMap((batch) => {
      const w = parameters(layers, 3);
      const bench = new Bench(layers, "sumOfSquares", data, w, { batchRows: batch, rule: "adam", steps: 12 });
      return disagreements(bench, "adam", { batch, count: 12, order: undefined, from: 0, dropout: 99 });
    });
    expect(wrong).toEqual([]);
  });

  test.each(allRules)("of %s can go on where another one ended, on other parameters", (rule) => {
    const layers = shapes([1, 12, 12, 1], ["relu", "relu", "sigmoid"]);
    const data = examples(layers, "meanSquaredError", 40, 3);
    const wrong = [1, 40].flatMap((batch) => {
      const bench = new Bench(layers, "meanSquaredError", data, parameters(layers, 1, false), {
        batchRows: batch,
        rule,
        steps: 60,
      });
      return [1, 2, 3].flatMap((seed) => {
        bench.w.set(parameters(layers, seed, false));
        bench.m.fill(0);
        bench.v.fill(0);
        return disagreements(bench, rule, { batch, count: 60, order: undefined, from: 0 });
      });
    });
    expect(wrong).toEqual([]);
  });

  test("that goes to infinity leaves nothing behind for the next one", () => {
    const layers = shapes([2, 5, 1], ["relu", "linear"]);
    const data = examples(layers, "sumOfSquares", 10, 3);
    const w = parameters(layers, 1, false);
    const bench = new Bench(layers, "sumOfSquares", data, w, {
      batchRows: 1,
      rule: "gradientDescent",
      steps: 20,
    });
    const run = { batch: 1, count: 20, order: undefined, from: 0 };
    bench.w.fill(1e30);
    disagreements(bench, "gradientDescent", run);
    expect(bench.w.every(Number.isFinite)).toBe(false);
    bench.w.set(w);
    expect(disagreements(bench, "gradientDescent", run)).toEqual([]);
  });

  test("on the whole batch does not gather again", () => {
    const layers = shapes([2, 3, 1], ["tanh", "linear"]);
    const data = examples(layers, "sumOfSquares", 10, 3);
    const w = parameters(layers, 1);
    const bench = new Bench(layers, "sumOfSquares", data, w, { rule: "momentum", steps: 5 });
    const run = { batch: 10, count: 5, order: undefined, from: 0 };
    expect(disagreements(bench, "momentum", run)).toEqual([]);
    bench.put(bench.resident.x, new Float32Array(20).fill(NaN));
    bench.w.set(w);
    bench.m.fill(0);
    expect(disagreements(bench, "momentum", run)).toEqual([]);
  });
});
