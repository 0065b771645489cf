/** The explanation of one example: against the network's own numbers, against brute force, and through JSON. */

import * as fc from "fast-check";
import { type Dataset, NotFiniteError } from "talweg/core";
import { chain, chainExample, explain, parameterName } from "talweg/explain";
import { type Activation, activationTable, type LayerShape, type Loss } from "talweg/kernels";
import { dense, type Network, network, objective, restoreNetwork, withPrecision } from "talweg/network";
import { describe, expect, test } from "vitest";
import {
  examplesFor,
  hiddenActivations,
  lossesWithOutputs,
  parametersFor,
  shapes,
  thrown,
} from "../kernels/material.ts";

interface Case {
  n: Network;
  data: Dataset;
  loss: Loss;
  input: number[];
  target: number[];
}

/** A network of float64 with one example that its loss can take. */
function caseOf(
  widths: readonly number[],
  activations: readonly Activation[],
  loss: Loss,
  seed: number,
): Case {
  const layers: LayerShape[] = shapes(widths, activations);
  const made = layers.map(({ inputs, units, activation }) => dense(inputs, units, activation));
  const n = restoreNetwork(made, parametersFor(layers, "float64", seed + 1), { seed: 0 });
  const data = examplesFor(layers, loss, 1, "float64", seed);
  return { n, data, loss, input: Array.from(data.x), target: Array.from(data.y) };
}

const width = fc.integer({ min: 1, max: 5 });

/** 1 to 4 layers of 1 to 5 units, every activation, every loss with every output that it goes with. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    inputs: width,
    hidden: fc.array(fc.record({ units: width, activation: fc.constantFrom(...hiddenActivations) }), {
      maxLength: 3,
    }),
    outputs: width,
    end: fc.constantFrom(...lossesWithOutputs),
    seed: fc.nat(1e6),
  })
  .map(({ inputs, hidden, outputs, end: [loss, activation], seed }) => {
    // One class alone is no choice.
    const single = activation !== "softmax" && loss !== "categoricalCrossEntropy";
    const last = single ? outputs : Math.max(2, outputs);
    const widths = [inputs, ...hidden.map(({ units }) => units), last];
    return caseOf(widths, [...hidden.map((layer) => layer.activation), activation], loss, seed);
  });

/** A case and one of its parameters. */
const casesWithParameter: fc.Arbitrary<{ c: Case; parameter: number }> = cases.chain((c) =>
  fc.record({ c: fc.constant(c), parameter: fc.nat(c.n.parameterCount - 1) }),
);

/** The products of all paths from a pre-activation to the loss, by going through every one. */
function everyPath({ n, loss, input, target }: Case, layer: number, unit: number): number[] {
  const { z, a } = n.forward(Float64Array.from(input));
  const last = n.layers.length;
  const { activation } = n.layers[last - 1]!;
  const explained = explain(n, input, { target, loss }).loss!;
  const found: number[] = [];
  const end = (unit: number, product: number): void => {
    const { derivative, delta } = explained.outputs[unit]!;
    if (derivative === null) found.push(product * delta);
    else if (activation !== "softmax") found.push(product * slope(last, unit) * derivative);
    else {
      const outputs = a[last - 1]!;
      for (const [k, { derivative: dk }] of explained.outputs.entries())
        found.push(product * outputs[k]! * (Number(k === unit) - outputs[unit]!) * dk!);
    }
  };
  const slope = (layer: number, unit: number): number =>
    activationTable("float64")[n.layers[layer - 1]!.activation as "relu"].derivative(
      z[layer - 1]![unit]!,
      a[layer - 1]![unit]!,
    );
  const walk = (layer: number, unit: number, product: number): void => {
    if (layer === last) {
      end(unit, product);
      return;
    }
    const { units } = n.layers[layer]!;
    const weights = n.weights(layer + 1);
    for (let k = 0; k < units; k++)
      walk(layer + 1, k, product * slope(layer, unit) * weights[unit * units + k]!);
  };
  walk(layer, unit, 1);
  return found;
}

const close = (a: number, b: number): number => Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b));

