/**
 * The fast plan: WebAssembly generated for the network at hand (`wideModule.ts`, `narrowModule.ts`), with the bits of
 * `scalarPlan.ts`. float32 only.
 *
 * Data that are trained on in batches are copied into the plan's memory once; what is only gone through, as for a test set,
 * passes block by block. Parameters are taken where they are when they lie in this memory (`vector`), else copied in.
 */
import { type Dataset, requireFinite, type Seed, seedKey, type Vector } from "../core/index.ts";
import { runSteps } from "./declaredSteps.ts";
import type { Engine } from "./engine.ts";
import type { NarrowEngine } from "./narrowEngine.ts";
import { Pace } from "./pace.ts";
import type { BatchRows, DeclaredRun, NotFinitePlace, Plan, PlanSpec } from "./plan.ts";
import { BLOCK_ROWS, isNarrow } from "./reduction.ts";
import { ScalarPlan } from "./scalarPlan.ts";
import { Machine } from "./simdMachine.ts";
import type { ThreadHost } from "./threadHost.ts";
import { applyUpdate, type Update } from "./updates.ts";
import { paysToSkip } from "./zeros.ts";

export interface SimdOptions {
  /** Threads wanted, this one included; 1. */
  readonly threads?: number | undefined;
  readonly host?: ThreadHost | undefined;
  /** The rule by which steps will be taken, where it is known. */
  readonly rule?: Update["rule"] | undefined;
  /** Tiles of twice the width: see `fastKernels.ts`. */
  readonly wide?: boolean | undefined;
}

/** So many rows are worth a look at how many zeros there are. */
const SAMPLED_FROM = 8;

export class SimdPlan implements Plan {
  readonly spec: PlanSpec;
  readonly parameterCount: number;
  private readonly narrow: boolean;
  private readonly options: SimdOptions;
  private machine: Machine | undefined;
  private scalar: ScalarPlan | undefined;
  private data: Dataset | undefined;
  private batch: BatchRows = { from: 0, rows: 0 };
  private masks: { seed: Seed; step: number } | undefined;
  /** One object each for all steps, so that a step makes none. */
  private readonly place = { order: 0, from: 0, rows: 0 };
  private readonly maskAddress = { key0: 0, key1: 0, step: 0 };
  private maskSeed: Seed | undefined;
  private readonly pace = new Pace();

  constructor(spec: PlanSpec, options: SimdOptions = {}) {
    this.spec = spec;
    this.options = options;
    this.narrow = isNarrow(spec.layers);
    this.parameterCount = spec.layers.reduce((sum, { inputs, units }) => sum + (inputs + 1) * units, 0);
  }

  load(data: Dataset, batch: BatchRows): void {
    this.data = data;
    this.batch = batch;
    const { machine } = this;
    if (machine === undefined) return;
    this.loadInto(machine.rows >= batch.rows || !this.narrow ? machine : this.make());
  }

  private loadInto(machine: Machine): void {
    const { data, batch } = this;
    if (data === undefined) return;
    const { order, from, rows } = batch;
    const { engine } = machine;
    if (machine.data !== data) {
      const bytes = data.x instanceof Uint8Array;
      const labels = data.y instanceof Uint8Array;
      const scale = Math.fround(data.scale ?? 1);
      const stage = (start: number, count: number): void => this.stage(machine, data, batch, start, count);
      engine.load({ x: machine.x, bytes, scale, y: machine.y, labels }, { order: 0, from: 0, rows }, stage);
      return;
    }
    if (order !== undefined) {
      const { order: words } = machine;
      for (let i = 0; i < rows; i++) words[i] = order[from + i]!;
    }
    const { place } = this;
    // Who works without an order may keep what it was told.
    if (order === undefined) engine.load(machine.resident!, { order: 0, from, rows });
    else {
      place.order = machine.order.byteOffset;
      place.rows = rows;
      engine.load(machine.resident!, place);
    }
  }

  dropout(masks?: { seed: Seed; step: number }): void {
    this.masks = masks;
    if (this.machine !== undefined) this.setMasks(this.machine.engine);
  }

  value(w: Vector): number {
    const machine = this.ready();
    return machine.engine.value(this.addressOf(machine, w, machine.w));
  }

  gradient(w: Vector, g: Vector): number {
    let machine = this.ready();
    if (machine.rows < this.batch.rows) {
      // The sums of more blocks need more room.
      machine = this.make();
      this.loadInto(machine);
    }
    const own = machine.vectors.owns(g);
    const at = own ? g.byteOffset : machine.g;
    const loss = this.timed(machine, this.addressOf(machine, w, machine.w), at);
    if (!own) g.set(new Float32Array(machine.buffer as ArrayBuffer, at, this.parameterCount));
    return loss;
  }

  /** The gradient, and what it tells about threads. */
  private timed({ engine, commands }: Machine, w: number, g: number): number {
    if (!commands.manned) return engine.gradient(w, g);
    const { pace } = this;
    commands.shared = pace.shared;
    const begun = performance.now();
    const loss = engine.gradient(w, g);
    pace.took(performance.now() - begun, this.batch.rows);
    return loss;
  }

  update(rule: Update, w: Vector, g: Vector): void {
    applyUpdate(rule, w, g);
  }

  steps(run: DeclaredRun, w: Vector, g: Vector, loss: number): number | undefined {
    const machine = this.ready();
    const { engine, resident, vectors } = machine;
    if (!(machine.narrow && this.options.rule !== undefined && machine.data === run.data)) return undefined;
    if (resident === undefined || run.batch > machine.rows || !vectors.owns(w) || !vectors.owns(g)) {
      return undefined;
    }
    const { order } = run;
    if (order !== undefined) {
      for (let i = run.from; i < run.to; i++) machine.order[i] = order[i]!;
    }
    return runSteps(
      engine as NarrowEngine,
      resident,
      vectors,
      machine.table,
      run,
      order === undefined ? 0 : machine.order.byteOffset,
      w as Float32Array,
      g as Float32Array,
      loss,
    );
  }

