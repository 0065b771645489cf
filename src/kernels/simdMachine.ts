/**
 * A memory, the code generated for it, and the threads that run it.
 *
 *     control block | engine: blocks, panels, … | staging | order of rows | data | parameters, sums, vectors of optimizers
 *
 * Everything is measured out before the memory is made, since a memory that grew would take its views from under those who
 * hold them. Pages that nobody touches cost nothing.
 */
import { type Dataset, OptionError } from "../core/index.ts";
import { Commands } from "./commands.ts";
import { TABLE_BYTES } from "./declaredSteps.ts";
import type { Engine, ResidentData } from "./engine.ts";
import { vectorModule } from "./laneVectors.ts";
import { MemoryLayout, PAGE } from "./memoryLayout.ts";
import { planNarrow } from "./narrowPlan.ts";
import type { PlanSpec } from "./plan.ts";
import { BLOCK_ROWS, isNarrow } from "./reduction.ts";
import { defaultThreadHost, type ThreadHost } from "./threadHost.ts";
import { Threads } from "./threads.ts";
import type { Update } from "./updates.ts";
import { VectorMemory } from "./vectorMemory.ts";
import { planWide } from "./widePlan.ts";

/** WebAssembly memories end at 4 GiB. */
const MOST_PAGES = 65_536;

/** Vectors that optimizers, and who watches over them, keep beside parameters and gradient. */
const SPARE_VECTORS = 16;

/** What kind of network a memory is measured out for. */
export interface PlannedEngine {
  /** Names of the functions that threads run. */
  readonly commands: readonly string[];
  /** Identifies the module: the same key, the same bytes. */
  readonly key: string;
  module(shared: boolean): Uint8Array<ArrayBuffer>;
  /** @param sums Addresses of `sumVectors` vectors of parameters. */
  engine(commands: Commands, sums: readonly number[]): Engine;
  readonly sumVectors: number;
}

export interface MachineOptions {
  /** Rows of the largest batch. */
  readonly rows: number;
  /** The data that will stay in the memory, if any. */
  readonly data: Dataset | undefined;
  readonly threads: number;
  readonly rule?: Update["rule"] | undefined;
  /** Tiles of twice the width, for engines that pair lanes: see `wider.ts`. */
  readonly wide?: boolean | undefined;
  readonly host?: ThreadHost | undefined;
}

const vectorCommands: readonly string[] = [
  "descend",
  "descendBySign",
  "subtract",
  "mix",
  "approach",
  "accumulate",
  "accumulateSquares",
  "divideByRoot",
  "momentum",
  "nesterov",
  "rmsProp",
  "adam",
  "add",
  "scaleTo",
  "dot",
  "absoluteSum",
  "dotDifference",
  "accumulateAbsolute",
];

/** Compiled modules, the latest last; small networks of many shapes come and go in searches and tests. */
const compiled = new Map<string, WebAssembly.Module>();
const MOST_COMPILED = 32;

function compile(key: string, bytes: () => Uint8Array<ArrayBuffer>): WebAssembly.Module {
  const made = compiled.get(key) ?? new WebAssembly.Module(bytes());
  compiled.delete(key);
  compiled.set(key, made);
  if (compiled.size > MOST_COMPILED) compiled.delete(compiled.keys().next().value as string);
  return made;
}

export class Machine {
  /** A `NarrowEngine` where the network is narrow. */
  readonly engine: Engine;
  readonly narrow: boolean;
  readonly vectors: VectorMemory;
  readonly commands: Commands;
  readonly buffer: ArrayBufferLike;
  /** Rows of the largest batch. */
  readonly rows: number;
  /** The data that stay, where they lie. */
  readonly data: Dataset | undefined;
  readonly resident: ResidentData | undefined;
  /** Addresses: rows of inputs and targets on their way, outputs, the order of the batch's rows, parameters and gradient. */
  readonly x: number;
  readonly y: number;
  readonly out: number;
  readonly xNumbers: Float32Array;
  readonly xBytes: Uint8Array;
  readonly outNumbers: Float32Array;
  readonly order: Uint32Array;
  /** Constants of steps: see `declaredSteps.ts`. */
  readonly table: Float32Array;
  readonly w: number;
  readonly g: number;