describe("the derivative by any parameter of any network", () => {
  test("is the sum over all paths, the network's own backward pass, and the finite difference", () => {
    let discarded = 0;
    let sizable = 0;
    fc.assert(
      fc.property(casesWithParameter, ({ c, parameter }) => {
        const { n, data, loss, input, target } = c;
        const g = new Float64Array(n.parameterCount);
        const value = objective(n, loss, data).gradient(n.parameters, g);
        const { paths, check, local, beyond, slope, delta } = explain(n, input, {
          target,
          loss,
          parameter,
          paths: 10_000,
        }).parameter!;
        expect(check.backward === g[parameter]).toBe(true);
        expect(paths.complete).toBe(true);
        for (const sum of [paths.sum, paths.listedSum, check.factors, local.value * delta])
          expect(close(sum, g[parameter]!)).toBeLessThanOrEqual(1e-12);
        expect(close((slope?.value ?? 1) * beyond, delta)).toBe(0);
        expect(check.factorsError).toBeLessThanOrEqual(1e-12);
        if (Math.abs(g[parameter]!) > 1e-5) sizable++;
        if (check.crossed.length > 0) discarded++;
        else {
          const scale = Math.max(1, Math.abs(g[parameter]!), Math.abs(value));
          expect(Math.abs(check.differences! - g[parameter]!) / scale).toBeLessThanOrEqual(1e-7);
          expect(check.differencesError).toBeLessThanOrEqual(1e-7);
        }
      }),
      { numRuns: 400 },
    );
    expect(discarded).toBeLessThan(20);
    expect(sizable).toBeGreaterThan(200);
  });

  test("lists the paths whose contributions are truly the largest, each the product of its factors", () => {
    fc.assert(
      fc.property(casesWithParameter, fc.integer({ min: 1, max: 20 }), ({ c, parameter }, limit) => {
        const options = { target: c.target, loss: c.loss, parameter, paths: limit };
        const { paths, local, layer, unit } = explain(c.n, c.input, options).parameter!;
        const all = everyPath(c, layer, unit)
          .map((product) => product * local.value)
          .sort((p, q) => Math.abs(q) - Math.abs(p));
        expect(paths.count).toBe(all.length);
        expect(paths.listed).toHaveLength(Math.min(limit, all.length));
        expect(paths.complete).toBe(limit >= all.length);
        for (const [i, { contribution, factors, units, output }] of paths.listed.entries()) {
          expect(close(Math.abs(contribution), Math.abs(all[i]!))).toBeLessThanOrEqual(1e-12);
          expect(factors.reduce((product, { value }) => product * value, 1) === contribution).toBe(true);
          expect(units[0]).toBe(unit);
          expect(output === null).toBe(factors.every(({ kind }) => kind !== "jacobian"));
        }
        const names = new Set(paths.listed.map(({ units, output }) => `${units} ${output}`));
        expect(names.size).toBe(paths.listed.length);
      }),
      { numRuns: 200 },
    );
  });

  test("finds the largest of more paths than could be listed, whatever their sizes", () => {
    const layers = Array.from({ length: 12 }, () => dense(30, 30, "tanh"));
    const deep = network(layers, { seed: 3, precision: "float64" });
    const same = restoreNetwork(
      layers,
      Float64Array.from(deep.parameters, () => 0.03),
      { seed: 0 },
    );
    for (const n of [deep, same]) {
      const input = Array.from({ length: 30 }, (_, i) => (i % 7) / 7);
      const target = Array<number>(30).fill(0.5);
      const parameter = "W1[2,3]";
      const options = { target, loss: "meanSquaredError", parameter, paths: 1000 } as const;
      const { paths, check } = explain(n, input, options).parameter!;
      expect(paths.count).toBe(30 ** 11);
      expect(paths.complete).toBe(false);
      expect(paths.listed).toHaveLength(1000);
      expect(check.factorsError).toBeLessThanOrEqual(1e-12);
      for (const [i, { contribution }] of paths.listed.slice(1).entries())
        expect(Math.abs(contribution)).toBeLessThanOrEqual(Math.abs(paths.listed[i]!.contribution));
    }
  });

  test("is marked where a difference would cross a kink, and takes the slope from the left there", () => {
    const layers = [dense(1, 1, "relu"), dense(1, 1)];
    const n = restoreNetwork(layers, Float64Array.of(1, -0.5, 2, 0), { seed: 0 });
    const options = { target: [1], loss: "sumOfSquares", parameter: "b1[0]" } as const;
    const { layers: shown, parameter } = explain(n, [0.5], options);
    expect(shown[0]!.units[0]).toMatchObject({ z: 0, a: 0, slope: 0, kink: true });
    expect(shown[1]!.units[0]).toMatchObject({ kink: false });
    expect(parameter!.check).toMatchObject({ factors: 0, backward: 0, crossed: ["z1[0]"] });
    expect(explain(n, [0.75], options).parameter!.check.crossed).toEqual([]);
    // huber has its kink where output and target differ by 1.
    const huber = { target: [1], loss: "huber", parameter: "b2[0]" } as const;
    expect(explain(n, [0.5], huber).parameter!.check.crossed).toEqual(["a2[0] - y[0]"]);
    expect(explain(n, [0.75], huber).parameter!.check.crossed).toEqual([]);
  });
});

