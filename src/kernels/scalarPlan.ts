/**
 * The readable plan: the arithmetic of a network one row at a time, the reference for every faster one.
 *
 *   forward   Z_i = A_{i-1} W_i + b_i,  A_i = s_i(Z_i)
 *   backward  dZ_i = dA_i * s_i'(Z_i),  dW_i = A_{i-1}^T dZ_i,  db_i = column sums of dZ_i,  dA_{i-1} = dZ_i W_i^T
 *
 * Each sum runs over ascending index from +0 and the bias comes last; sums over rows follow `reduction.ts`; the gradient
 * of the mean is the sum times 1 / rows. In float32 every operation rounds.
 */
import {
  type Dataset,
  mathematics32,
  mathematics64,
  NumberTree,
  type Seed,
  type Vector,
} from "../core/index.ts";
import { activationTable, softmaxBackwardRow, softmaxRow } from "./activations.ts";
import { firstNotFinite } from "./diagnose.ts";
import { dropoutMask } from "./dropout.ts";
import { type LossFunction, lossTable } from "./losses.ts";
import type { BatchRows, NotFinitePlace, Plan, PlanSpec } from "./plan.ts";
import { BLOCK_ROWS, leavesPerBlock, VectorTree } from "./reduction.ts";
import { type RowKernels, rowKernels } from "./rowKernels.ts";
import type { LayerShape } from "./spec.ts";
import { applyUpdate, type Update } from "./updates.ts";

/** What one layer works on: its place in the flat vector and a block of rows of each of its quantities. */
export interface LayerMemory {
  readonly shape: LayerShape;
  /** Where W and b begin in the flat vector. */
  readonly weightsAt: number;
  readonly biasesAt: number;
  /** `[rows, units]` each, at most BLOCK_ROWS; `out` is `a` after dropout, and is `a` itself where the layer has none. */
  readonly z: Vector;
  readonly a: Vector;
  readonly out: Vector;
  readonly delta: Vector;
  /** 0, or 1 / (1 - dropout), for each activation of the block. */
  readonly mask: Vector | undefined;
}

/** The address of a step's dropout masks. */
interface Masks {
  readonly seed: Seed;
  readonly step: number;
}

export class ScalarPlan implements Plan {
  readonly spec: PlanSpec;
  readonly parameterCount: number;
  layers: readonly LayerMemory[] = [];
  private readonly kernels: RowKernels;
  private readonly loss: LossFunction | undefined;
  private readonly leaves: 1 | 4;
  private readonly losses = new NumberTree();
  private readonly gradients: VectorTree;
  private x!: Vector;
  private y!: Vector;
  /** Rows that the block has room for. */
  private room = 0;
  private data: Dataset | undefined;
  private batch: BatchRows = { from: 0, rows: 0 };
  private masks: Masks | undefined;

  constructor(spec: PlanSpec) {
    this.spec = spec;
    this.kernels = rowKernels(spec.precision);
    this.loss = spec.loss === undefined ? undefined : lossTable(spec.precision)[spec.loss];
    this.leaves = leavesPerBlock(spec.layers);
    this.parameterCount = spec.layers.reduce((sum, { inputs, units }) => sum + (inputs + 1) * units, 0);
    this.gradients = new VectorTree(this.kernels, this.parameterCount);
    this.makeRoom(1);
  }

  /** As much memory as the rows at hand need: many plans are made for one row. */
  private makeRoom(rows: number): void {
    if (rows <= this.room) return;
    this.room = rows;
    const { layers } = this.spec;
    let at = 0;
    this.layers = layers.map((shape) => {
      const weightsAt = at;
      const biasesAt = at + shape.inputs * shape.units;
      at = biasesAt + shape.units;
      return this.layerMemory(shape, weightsAt, biasesAt);
    });
    this.x = this.kernels.zeros(rows * layers[0]!.inputs);
    this.y = this.kernels.zeros(rows * layers.at(-1)!.units);
  }

  private layerMemory(shape: LayerShape, weightsAt: number, biasesAt: number): LayerMemory {
    const block = (): Vector => this.kernels.zeros(this.room * shape.units);
    const a = block();
    const drops = shape.dropout > 0;
    return {
      shape,
      weightsAt,
      biasesAt,
      z: block(),
      a,
      out: drops ? block() : a,
      delta: block(),
      mask: drops ? block() : undefined,
    };
  }

  load(data: Dataset, batch: BatchRows): void {
    this.data = data;
    this.batch = batch;
  }

  dropout(masks?: Masks): void {
    this.masks = masks;
  }

