/** What the tests of narrow networks share: an engine in a memory of its own, beside the readable plan with the same numbers. */
import { type Dataset, shuffledOrder, type Vector } from "talweg/core";
import type { LayerShape, Loss, Update } from "talweg/kernels";
import type { ResidentData } from "../../src/kernels/engine.ts";
import { laneRules } from "../../src/kernels/laneRules.ts";
import { MemoryLayout, PAGE } from "../../src/kernels/memoryLayout.ts";
import { NarrowEngine } from "../../src/kernels/narrowEngine.ts";
import { narrowModule } from "../../src/kernels/narrowModule.ts";
import { ScalarPlan } from "../../src/kernels/scalarPlan.ts";
import { examplesFor, parametersFor } from "./material.ts";

export type Rule = Update["rule"];

export const allRules = Object.keys(laneRules) as readonly Rule[];

/** Numbers of a line of the table, as many as the longest has. */
export const LINE = 3;

/** What lies around vectors and must stay. */
const GUARD = 123.456;
const GUARDS = 8;

export interface Form {
  /** Share of inputs that are 0 or -0. */
  readonly zeros?: number;
  readonly bytes?: boolean;
  readonly labels?: boolean;
}

/** Examples for the loss; as bytes and labels where they are asked for. */
export function examples(
  layers: readonly LayerShape[],
  loss: Loss,
  rows: number,
  seed: number,
  { zeros = 0, bytes = false, labels = false }: Form = {},
): Dataset {
  const data = examplesFor(layers, loss, rows, "float32", seed);
  const x = data.x as Float32Array;
  const order = shuffledOrder(x.length, seed, 2);
  for (const i of order.subarray(0, Math.floor(zeros * x.length))) x[i] = i % 2 === 0 ? 0 : -0;
  if (bytes) {
    data.x = Uint8Array.from(x, (v) => Math.min(255, Math.abs(Math.round(100 * v))));
    data.scale = 1 / 255;
  }
  if (labels) data.y = Uint8Array.from({ length: rows }, (_, i) => (i * 7) % data.outputs);
  return data;
}

/** Parameters with all bits of their fractions in use, some of them -0. */
export function parameters(layers: readonly LayerShape[], seed: number, negativeZeros = true): Float32Array {
  const w = parametersFor(layers, "float32", seed) as Float32Array;
  for (let i = 0; i < w.length; i++) w[i] = w[i]! * 1.2345678;
  if (negativeZeros) for (let i = 3; i < w.length; i += 11) w[i] = -0;
  return w;
}

export class Bench {
  readonly engine: NarrowEngine;
  readonly plan: ScalarPlan;
  readonly data: Dataset;
  readonly resident: ResidentData;
  readonly memory: WebAssembly.Memory;
  readonly layers: readonly LayerShape[];
  /** Vectors in the memory, each between guards. */
  readonly w: Float32Array;
  readonly g: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
  readonly out: Float32Array;
  readonly order: Uint32Array;
  readonly table: Float32Array;
  readonly losses: Float64Array;
  readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly guarded: Float32Array[] = [];