describe("an explanation", () => {
  test("survives JSON: reading it back gives the same data", () => {
    fc.assert(
      fc.property(casesWithParameter, fc.boolean(), ({ c, parameter }, short) => {
        const n = short ? withPrecision(c.n, "float32") : c.n;
        const explained = explain(n, c.input, { target: c.target, loss: c.loss, parameter });
        expect(JSON.parse(JSON.stringify(explained))).toStrictEqual(explained);
      }),
      { numRuns: 100 },
    );
    const printed = explain(chain(), [0.5], { target: [0.25], parameter: 0, asPrinted: true });
    expect(JSON.parse(JSON.stringify(printed))).toStrictEqual(printed);
  });

  test("has the sums and products of the forward calculation, to the bit, and what float32 makes of it", () => {
    fc.assert(
      fc.property(cases, ({ n, input }) => {
        const { z, a } = n.forward(Float64Array.from(input));
        const short = withPrecision(n, "float32");
        const own = short.forward(Float32Array.from(input));
        const predicted = short.predict(Float32Array.from(input));
        const { layers, outputs, precision } = explain(short, input);
        expect(precision).toBe("float32");
        for (const [l, { units, layer, inputs }] of layers.entries()) {
          expect(layer).toBe(l + 1);
          for (const [j, unit] of units.entries()) {
            let sum = 0;
            for (const { input: value, weight, product } of unit.terms) {
              expect(product === value * weight).toBe(true);
              sum += product;
            }
            expect(unit.terms).toHaveLength(inputs);
            expect(unit.sum === sum && unit.z === sum + unit.bias).toBe(true);
            expect(unit.z === z[l]![j] && unit.a === a[l]![j]).toBe(true);
            expect(unit.float32!.z === own.z[l]![j] && unit.float32!.a === own.a[l]![j]).toBe(true);
          }
        }
        for (const [j, output] of outputs.entries()) {
          expect(output.output === a.at(-1)![j]).toBe(true);
          expect(output.predicted === predicted[j]).toBe(true);
        }
        for (const { units } of explain(n, input).layers)
          for (const unit of units) expect(unit.float32).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  test("has the deltas of the backward pass, which the recursion comes to, and a loss that is the sum over the outputs", () => {
    fc.assert(
      fc.property(cases, ({ n, data, loss, input, target }) => {
        const g = new Float64Array(n.parameterCount);
        const value = objective(n, loss, data).gradient(n.parameters, g);
        const { deltas, loss: explained } = explain(n, input, { target, loss });
        expect(explained!.value === value).toBe(true);
        const sum = explained!.outputs.reduce((total, { term }) => total + term, 0);
        expect(close(sum, value)).toBeLessThanOrEqual(1e-12);
        expect(deltas!.map(({ layer }) => layer)).toEqual(n.layers.map((_, i) => n.layers.length - i));
        for (const { layer, units } of deltas!) {
          for (const { unit, delta, terms, sum, slope, recursion } of units) {
            const index = [...g.keys()].find((i) => parameterName(n, i) === `b${layer}[${unit}]`)!;
            expect(delta === g[index]).toBe(true);
            expect(close(recursion, delta)).toBeLessThanOrEqual(1e-12);
            expect(recursion === (slope ?? 1) * sum).toBe(true);
            for (const { weight, delta: above, product } of terms)
              expect(Math.abs(product)).toBe(Math.abs(weight * above));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("leaves out dropout and penalty, says so, and leaves the network as it is", () => {
    const layers = [dense(2, 3, "tanh", { dropout: 0.5 }), dense(3, 1)];
    const plainLayers = [dense(2, 3, "tanh"), dense(3, 1)];
    const parameters = network(layers, { seed: 1 }).parameters.slice();
    const n = restoreNetwork(layers, parameters, { seed: 1, loss: "huber", options: { penalty: 0.01 } });
    const bare = restoreNetwork(plainLayers, parameters, { seed: 1, loss: "huber" });
    const options = { target: [0.5], parameter: "W1[1,2]" };
    const explained = explain(n, [0.25, -1], options);
    expect(explained.leftOut).toEqual({ dropout: true, penalty: 0.01 });
    expect({ ...explained, leftOut: null }).toEqual({ ...explain(bare, [0.25, -1], options), leftOut: null });
    expect(explain(bare, [0.25, -1]).leftOut).toEqual({ dropout: false, penalty: 0 });
    expect(n.parameters).toEqual(parameters);
  });

  test("gives the names of classes to outputs that have some", () => {
    const made = network([dense(1, 2, "softmax")]);
    const n = restoreNetwork(made.layers, made.parameters, { seed: 0, classes: ["cat", "dog"] });
    expect(explain(n, [1]).outputs.map((output) => output.class)).toEqual(["cat", "dog"]);
    expect(explain(made, [1]).outputs.map((output) => output.class)).toEqual([null, null]);
  });
});

describe("the source's chain", () => {
  const { input, target } = chainExample;

  test("has the golden values of section 6.3, and each derivative is the product along its one path", () => {
    const { layers, loss } = explain(chain(), input, { target });
    // Made elsewhere: another exp may differ in the last digit.
    const near = (values: number[], golden: number[]): void => {
      expect(values).toHaveLength(golden.length);
      for (const [i, value] of values.entries())
        expect(Math.abs(value - golden[i]!)).toBeLessThanOrEqual(2e-16);
    };
    const units = layers.map((layer) => layer.units[0]!);
    near(
      units.map(({ z }) => z),
      [0.5, -0.17347559872111273, 0.24808744223891616],
    );
    near(
      units.map(({ a }) => a),
      [0.6224593312018546, 0.45673953519909677, 0.5617056993932017],
    );
    near([loss!.value], [0.09716044303420503]);
    const golden = [-0.0032218352, -0.0064436704, 0.0284458114, 0.0456990682, 0.0700999968, 0.1534791526];
    for (const [parameter, value] of golden.entries()) {
      const { paths, check } = explain(chain(), input, { target, parameter }).parameter!;
      expect(Math.abs(paths.sum - value)).toBeLessThanOrEqual(6e-11);
      expect(check.differencesError).toBeLessThanOrEqual(1.5e-11);
      expect(paths.listed).toHaveLength(1);
    }
  });

  test.each([
    ["W3[0,0]", "M3", 0.2344, 0.0701, ["M1", "M2"]],
    ["b3[0]", "M4", 0.5131, 0.1535, ["M1", "M2"]],
    ["W1[0,0]", null, undefined, -0.0032, ["M1", "M2"]],
  ] as const)("as printed, dC/d%s misses", (parameter, erratum, printed, correct, errata) => {
    const { asPrinted, check } = explain(chain(), input, { target, parameter, asPrinted: true }).parameter!;
    const form = asPrinted!;
    expect(form.erratum).toBe(erratum);
    expect(form.correct).toBe(check.factors);
    expect(form.correct).toBeCloseTo(correct, 4);
    if (printed !== undefined) expect(form.printed).toBeCloseTo(printed, 4);
    expect(form.difference).toBe(form.printed - form.correct);
    expect(form.ratio).toBe(form.printed / form.correct);
    const wrong = form.factors.filter((factor) => factor.erratum !== null);
    expect(wrong.map((factor) => factor.erratum)).toEqual(errata);
    const [, a2, a3] = explain(chain(), input).layers.map(({ units }) => units[0]!.a) as [
      number,
      number,
      number,
    ];
    expect(wrong.map((factor) => factor.printed)).toEqual([a3, 2 * a2]);
    expect(wrong.map(({ printedFormula }) => printedFormula)).toEqual(["sigmoid(z3[0])", "2 a2[0]"]);
    for (const factor of form.factors)
      if (factor.erratum === null) expect(factor.printed).toBe(factor.correct);
  });

  test("as printed goes without a list of paths, and with a single layer", () => {
    const options = { target: [0.25], parameter: 0, asPrinted: true, paths: 0 };
    const n = restoreNetwork([dense(1, 1)], Float64Array.of(3, 0.5), { seed: 0, loss: "sumOfSquares" });
    const { asPrinted } = explain(n, [0.5], options).parameter!;
    expect(asPrinted).toMatchObject({ erratum: "M3", printed: 0.5 * 2 * (2 * 0.5), correct: 0.5 * 2 * 1.75 });
    expect(asPrinted!.factors.at(-1)).toMatchObject({
      printedFormula: "2 x[0]",
      formula: "2 (a1[0] - y[0])",
    });
  });
});

test("a number that overflows is named, and float32 that overflows alone is null", () => {
  const huge = restoreNetwork([dense(1, 1)], Float64Array.of(1e308, 0), { seed: 0 });
  expect(thrown(() => explain(huge, [1e10]))).toEqual({
    kind: NotFiniteError,
    message:
      "explain: z1[0] is Infinity, expected a finite number, since nothing behind it could be explained; " +
      "look for parameters or inputs that are too large.",
  });
  const steep = restoreNetwork([dense(1, 1)], Float64Array.of(1e200, 0), { seed: 0 });
  const asked = { target: [0], loss: "sumOfSquares" } as const;
  expect(thrown(() => explain(steep, [1], asked)).message).toMatch(/^explain: the loss is Infinity, /);
  const short = restoreNetwork([dense(1, 1)], Float32Array.of(3e38, 0), { seed: 0 });
  const { outputs, layers } = explain(short, [10]);
  expect(outputs[0]!.predicted).toBeNull();
  expect(layers[0]!.units[0]!.float32).toEqual({ z: null, a: null });
});