  value(w: Vector): number {
    const { rows } = this.batch;
    for (let start = 0; start < rows; start += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - start);
      this.forwardBlock(w, start, count);
      this.addLosses(count);
    }
    return this.losses.drain() / rows;
  }

  gradient(w: Vector, g: Vector): number {
    const { rows } = this.batch;
    for (let start = 0; start < rows; start += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - start);
      this.forwardBlock(w, start, count);
      this.addLosses(count);
      this.deltas(w, count);
      for (let leaf = 0; leaf < this.leaves; leaf++) {
        const sum = this.gradients.leaf();
        for (let r = leaf; r < count; r += this.leaves) this.addGradient(sum, r);
        this.gradients.push(sum);
      }
    }
    this.gradients.drain(g);
    const { round } = this.kernels;
    const share = round(1 / rows);
    for (let i = 0; i < g.length; i++) g[i] = round(g[i]! * share);
    return this.losses.drain() / rows;
  }

  update(rule: Update, w: Vector, g: Vector): void {
    applyUpdate(rule, w, g);
  }

  steps(): undefined {
    return undefined;
  }

  get anyRows(): boolean {
    return true;
  }

  get holdsVectors(): boolean {
    return false;
  }

  vector(): Vector {
    return this.kernels.zeros(this.parameterCount);
  }

  close(): void {
    // It has nothing that would have to be given back.
  }

  predict(w: Vector, x: Vector | Uint8Array, rows: number, out: Vector, scale = 1): void {
    const { inputs } = this.spec.layers[0]!;
    for (let start = 0; start < rows; start += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - start);
      this.makeRoom(count);
      for (let r = 0; r < count; r++) this.gatherInputs(x, start + r, r, inputs, scale);
      this.forwardLayers(w, 0, count);
      const last = this.layers.at(-1)!;
      out.set(last.a.subarray(0, count * last.shape.units), start * last.shape.units);
    }
  }

  forward(w: Vector, x: Vector, rows: number): { z: Vector[]; a: Vector[] } {
    const { inputs } = this.spec.layers[0]!;
    const all = (): Vector[] => this.layers.map(({ shape }) => this.kernels.zeros(rows * shape.units));
    const z = all();
    const a = all();
    for (let start = 0; start < rows; start += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - start);
      this.makeRoom(count);
      for (let r = 0; r < count; r++) this.gatherInputs(x, start + r, r, inputs, 1);
      this.forwardLayers(w, 0, count);
      for (const [i, layer] of this.layers.entries()) {
        const { units } = layer.shape;
        z[i]!.set(layer.z.subarray(0, count * units), start * units);
        a[i]!.set(layer.a.subarray(0, count * units), start * units);
      }
    }
    return { z, a };
  }

  firstNotFinite(w: Vector): NotFinitePlace | undefined {
    const { rows } = this.batch;
    const g = this.kernels.zeros(this.parameterCount);
    this.makeRoom(Math.min(BLOCK_ROWS, rows));
    return firstNotFinite(
      w,
      this.layers,
      function* (this: ScalarPlan) {
        for (let start = 0; start < rows; start += BLOCK_ROWS) {
          const count = Math.min(BLOCK_ROWS, rows - start);
          this.forwardBlock(w, start, count);
          this.addLosses(count);
          this.deltas(w, count);
          yield { count, loss: this.losses.drain() };
        }
        this.gradient(w, g);
        yield { count: 0, loss: 0, gradient: g };
      }.call(this),
    );
  }

  /** Copies the rows start … start + count - 1 of the batch into the block and runs them through all layers. */
  private forwardBlock(w: Vector, start: number, count: number): void {
    this.makeRoom(count);
    const data = this.data!;
    const { order, from } = this.batch;
    for (let r = 0; r < count; r++) {
      const place = from + start + r;
      const row = order === undefined ? place : order[place]!;
      this.gatherInputs(data.x, row, r, data.inputs, data.scale ?? 1);
      this.gatherTargets(data, row, r);
    }
    this.forwardLayers(w, start, count, this.masks);
  }

  private gatherInputs(x: Vector | Uint8Array, row: number, r: number, inputs: number, scale: number): void {
    const from = row * inputs;
    const to = r * inputs;
    const block = this.x;
    if (!(x instanceof Uint8Array)) {
      for (let i = 0; i < inputs; i++) block[to + i] = x[from + i]!;
      return;
    }
    const { round } = this.kernels;
    const factor = round(scale);
    for (let i = 0; i < inputs; i++) {
      const byte = x[from + i]!;
      block[to + i] = byte === 0 ? 0 : round(byte * factor);
    }
  }

  private gatherTargets({ y, outputs }: Dataset, row: number, r: number): void {
    const to = r * outputs;
    if (y instanceof Uint8Array) {
      for (let j = 0; j < outputs; j++) this.y[to + j] = 0;
      this.y[to + y[row]!] = 1;
      return;
    }
    for (let j = 0; j < outputs; j++) this.y[to + j] = y[row * outputs + j]!;
  }

  /** Without masks, which is what prediction asks for, nothing is dropped and a step's own masks stay as they are. */
  private forwardLayers(w: Vector, start: number, count: number, masks?: Masks): void {
    let below = this.x;
    for (const [i, layer] of this.layers.entries()) {
      this.affine(w, layer, below, count);
      this.activate(layer, count);
      if (layer.mask !== undefined) this.drop(layer, i + 1, start, count, masks);
      below = layer.out;
    }
  }

  /** Z = A W + b for the block. */
  private affine(w: Vector, layer: LayerMemory, below: Vector, count: number): void {
    const { inputs, units } = layer.shape;
    const { addScaled } = this.kernels;
    const { z, weightsAt, biasesAt } = layer;
    z.fill(0, 0, count * units);
    for (let r = 0; r < count; r++) {
      for (let i = 0; i < inputs; i++) {
        const factor = below[r * inputs + i]!;
        if (factor !== 0) addScaled(factor, w, weightsAt + i * units, z, r * units, units);
      }
      addScaled(1, w, biasesAt, z, r * units, units);
    }
  }

  /** A = s(Z) for the block. */
  private activate({ shape, z, a }: LayerMemory, count: number): void {
    const { activation, units } = shape;
    if (activation === "softmax") {
      const { precision, round } = this.kernels;
      const mathematics = precision === "float32" ? mathematics32 : mathematics64;
      for (let r = 0; r < count; r++) softmaxRow(round, mathematics, z, a, r * units, units);
      return;
    }
    const { value } = activationTable(this.kernels.precision)[activation];
    for (let i = 0; i < count * units; i++) a[i] = value(z[i]!);
  }

  /** out = a * mask, or a where no step is being trained. */
  private drop(
    { shape, a, out, mask }: LayerMemory,
    number: number,
    start: number,
    count: number,
    masks?: Masks,
  ): void {
    const { units, dropout } = shape;
    if (masks === undefined) {
      out.set(a.subarray(0, count * units));
      return;
    }
    const { round } = this.kernels;
    dropoutMask(mask!, round(1 / (1 - dropout)), dropout, masks, number, start * units, count * units);
    for (let i = 0; i < count * units; i++) out[i] = round(a[i]! * mask![i]!);
  }

  private addLosses(count: number): void {
    const { z, a, shape } = this.layers.at(-1)!;
    for (let leaf = 0; leaf < this.leaves; leaf++) {
      let sum = 0;
      for (let r = leaf; r < count; r += this.leaves) {
        sum += this.loss!.value(z, a, this.y, r * shape.units, shape.units);
      }
      this.losses.push(sum);
    }
  }

  /** dC/dZ of every layer for the block, from the last to the first. */
  private deltas(w: Vector, count: number): void {
    this.outputDelta(count);
    for (let i = this.layers.length - 1; i > 0; i--) {
      const layer = this.layers[i]!;
      const below = this.layers[i - 1]!;
      this.deltaBelow(w, layer, below, count);
      if (below.mask !== undefined && this.masks !== undefined) this.multiplyByMask(below, count);
      this.throughActivation(below, count);
    }
  }

  private outputDelta(count: number): void {
    const last = this.layers.at(-1)!;
    const { units } = last.shape;
    for (let r = 0; r < count; r++)
      this.loss!.derivative(last.z, last.a, this.y, last.delta, r * units, units);
    if (this.loss!.from === "activations") this.throughActivation(last, count);
  }

  /** delta *= s'(z), or the Jacobian of softmax. */
  private throughActivation({ shape, z, a, delta }: LayerMemory, count: number): void {
    const { activation, units } = shape;
    const { round } = this.kernels;
    if (activation === "softmax") {
      for (let r = 0; r < count; r++) softmaxBackwardRow(round, a, delta, r * units, units);
      return;
    }
    if (activation === "linear") return;
    const { derivative } = activationTable(this.kernels.precision)[activation];
    for (let i = 0; i < count * units; i++) delta[i] = round(delta[i]! * derivative(z[i]!, a[i]!));
  }

  private multiplyByMask({ shape, delta, mask }: LayerMemory, count: number): void {
    const { round } = this.kernels;
    for (let i = 0; i < count * shape.units; i++) delta[i] = round(delta[i]! * mask![i]!);
  }

  /** dC/dA of the layer below: dZ W^T. */
  private deltaBelow(w: Vector, layer: LayerMemory, below: LayerMemory, count: number): void {
    const { inputs, units } = layer.shape;
    const { dot } = this.kernels;
    for (let r = 0; r < count; r++) {
      for (let i = 0; i < inputs; i++) {
        below.delta[r * inputs + i] = dot(layer.delta, r * units, w, layer.weightsAt + i * units, units);
      }
    }
  }

  /** Adds row r's share of dW = A^T dZ and db = dZ of every layer to `sum`. */
  private addGradient(sum: Vector, r: number): void {
    const { addScaled } = this.kernels;
    let below = this.x;
    for (const { shape, weightsAt, biasesAt, delta, out } of this.layers) {
      const { inputs, units } = shape;
      for (let i = 0; i < inputs; i++) {
        const factor = below[r * inputs + i]!;
        if (factor !== 0) addScaled(factor, delta, r * units, sum, weightsAt + i * units, units);
      }
      addScaled(1, delta, r * units, sum, biasesAt, units);
      below = out;
    }
  }
}