  /** @throws {OptionError} When it would not fit into one memory. */
  constructor({ layers, loss }: PlanSpec, parameterCount: number, o: MachineOptions) {
    const layout = new MemoryLayout();
    this.narrow = isNarrow(layers);
    const planned = this.narrow
      ? planNarrow(layout, layers, loss, o.rows, o.rule)
      : planWide(layout, layers, loss, o.rows, o.wide === true ? 4 : 2);
    const { inputs } = layers[0]!;
    const { units } = layers.at(-1)!;
    this.x = layout.floats(BLOCK_ROWS * inputs);
    this.y = layout.floats(BLOCK_ROWS * units);
    this.out = layout.floats(BLOCK_ROWS * units);
    const orderRows = o.data?.rows ?? 0;
    const order = layout.take(4 * orderRows);
    const table = layout.take(this.narrow ? TABLE_BYTES : 0);
    const dataX = layout.take(o.data?.x.byteLength ?? 0);
    const dataY = layout.take(o.data?.y.byteLength ?? 0);
    this.w = layout.floats(parameterCount);
    this.g = layout.floats(parameterCount);
    const sums = Array.from({ length: planned.sumVectors }, () => layout.floats(parameterCount));
    const leaves = layout.take(8 * Math.ceil(parameterCount / 1024));
    const vectors = layout.top;
    for (let i = 0; i < SPARE_VECTORS; i++) layout.floats(parameterCount);
    const pages = Math.ceil(layout.top / PAGE);
    if (pages > MOST_PAGES) throw tooLarge(layout.top);
    const shared = o.threads > 1;
    const memory = allocate(pages, shared);
    this.buffer = memory.buffer;
    this.rows = o.rows;
    this.xNumbers = new Float32Array(memory.buffer, this.x, BLOCK_ROWS * inputs);
    this.xBytes = new Uint8Array(memory.buffer, this.x, BLOCK_ROWS * inputs);
    this.outNumbers = new Float32Array(memory.buffer, this.out, BLOCK_ROWS * units);
    this.table = new Float32Array(memory.buffer, table, this.narrow ? TABLE_BYTES / 4 : 0);
    this.order = new Uint32Array(memory.buffer, order, orderRows);
    const limits = { pages: 1, maximum: MOST_PAGES, shared };
    const modules = [
      compile(`${planned.key} ${shared}`, () => planned.module(shared)),
      compile(`vectors ${shared}`, () => vectorModule(limits)),
    ];
    const exports = modules.map((module) => new WebAssembly.Instance(module, { env: { memory } }).exports);
    const names = [...planned.commands, ...vectorCommands];
    const host = o.host ?? (shared ? defaultThreadHost() : undefined);
    const threads = new Threads({ memory, modules, exports, commands: names, threads: o.threads, host });
    this.commands = new Commands(memory, exports, threads, names);
    this.vectors = new VectorMemory(this.commands, leaves, vectors, pages * PAGE);
    this.engine = planned.engine(this.commands, sums);
    this.data = o.data;
    this.resident = o.data === undefined ? undefined : this.keep(o.data, dataX, dataY);
  }

  private keep(data: Dataset, x: number, y: number): ResidentData {
    const bytes = data.x instanceof Uint8Array;
    const labels = data.y instanceof Uint8Array;
    this.copy(x, data.x);
    this.copy(y, data.y);
    return { x, bytes, scale: Math.fround(data.scale ?? 1), y, labels };
  }

  /** Copies numbers to an address; whatever is no byte becomes float32. */
  copy(to: number, numbers: Dataset["x"]): void {
    const { buffer } = this;
    if (numbers instanceof Uint8Array) new Uint8Array(buffer, to, numbers.length).set(numbers);
    else new Float32Array(buffer, to, numbers.length).set(numbers);
  }
}

/** Not every engine gives as much as the standard allows, nor at any time. */
function allocate(pages: number, shared: boolean): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch (error) {
    throw new OptionError(
      "kernels",
      `kernels is "simd", but there are no ${Math.ceil(pages / 16)} MiB of WebAssembly memory to be had here (${String(error)}); ` +
        'pass "auto" or "scalar", smaller batches, or narrower layers.',
    );
  }
}

function tooLarge(bytes: number): OptionError {
  return new OptionError(
    "kernels",
    `kernels is "simd", but the network and its data need ${(bytes / 0x40000000).toFixed(1)} GiB of WebAssembly memory, which ends at 4 GiB; ` +
      'pass "auto" or "scalar", smaller batches, or narrower layers.',
  );
}