  predict(w: Vector, x: Vector | Uint8Array, rows: number, out: Vector, scale = 1): void {
    const machine = this.ready();
    const { engine, commands } = machine;
    const { layers } = this.spec;
    const { inputs } = layers[0]!;
    const { units } = layers.at(-1)!;
    const address = this.addressOf(machine, w, machine.w);
    const bytes = x instanceof Uint8Array;
    // A few rows skip zeros anyway.
    if (rows > SAMPLED_FROM) engine.skipZeros(paysToSkip(x, rows, inputs) ? 1 : 0);
    engine.prepare(address, rows);
    for (let start = 0; start < rows; start += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - start);
      const rowsOfX = rows <= BLOCK_ROWS ? x : part(x, start, count, inputs);
      if (rowsOfX instanceof Uint8Array) machine.xBytes.set(rowsOfX);
      else machine.xNumbers.set(rowsOfX);
      if (!bytes && commands.ask("allFinite", count * inputs, machine.x) === 0) {
        requireFinite(x as Vector, inputs, "predict: x");
      }
      engine.predict(address, machine.x, bytes, Math.fround(scale), count, machine.out);
      const { outNumbers } = machine;
      for (let i = 0; i < count * units; i++) out[start * units + i] = outNumbers[i]!;
    }
  }

  forward(w: Vector, x: Vector, rows: number): { z: Vector[]; a: Vector[] } {
    this.scalar ??= new ScalarPlan(this.spec);
    return this.scalar.forward(w, x, rows);
  }

  firstNotFinite(w: Vector): NotFinitePlace | undefined {
    this.scalar ??= new ScalarPlan(this.spec);
    this.scalar.load(this.data!, this.batch);
    this.scalar.dropout(this.masks);
    return this.scalar.firstNotFinite(w);
  }

  /** Fulfilled when all threads work. @throws {ThreadError} When one could not be started. */
  started(): Promise<void> {
    return this.ready().commands.started();
  }

  get anyRows(): boolean {
    return !this.narrow;
  }

  get holdsVectors(): boolean {
    return this.machine !== undefined;
  }

  vector(): Vector {
    return this.ready().vectors.zeros(this.parameterCount);
  }

  close(): void {
    this.machine?.commands.close();
  }

  /** Makes what would else be made at the first evaluation. @throws {OptionError} When it does not fit into one memory. */
  prepare(): void {
    this.ready();
  }

  /** The machine, made when it is known what will be worked on. */
  private ready(): Machine {
    if (this.machine !== undefined) return this.machine;
    const made = this.make();
    this.loadInto(made);
    return made;
  }

  private make(): Machine {
    this.machine?.commands.close();
    const { spec, data, batch, options } = this;
    const inBatches = data !== undefined && (batch.order !== undefined || batch.rows < data.rows);
    const { narrow } = this;
    const made = new Machine(spec, this.parameterCount, {
      rows: narrow ? Math.max(1, batch.rows) : Math.max(batch.rows, BLOCK_ROWS),
      data: inBatches || narrow ? data : undefined,
      // A step of a narrow network is over before threads could meet.
      threads: narrow ? 1 : (options.threads ?? 1),
      rule: options.rule,
      wide: options.wide,
      host: options.host,
    });
    if (data !== undefined) made.engine.skipZeros(paysToSkip(data.x, data.rows, data.inputs) ? 1 : 0);
    this.machine = made;
    this.setMasks(made.engine);
    return made;
  }

  private setMasks(engine: Engine): void {
    const { masks, maskAddress } = this;
    // A plan that only predicts knows no masks.
    if (this.spec.loss === undefined) return;
    if (masks === undefined || this.spec.layers.every(({ dropout }) => dropout === 0)) {
      engine.dropout();
      return;
    }
    if (masks.seed !== this.maskSeed) {
      const key = seedKey(masks.seed);
      maskAddress.key0 = key[0]!;
      maskAddress.key1 = key[1]!;
      this.maskSeed = masks.seed;
    }
    maskAddress.step = masks.step;
    engine.dropout(maskAddress);
  }

  /** Where w lies, or `staging`, to which it is copied. */
  private addressOf(machine: Machine, w: Vector, staging: number): number {
    if (machine.vectors.owns(w)) return w.byteOffset;
    machine.copy(staging, w);
    return staging;
  }

  /** Copies rows of the batch to where the engine reads a block. */
  private stage(machine: Machine, data: Dataset, batch: BatchRows, start: number, count: number): void {
    const { x, y, inputs, outputs } = data;
    const { order, from } = batch;
    const targets = y instanceof Uint8Array ? 1 : outputs;
    if (order === undefined) {
      machine.copy(machine.x, part(x, from + start, count, inputs));
      machine.copy(machine.y, part(y, from + start, count, targets));
      return;
    }
    const width = x instanceof Uint8Array ? 1 : 4;
    const high = y instanceof Uint8Array ? 1 : 4;
    for (let r = 0; r < count; r++) {
      const row = order[from + start + r]!;
      machine.copy(machine.x + r * inputs * width, part(x, row, 1, inputs));
      machine.copy(machine.y + r * targets * high, part(y, row, 1, targets));
    }
  }
}

/** Rows `from` … of row-major numbers. */
function part<V extends Vector | Uint8Array>(x: V, from: number, count: number, width: number): V {
  return x.subarray(from * width, (from + count) * width) as V;
}
