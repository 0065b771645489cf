/** The output layer and the loss in lanes give the bits of the scalar plan's functions, for four examples at once. */
import { mathematics32, type RandomStream, randomStream } from "talweg/core";
import {
  type Activation,
  activationNames,
  activationTable,
  type Loss,
  lossNames,
  lossTable,
  outputActivations,
} from "talweg/kernels";
import { expect, test } from "vitest";
import { softmaxBackwardRow, softmaxRow } from "../../src/kernels/activations.ts";
import { outputFunctions } from "../../src/kernels/laneOutputs.ts";
import { Int } from "../../src/kernels/wasmValues.ts";
import { compareBits, expectNone, type Running, running } from "./laneMaterial.ts";

const widths = [1, 2, 3, 10, 33] as const;
/** Bytes from unit to unit: four examples, and room for more that must stay as it is. */
const STRIDE = 48;
/** Groups of four examples. */
const GROUPS = 96;
const UNTOUCHED = 0x7fdead00;

const pairs = lossNames.flatMap((loss) => {
  const fitting = outputActivations(loss);
  return (fitting === "any" ? activationNames : fitting).map((activation) => ({ loss, activation }));
});

/** One number of an example; an example has one temper for its logits and one for its targets. */
type Temper = (stream: RandomStream, i: number) => number;
const pick =
  (numbers: readonly number[]): Temper =>
  (stream, i) =>
    numbers[Math.floor(stream.uniform(i) * numbers.length)]!;

const logits: readonly Temper[] = [
  ({ normal }, i) => normal(i),
  ({ normal }, i) => 4 * normal(i),
  ({ normal }, i) => 40 * normal(i),
  ({ normal }, i) => 1e-20 * normal(i),
  pick([0, -0]),
  pick([1, 2, -1, 0, -0, 0.5]),
  pick([1e4, -1e4, 0, 1]),
  pick([3e38, -3e38, 3.4028234663852886e38, 1]),
  pick([1e-45, -1e-45, 1e-39, 0]),
  pick([-Infinity, 0, 3]),
  pick([Infinity, 0, -3]),
  pick([Number.NaN, 0, 3, -2, 7]),
  pick([-Infinity, Infinity, Number.NaN, -0, 1e30]),
];
const targets: readonly Temper[] = [
  ({ normal }, i) => normal(i),
  ({ uniform }, i) => uniform(i),
  pick([0, 1]),
  pick([0, 0, 0, 1]),
  pick([0, -0]),
  pick([0, -0, 1e-45, 3e38, -3e38, 1e4]),
  pick([0, 1, Number.NaN]),
  pick([0, 1, Infinity, -Infinity]),
];

/** `[examples, units]`, each example in a temper of its own. */
function drawn(tempers: readonly Temper[], step: number, units: number, seed: number): Float32Array {
  const stream = randomStream(seed, "data");
  const row = (i: number): Temper => tempers[Math.floor(Math.floor(i / units) / step) % tempers.length]!;
  return Float32Array.from({ length: 4 * GROUPS * units }, (_, i) => row(i)(stream, i));
}

const functions = ["activate", "value", "delta"] as const;

/** For each name a function over the four bases; the losses of `value` go to the last base. */
function module(activation: Activation, loss: Loss | undefined, units: number): Running {
  return running((wasm, m) => {
    const { activate, value, delta } = outputFunctions(wasm, m, { activation, loss, units, stride: STRIDE });
    const bases = [Int, Int, Int, Int] as const;
    wasm.export("activate", bases, undefined, (f, z, a) => f.run(activate.call(z, a)));
    if (value !== undefined)
      wasm.export("value", bases, undefined, (f, z, a, y, out) => f.store(out, 0, value.call(z, a, y)));
    if (delta !== undefined)
      wasm.export("delta", bases, undefined, (f, z, a, y, out) => f.run(delta.call(z, a, y, out)));
  });
}

