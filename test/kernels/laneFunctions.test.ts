/** Elementary functions and activations in lanes give the bits of the scalar ones, whatever the argument. */
import fc from "fast-check";
import { mathematics32 } from "talweg/core";
import { activationTable } from "talweg/kernels";
import { describe, expect, test } from "vitest";
import { laneActivations } from "../../src/kernels/laneActivations.ts";
import type { LaneMathematics } from "../../src/kernels/laneMathematics.ts";
import type { Local, WasmFunction } from "../../src/kernels/wasmFunction.ts";
import { Int, Lanes } from "../../src/kernels/wasmValues.ts";
import { bitsOf, compareBits, expectNone, manyArguments, type Running, running } from "./laneMaterial.ts";

interface Pair {
  readonly scalar: (x: number) => number;
  readonly lanes: (m: LaneMathematics, f: WasmFunction, x: Local<Lanes>) => Lanes;
}

const mathematics: Record<keyof LaneMathematics, (x: number) => number> = {
  exp: mathematics32.exp,
  expm1: mathematics32.expm1,
  log: mathematics32.log,
  log1p: mathematics32.log1p,
  log1pExp: (x) => mathematics32.log1p(mathematics32.exp(-Math.abs(x))),
  tanh: mathematics32.tanh,
  logistic: mathematics32.logistic,
  erf: mathematics32.erf,
};

const inPlaceAndCalled = (Object.keys(mathematics) as (keyof LaneMathematics)[]).flatMap(
  (name): [string, Pair][] => [
    [`${name} in place`, { scalar: mathematics[name], lanes: (m, f, x) => m[name](x, f) }],
    [`${name} called`, { scalar: mathematics[name], lanes: (m, _f, x) => m[name](x) }],
  ],
);

const scalars = activationTable("float32");
const names = Object.keys(scalars) as (keyof typeof scalars)[];

const values = names.map((name): [string, Pair] => [
  `value of ${name}`,
  { scalar: scalars[name].value, lanes: (m, f, z) => laneActivations[name].value(m, f, z) },
]);

/** A derivative by a alone is given a for z too. */
const derivatives = names.map((name): [string, Pair] => {
  const { value, derivative, derivativeFrom } = laneActivations[name];
  return [
    `derivative of ${name}`,
    {
      scalar: (z) => scalars[name].derivative(z, scalars[name].value(z)),
      lanes: (m, f, z) => {
        const a = f.local(Lanes, value(m, f, z));
        return derivative(m, f, derivativeFrom === "a" ? a : z, a);
      },
    },
  ];
});

const all: [string, Pair][] = [...inPlaceAndCalled, ...values, ...derivatives];

/** A module that runs each of the functions over `bytes` bytes at `x`, four numbers at a time. */
function module(pairs: readonly (readonly [string, Pair])[]): Running {
  return running((wasm, m) => {
    for (const [name, { lanes }] of pairs) {
      wasm.export(name, [Int, Int, Int], undefined, (f, x, out, bytes) => {
        const i = f.local(Int);
        f.count(i, 0, bytes, 16, () => {
          f.store(out.plus(i), 0, lanes(m, f, f.local(Lanes, Lanes.at(x.plus(i)))));
        });
      });
    }
  });
}

/** Runs one function over these arguments and looks for other bits than the scalar one's. */
function compare(
  report: Record<string, unknown>,
  wasm: Running,
  [name, pair]: [string, Pair],
  x: Uint32Array,
): void {
  const { buffer } = wasm.memory;
  const bytes = 4 * x.length;
  new Uint32Array(buffer).set(x);
  wasm.call(name, 0, bytes, bytes);
  const numbers = new Float32Array(buffer, 0, x.length);
  const expected = Float32Array.from(numbers, pair.scalar);
  const where = (i: number): string => `${numbers[i]} (0x${x[i]!.toString(16)})`;
  compareBits(report, name, new Uint32Array(buffer, bytes, x.length), expected, where);
}

describe("in lanes", () => {
  const wasm = module(all);
  const x = manyArguments();

  test.each([
    ["elementary functions", inPlaceAndCalled],
    ["activations", values],
    ["derivatives", derivatives],
  ] as const)("all %s have the scalar bits, at every edge and over all of float32", (_kind, pairs) => {
    const report = {};
    for (const pair of pairs) compare(report, wasm, pair as [string, Pair], x);
    expectNone(report);
  });

  test("random numbers have the scalar bits too, and the lanes do not mix", () => {
    fc.assert(
      fc.property(fc.array(fc.float(), { minLength: 4, maxLength: 4 }), (four) => {
        const report = {};
        for (const pair of all) compare(report, wasm, pair, Uint32Array.from(four, bitsOf));
        expectNone(report);
      }),
    );
  });
});

test("what is called cheap asks for no elementary function", () => {
  const none = new Proxy({} as LaneMathematics, {
    get: (_target, name) => () => {
      throw new Error(`${String(name)} was asked for`);
    },
  });
  const asks = (name: (typeof names)[number]): boolean => {
    try {
      running((wasm) => {
        wasm.export("both", [Lanes], Lanes, (f, z) => {
          const { value, derivative } = laneActivations[name];
          return derivative(none, f, z, f.local(Lanes, value(none, f, z)));
        });
      }, 1);
      return false;
    } catch {
      return true;
    }
  };
  const cheap = names.filter((name) => laneActivations[name].cheap);
  expect(cheap).toEqual(names.filter((name) => !asks(name)));
});
