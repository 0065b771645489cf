/**
 * Registers of eight lanes where the engine can: V8 of Node 24 and later has an experimental pass that pairs neighbouring
 * operations on four lanes into one on eight. It is switched on at run time, for the modules that are compiled from then on,
 * and only for who asks, since it is experimental.
 *
 * Before it is used it must show that it computes the bits of the readable plan; if not, or where there is no such pass, all
 * goes on as before.
 */
import { type Dataset, randomStream } from "../core/index.ts";
import type { PlanSpec } from "./plan.ts";
import { ScalarPlan } from "./scalarPlan.ts";
import { SimdPlan } from "./simdPlan.ts";

const FLAG = "--experimental-wasm-revectorize";

/** The first Node whose V8 was seen to do it right. */
const FIRST_NODE = 24;

/** How long the bits are compared, in milliseconds: several times as long as the optimizing compiler was seen to need. */
const PROBATION = 100;

let usable: boolean | undefined;

/** Switches the pass on, the first time; whether wide tiles may be used. */
export function widerLanes(): boolean {
  usable ??= switchOn() && givesTheSameBits();
  return usable;
}

function switchOn(): boolean {
  const node = globalThis.process?.versions?.node;
  if (node === undefined || Number.parseInt(node, 10) < FIRST_NODE) return false;
  // Looked up and not imported, as in threadHost.ts.
  const v8 = globalThis.process.getBuiltinModule?.("node:v8");
  if (v8 === undefined) return false;
  try {
    v8.setFlagsFromString(FLAG);
    return true;
  } catch {
    return false;
  }
}

/** A network with whole and half tiles in every product, over a batch with a tail. */
function givesTheSameBits(): boolean {
  const widths = [40, 56, 27, 10];
  const layers = widths.slice(1).map((units, i) => ({
    inputs: widths[i]!,
    units,
    activation: i < 2 ? ("tanh" as const) : ("softmax" as const),
    dropout: 0,
  }));
  const spec: PlanSpec = { layers, loss: "categoricalCrossEntropy", precision: "float32" };
  const { uniform } = randomStream(1, "data");
  const rows = 37;
  const data: Dataset = {
    x: Float32Array.from({ length: rows * 40 }, (_, i) => uniform(i) - 0.5),
    y: Uint8Array.from({ length: rows }, (_, i) => i % 10),
    rows,
    inputs: 40,
    outputs: 10,
  };
  const scalar = new ScalarPlan(spec);
  const w = Float32Array.from({ length: scalar.parameterCount }, (_, i) => uniform(i + 5000) - 0.5);
  scalar.load(data, { from: 0, rows });
  const wanted = new Float32Array(w.length);
  const loss = scalar.gradient(w, wanted);
  const wide = new SimdPlan(spec, { wide: true });
  wide.load(data, { from: 0, rows });
  const g = new Float32Array(w.length);
  // The pass belongs to the optimizing compiler, which takes over in the background, after some calls and some time.
  const until = performance.now() + PROBATION;
  do {
    if (wide.gradient(w, g) !== loss || !g.every((x, i) => Object.is(x, wanted[i]))) return false;
  } while (performance.now() < until);
  return true;
}
