/** What the tests of the lanes share: a module that is run at once, arguments of all kinds, comparisons of bits. */
import { expect } from "vitest";
import { LaneMathematics } from "../../src/kernels/laneMathematics.ts";
import { WasmModule } from "../../src/kernels/wasmModule.ts";

export interface Running {
  readonly memory: WebAssembly.Memory;
  /** Calls an exported function. */
  call(name: string, ...values: number[]): void;
}

/** The module that `build` has filled, with its memory. */
export function running(build: (module: WasmModule, m: LaneMathematics) => void, pages = 64): Running {
  const module = new WasmModule();
  build(module, new LaneMathematics(module));
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const bytes = module.finish({ pages, maximum: pages, shared: false });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return {
    memory,
    call: (name, ...values) => (exports[name] as (...values: number[]) => void)(...values),
  };
}

const word = new Uint32Array(1);
const single = new Float32Array(word.buffer);

export function bitsOf(x: number): number {
  single[0] = x;
  return word[0]!;
}

/** The bits of numbers at which something may change: ends of float32, NaNs of all kinds, clamps, halves of ln 2. */
function edges(): number[] {
  const ends = [0, Infinity, 2 ** -149, 2 ** -126, 2 ** -126 - 2 ** -149, 3.4028234663852886e38];
  const powers = [-60, -30, -26, -25, -24, -14, -13, -12, -2, -1, 0, 1, 2, 5, 23, 24, 60, 63].map(
    (e) => 2 ** e,
  );
  const clamps = [
    0.625,
    Math.SQRT2,
    Math.SQRT1_2,
    3,
    4,
    5.65,
    10,
    17.5,
    60 * Math.LN2,
    87.33655,
    88.72284,
    89,
  ];
  const lows = [103.27893, 103.97208, 104, 1e4, 1e30, 3e38, 1.2533, 17.328];
  const turns = Array.from({ length: 152 }, (_, k) => (k + 0.5) * Math.LN2);
  const positive = [...ends, ...powers, ...clamps, ...lows, ...turns].map(bitsOf);
  const around = positive.flatMap((b) => Array.from({ length: 129 }, (_, i) => b + i - 64));
  const valid = around.filter((b) => b >= 0 && b <= 0x7f800040);
  const nan = [0x7fc00000, 0x7fffffff, 0x7f800001, 0x7f80ffff, 0x7fbfffff];
  return [...valid, ...nan].flatMap((b) => [b, b + 0x80000000]);
}

/** Bits of arguments: the edges, one of each 2^15 patterns, and a fine net from -22 to 22. */
export function manyArguments(): Uint32Array<ArrayBuffer> {
  const sweep = Array.from({ length: 1 << 17 }, (_, i) => i * 32768 + (Math.imul(i, 0x9e3779b1) >>> 17));
  const net = Array.from({ length: 45056 }, (_, i) => bitsOf((i - 22528) / 1024 + (i % 7) / 16384));
  const all = Uint32Array.from([...edges(), ...sweep, ...net]);
  return all.subarray(0, all.length & ~3).slice();
}

/** Adds to `report` how often, and where first, the bits differ; NaN equals NaN. */
export function compareBits(
  report: Record<string, unknown>,
  name: string,
  got: Uint32Array,
  expected: Float32Array,
  where: (i: number) => string,
): void {
  const gotNumbers = new Float32Array(got.buffer, got.byteOffset, got.length);
  const expectedBits = new Uint32Array(expected.buffer, expected.byteOffset, expected.length);
  const differing: string[] = [];
  let count = 0;
  for (let i = 0; i < expected.length; i++) {
    if (got[i] === expectedBits[i] || (Number.isNaN(gotNumbers[i]) && Number.isNaN(expected[i]))) continue;
    count++;
    if (differing.length < 5)
      differing.push(`${where(i)}: ${show(gotNumbers[i]!)}, not ${show(expected[i]!)}`);
  }
  if (count > 0) report[name] = { count, differing };
}

/** Every difference of a report at once. */
export function expectNone(report: Record<string, unknown>): void {
  expect(report).toEqual({});
}

const show = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));
