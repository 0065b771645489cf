/** The engine of narrow networks: an instance of `narrowModule.ts` and what it was last told. */
import type { DeclaredSteps, Engine, MaskAddress, ResidentData, ResidentRows } from "./engine.ts";
import { BLOCK_ROWS } from "./reduction.ts";

/** What the module exports; addresses are of the memory that it was given. */
export interface NarrowExports {
  predict(w: number, x: number, bytes: number, scale: number, rows: number, out: number): void;
  value(w: number, rows: number): number;
  gradient(w: number, g: number, rows: number): number;
  describe(x: number, bytes: number, scale: number, y: number, labels: number): void;
  dropout(on: number, key0: number, key1: number, step: number): void;
  load(order: number, from: number, rows: number, block: number): void;
  steps(
    w: number,
    g: number,
    m: number,
    v: number,
    order: number,
    from: number,
    to: number,
    batch: number,
    count: number,
    loaded: number,
    table: number,
    stride: number,
    losses: number,
    beta1: number,
    beta2: number,
    rest1: number,
    rest2: number,
    epsilon: number,
    sum: number,
  ): number;
}

/** A run of steps of the rule that the module was made for (`narrowSteps.ts`). */
export interface NarrowSteps extends Omit<DeclaredSteps, "rule"> {
  /** How many steps; after the batch that ends at `to` comes the one at `from` again. */
  readonly count: number;
  /** Addresses of vectors; m and v are what `laneRules.ts` says, and what the rule does not keep is 0. */
  readonly w: number;
  readonly g: number;
  readonly m: number;
  readonly v: number;
  /** Address of the constants of each step, and bytes from one step's to the next's, 0 where all steps have the same. */
  readonly table: number;
  readonly stride: number;
  /** Where the loss of each step is written, float64; 0 for nowhere. */
  readonly losses: number;
  /** 0 where the rule has none; `beta2` is the decay of rmsProp. */
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** To which loss * rows of each step is added. */
  readonly sum: number;
}

const nothing: ResidentRows = { order: 0, from: 0, rows: 0 };

export class NarrowEngine implements Engine {
  private readonly wasm: NarrowExports;
  private data: ResidentData | undefined;
  private rows = 0;
  /** What need not be gathered again: rows without an order, of data that stay. */
  private kept = nothing;

  /** @param exports Of an instance of the module, in the memory that was measured out for it. */
  constructor(exports: WebAssembly.Exports) {
    this.wasm = exports as unknown as NarrowExports;
  }

  load(data: ResidentData, batch: ResidentRows, stage?: (start: number, count: number) => void): void {
    if (stage === undefined && this.keeps(data, batch)) return;
    this.describe(data);
    const { order, from, rows } = batch;
    this.rows = rows;
    this.kept = nothing;
    if (stage === undefined) {
      this.wasm.load(order, from, rows, 0);
      if (order === 0) this.kept = batch;
      return;
    }
    for (let start = 0; start < rows; start += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - start);
      stage(start, count);
      this.wasm.load(0, 0, count, start / BLOCK_ROWS);
    }
  }

  private describe(data: ResidentData): void {
    const { x, bytes, scale, y, labels } = data;
    this.wasm.describe(x, Number(bytes), scale, y, Number(labels));
    this.data = data;
  }

  private keeps(data: ResidentData, { order, from, rows }: ResidentRows): boolean {
    const { kept } = this;
    return this.data === data && order === 0 && kept.from === from && kept.rows === rows;
  }

  /** Zeros are not looked for: four examples seldom have them in the same places. */
  skipZeros(_layers: number): void {}

  dropout(masks?: MaskAddress): void {
    if (masks === undefined) this.wasm.dropout(0, 0, 0, 0);
    else this.wasm.dropout(1, masks.key0, masks.key1, masks.step);
  }

  value(w: number): number {
    return this.wasm.value(w, this.rows);
  }

  gradient(w: number, g: number): number {
    return this.wasm.gradient(w, g, this.rows);
  }

  /** Nothing: the weights are read where they lie. */
  prepare(_w: number, _rows: number): void {}

  predict(w: number, x: number, bytes: boolean, scale: number, rows: number, out: number): void {
    this.wasm.predict(w, x, Number(bytes), scale, rows, out);
  }

  /** Takes the steps, and gives the sum after them. */
  steps(data: ResidentData, run: NarrowSteps): number {
    const { order, from, to, batch, beta1, beta2 } = run;
    const rows = Math.min(batch, to - from);
    const known = this.keeps(data, { order, from, rows });
    this.describe(data);
    const sum = this.wasm.steps(
      run.w,
      run.g,
      run.m,
      run.v,
      order,
      from,
      to,
      batch,
      run.count,
      Number(known),
      run.table,
      run.stride,
      run.losses,
      beta1,
      beta2,
      1 - beta1,
      1 - beta2,
      run.epsilon,
      run.sum,
    );
    // What was gathered last stays where it was the only batch.
    this.kept = order === 0 && rows === to - from ? { order, from, rows } : nothing;
    this.rows = this.kept.rows;
    return sum;
  }
}