  constructor(
    layers: readonly LayerShape[],
    loss: Loss,
    data: Dataset,
    w: Float32Array,
    { batchRows = data.rows, rule, steps = 1 }: { batchRows?: number; rule?: Rule; steps?: number } = {},
  ) {
    const layout = new MemoryLayout();
    const options = rule === undefined ? { batchRows } : { batchRows, rule };
    const planned = narrowModule(layers, loss, options, layout);
    const vectors = [w.length, w.length, w.length, w.length, data.rows * data.outputs];
    const places = vectors.map((n) => layout.floats(n + 2 * GUARDS) + 4 * GUARDS);
    const x = layout.take(data.x.byteLength);
    const y = layout.take(data.y.byteLength);
    const order = layout.take(4 * data.rows);
    const table = layout.floats(LINE * steps);
    const losses = layout.take(8 * steps);
    const pages = Math.ceil(layout.top / PAGE);
    this.bytes = planned.emit({ pages, maximum: pages, shared: false });
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { buffer } = this.memory;
    const views = places.map((at, i) => {
      const all = new Float32Array(buffer, at - 4 * GUARDS, vectors[i]! + 2 * GUARDS).fill(GUARD);
      this.guarded.push(all);
      return all.subarray(GUARDS, GUARDS + vectors[i]!);
    });
    [this.w, this.g, this.m, this.v, this.out] = views as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    this.w.set(w);
    this.m.fill(0);
    this.v.fill(0);
    this.order = new Uint32Array(buffer, order, data.rows);
    this.table = new Float32Array(buffer, table, LINE * steps);
    this.losses = new Float64Array(buffer, losses, steps);
    this.data = data;
    this.layers = layers;
    this.put(x, data.x);
    this.put(y, data.y);
    this.resident = {
      x,
      bytes: data.x instanceof Uint8Array,
      scale: Math.fround(data.scale ?? 1),
      y,
      labels: data.y instanceof Uint8Array,
    };
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(this.bytes), {
      env: { memory: this.memory },
    });
    this.engine = new NarrowEngine(exports);
    this.plan = new ScalarPlan({ layers, loss, precision: "float32" });
  }

  put(at: number, numbers: Dataset["x"]): void {
    if (numbers instanceof Uint8Array) new Uint8Array(this.memory.buffer, at, numbers.length).set(numbers);
    else new Float32Array(this.memory.buffer, at, numbers.length).set(numbers);
  }

  /** Makes these rows the batch of both. */
  load(from: number, rows: number, order?: Uint32Array): void {
    if (order !== undefined) this.order.set(order);
    const at = order === undefined ? 0 : this.order.byteOffset;
    this.engine.load(this.resident, { order: at, from, rows });
    this.plan.load(this.data, order === undefined ? { from, rows } : { order, from, rows });
  }

  /** Places where something wrote that had no business there. */
  trespasses(): string[] {
    const names = ["w", "g", "m", "v", "out"];
    return this.guarded.flatMap((all, i) => {
      const guards = [...all.subarray(0, GUARDS), ...all.subarray(all.length - GUARDS)];
      return guards.every((x) => x === Math.fround(GUARD)) ? [] : [names[i]!];
    });
  }
}

/** Where two vectors differ, with the numbers; NaN equals NaN, and -0 is not +0. */
export function differences(expected: ArrayLike<number>, got: ArrayLike<number>): string[] {
  const found: string[] = [];
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(expected[i], got[i])) found.push(`[${i}] ${expected[i]} became ${got[i]}`);
  }
  return found;
}

/** Constants of all runs; RMSProp takes `beta2` as its decay. */
export const ofRun = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** The constants of step `step`, from 1, of each rule, with vectors of its own that begin at `m` and 0. */
export function updates(rule: Rule, start: Float32Array): (step: number) => Update {
  const m = start.slice();
  const v = new Float32Array(start.length);
  return (step) => {
    const learningRate = 0.03 + 0.01 / step;
    const corrections = { correction1: 1 - 0.9 ** step, correction2: 1 - 0.999 ** step };
    switch (rule) {
      case "gradientDescent":
        return { rule, learningRate };
      case "momentum":
      case "nesterov":
        return { rule, learningRate, momentum: 0.9 - 0.6 / step, velocity: m };
      case "rmsProp":
        // Its first steps are long, since nothing corrects v.
        return { rule, learningRate: learningRate / 16, decay: ofRun.beta2, epsilon: ofRun.epsilon, v: m };
      case "adam":
        return { rule, learningRate, ...ofRun, ...corrections, m, v };
      case "adamW":
        return { rule, learningRate, ...ofRun, ...corrections, m, v, weightDecay: 0.25 / step };
    }
  };
}

/** The constants of a step as the table has them. */
export function line(update: Update): number[] {
  const { learningRate } = update;
  switch (update.rule) {
    case "momentum":
    case "nesterov":
      return [learningRate, update.momentum];
    case "adam":
      return [learningRate / update.correction1, 1 / update.correction2];
    case "adamW":
      return [learningRate / update.correction1, 1 / update.correction2, learningRate * update.weightDecay];
    default:
      return [learningRate];
  }
}

/** The vectors that a rule keeps, in the order in which a run takes them. */
export function kept(update: Update): Vector[] {
  switch (update.rule) {
    case "gradientDescent":
      return [];
    case "momentum":
    case "nesterov":
      return [update.velocity];
    case "rmsProp":
      return [update.v];
    default:
      return [update.m, update.v];
  }
}