/** The same by the scalar functions; the examples are rows. */
function scalar(
  activation: Activation,
  loss: Loss | undefined,
  units: number,
  z: Float32Array,
  y: Float32Array,
) {
  const a = new Float32Array(z.length);
  const delta = new Float32Array(z.length);
  const value = new Float32Array(z.length / units);
  const own = activation === "softmax" ? undefined : activationTable("float32")[activation];
  if (own !== undefined) a.set(z.map(own.value));
  for (let at = 0; at < z.length; at += units) {
    if (own === undefined) softmaxRow(Math.fround, mathematics32, z, a, at, units);
    if (loss === undefined) continue;
    const entry = lossTable("float32")[loss];
    value[at / units] = entry.value(z, a, y, at, units);
    entry.derivative(z, a, y, delta, at, units);
    if (entry.from === "logits" || activation === "linear") continue;
    if (own === undefined) softmaxBackwardRow(Math.fround, a, delta, at, units);
    else for (let i = at; i < at + units; i++) delta[i] = delta[i]! * own.derivative(z[i]!, a[i]!);
  }
  return { activate: a, value, delta };
}

/** Where example e's unit j lies in memory, as an index of float32 numbers. */
function place(e: number, j: number, units: number): number {
  return (Math.floor(e / 4) * units + j) * (STRIDE / 4) + (e % 4);
}

/** Compares all functions of one output layer. */
function compare(
  report: Record<string, unknown>,
  activation: Activation,
  loss: Loss | undefined,
  units: number,
): void {
  const wasm = module(activation, loss, units);
  const size = GROUPS * units * STRIDE;
  const bits = new Uint32Array(wasm.memory.buffer).fill(UNTOUCHED);
  const numbers = new Float32Array(wasm.memory.buffer);
  const z = drawn(logits, 1, units, units);
  const y = drawn(targets, logits.length, units, 100 + units);
  for (const [base, from] of [
    [0, z],
    [2 * size, y],
  ] as const)
    from.forEach((x, i) => {
      numbers[base / 4 + place(Math.floor(i / units), i % units, units)] = x;
    });
  const expected = scalar(activation, loss, units, z, y);
  const bases = { activate: size, value: 4 * size, delta: 3 * size };
  for (const name of loss === undefined ? (["activate"] as const) : functions) {
    const wide = name === "value" ? 1 : units;
    for (let group = 0; group < GROUPS; group++) {
      const out = name === "value" ? bases.value + 16 * group : 3 * size + group * units * STRIDE;
      const at = group * units * STRIDE;
      wasm.call(name, at, size + at, 2 * size + at, out);
    }
    const got = Uint32Array.from(expected[name], (_, i) => {
      const e = Math.floor(i / wide);
      return bits[bases[name] / 4 + (name === "value" ? e : place(e, i % wide, units))]!;
    });
    const where = (i: number): string => {
      const e = Math.floor(i / wide) * units;
      return `unit ${i % wide} of z ${z.slice(e, e + units)} y ${y.slice(e, e + units)}`;
    };
    compareBits(report, `${name} of ${loss}, ${activation}, ${units} units`, got, expected[name], where);
  }
  const spoiled = [0, 1, 2, 3].filter((region) =>
    bits
      .subarray((region * size) / 4, ((region + 1) * size) / 4)
      .some((b, i) => i % 12 >= 4 && b !== UNTOUCHED),
  );
  if (spoiled.length > 0) report[`${loss}, ${activation}, ${units} units`] = { spoiled };
}

test.each(widths)(
  "outputs and losses of %d units have the scalar bits, and nothing beside them is touched",
  (units) => {
    const report = {};
    for (const { loss, activation } of pairs) compare(report, activation, loss, units);
    expectNone(report);
  },
);

test("a plan that only predicts has every output activation, and neither value nor delta", () => {
  const report = {};
  for (const activation of activationNames) compare(report, activation, undefined, 3);
  expectNone(report);
  running((wasm, m) => {
    const { value, delta } = outputFunctions(wasm, m, {
      activation: "relu",
      loss: undefined,
      units: 3,
      stride: 16,
    });
    expect([value, delta]).toEqual([undefined, undefined]);
  }, 1);
});
