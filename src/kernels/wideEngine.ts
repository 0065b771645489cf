/** Carries out the commands of a wide network's program: one block of up to 128 rows after the other. */
import { NumberTree } from "../core/index.ts";
import type { Commands } from "./commands.ts";
import type { Engine, MaskAddress, ResidentData, ResidentRows } from "./engine.ts";
import { BLOCK_ROWS } from "./reduction.ts";
import type { WideLayout } from "./wideLayout.ts";
import { BYTES, DROPS, FEW, JUDGES, LABELS, LEARNS } from "./wideModule.ts";
import { paysToSkip } from "./zeros.ts";

/** Evaluations from one look at the zeros of the hidden layers to the next. */
const LOOK_EVERY = 64;

/** Hidden layers with fewer weights are not worth a look. */
const SMALLEST_LOOKED_AT = 4096;

/** Up to this many rows, going through the weights as they lie costs less than packing them first. */
const FEW_ROWS = 8;

type Stage = (start: number, count: number) => void;

const nothing: ResidentData = { x: 0, bytes: false, scale: 1, y: 0, labels: false };

export class WideEngine implements Engine {
  private readonly commands: Commands;
  private readonly layout: WideLayout;
  private readonly parameterBytes: number;
  /** Room for the gradient of a block, and for one partial sum of each level of the tree. */
  private readonly sums: readonly number[];
  private readonly losses: Float32Array;
  private readonly bytes: Float32Array;
  private readonly words: Uint32Array;
  private readonly tree = new NumberTree();
  private data: ResidentData = nothing;
  private rows: ResidentRows = { order: 0, from: 0, rows: 0 };
  private scale = NaN;
  private stage: Stage | undefined;
  private drops = false;
  private predictSkips = 0;
  private few = 0;
  /** One bit for each layer whose products skip zeros: of the first as `skipZeros` says, of the others as it was seen. */
  private skips = 0;
  private evaluations = 0;
  /** The inputs of the hidden layers that ReLU or dropout may leave full of zeros, by layer from 0. */
  private readonly hidden: ReadonlyMap<number, Float32Array>;

  /** @param sums Addresses of vectors of parameters: one more than the tree of a batch's blocks has levels; none for one block. */
  constructor(commands: Commands, layout: WideLayout, parameterCount: number, sums: readonly number[]) {
    this.commands = commands;
    this.layout = layout;
    this.parameterBytes = 4 * parameterCount;
    this.sums = sums;
    const { buffer } = commands.memory;
    this.losses = new Float32Array(buffer, layout.losses, BLOCK_ROWS);
    this.bytes = new Float32Array(buffer, layout.byteTable, 256);
    this.words = new Uint32Array(buffer, layout.masks, 3);
    const hidden = layout.layers.flatMap(({ shape, input }, i): [number, Float32Array][] => {
      const below = layout.layers[i - 1]?.shape;
      const sparse = below !== undefined && (below.activation === "relu" || below.dropout > 0);
      if (!sparse || shape.inputs * shape.units < SMALLEST_LOOKED_AT) return [];
      return [[i, new Float32Array(buffer, input.address, (BLOCK_ROWS * input.stride) / 4)]];
    });
    this.hidden = new Map(hidden);
  }

  /** What ReLU let through in the block at hand decides how the next steps go about it. */
  private lookAtHidden(rows: number): void {
    for (const [i, numbers] of this.hidden) {
      const { shape, input } = this.layout.layers[i]!;
      const pays = paysToSkip(numbers, Math.min(rows, BLOCK_ROWS), shape.inputs, input.stride / 4);
      this.skips = pays ? this.skips | (1 << i) : this.skips & ~(1 << i);
    }
  }

  private skipsAfterLook(rows: number): number {
    this.lookAtHidden(rows);
    return this.skips;
  }

  skipZeros(layers: number): void {
    this.skips = (this.skips & ~1) | (layers & 1);
  }

  load(data: ResidentData, rows: ResidentRows, stage?: Stage): void {
    this.data = data;
    this.rows = rows;
    this.stage = stage;
  }

  dropout(masks?: MaskAddress): void {
    this.drops = masks !== undefined;
    if (masks === undefined) return;
    this.words[0] = masks.key0;
    this.words[1] = masks.key1;
    this.words[2] = masks.step;
  }

  value(w: number): number {
    const { rows } = this.rows;
    let skips = this.skipsOf(rows);
    this.pack(w, rows, 0);
    for (let start = 0; start < rows; start += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - start);
      this.pass(w, start, count, JUDGES, skips);
      this.addLosses(count);
      if (start === 0 && rows > count) skips = this.skipsAfterLook(count);
    }
    return this.tree.drain() / rows;
  }

  gradient(w: number, g: number): number {
    const { rows } = this.rows;
    const { commands } = this;
    const skips = this.skipsOf(rows);
    const share = Math.fround(1 / rows);
    this.pack(w, rows, 1);
    if (rows <= BLOCK_ROWS) {
      this.pass(w, 0, rows, JUDGES | LEARNS, skips);
      commands.run("gradients", rows, g, skips, share);
      if (this.evaluations++ % LOOK_EVERY === 0) this.lookAtHidden(rows);
      this.addLosses(rows);
      return this.tree.drain() / rows;
    }
    this.gradientOfBlocks(w, g, skips, share);
    return this.tree.drain() / rows;
  }

  /** As `VectorTree` in reduction.ts: block b is joined with as many partial sums as b has ones at its end. */
  private gradientOfBlocks(w: number, g: number, skips: number, share: number): void {
    const { rows } = this.rows;
    const { commands, parameterBytes } = this;
    const n = parameterBytes / 4;
    const free = [...this.sums];
    const partial: number[] = [];
    let block = 0;
    for (let start = 0; start < rows; start += BLOCK_ROWS, block++) {
      const count = Math.min(BLOCK_ROWS, rows - start);
      this.pass(w, start, count, JUDGES | LEARNS, skips);
      this.addLosses(count);
      let sum = free.pop()!;
      commands.run("gradients", count, sum, skips, 1);
      for (let ones = block; (ones & 1) === 1; ones >>= 1) {
        const earlier = partial.pop()!;
        commands.vectors("add", n, earlier, earlier, sum);
        free.push(sum);
        sum = earlier;
      }
      partial.push(sum);
    }
    let sum = partial.pop()!;
    while (partial.length > 0) {
      const earlier = partial.pop()!;
      commands.vectors("add", n, earlier, earlier, sum);
      sum = earlier;
    }
    commands.vectors("scaleTo", n, g, sum, share);
  }

  prepare(w: number, rows: number): void {
    this.predictSkips = this.skipsOf(rows);
    this.few = rows <= FEW_ROWS ? FEW : 0;
    this.pack(w, rows, 0);
  }

  predict(w: number, x: number, bytes: boolean, scale: number, rows: number, out: number): void {
    if (bytes) this.setScale(scale);
    this.commands.run("pass", w, rows, this.few | (bytes ? BYTES : 0), this.predictSkips, x);
    this.commands.run("outputs", rows, out);
    if (this.few === 0 && this.evaluations++ % LOOK_EVERY === 0)
      this.predictSkips = this.skipsAfterLook(rows);
  }

  private pack(w: number, rows: number, gradient: number): void {
    const panels = rows > FEW_ROWS ? 1 : 0;
    if (panels + gradient > 0) this.commands.run("pack", w, panels, gradient);
  }

  private skipsOf(rows: number): number {
    return rows <= FEW_ROWS ? (1 << this.layout.layers.length) - 1 : this.skips;
  }

  private pass(w: number, start: number, count: number, what: number, skips: number): void {
    const { bytes, labels, x, y, scale } = this.data;
    const { order, from } = this.rows;
    if (bytes) this.setScale(scale);
    this.stage?.(start, count);
    const few = this.rows.rows <= FEW_ROWS ? FEW : 0;
    const options = what | few | (this.drops ? DROPS : 0) | (bytes ? BYTES : 0) | (labels ? LABELS : 0);
    const place = this.stage === undefined ? from + start : 0;
    this.commands.run(
      "pass",
      w,
      count,
      options,
      skips,
      x,
      y,
      order === 0 ? 0 : order + 4 * place,
      order === 0 ? place : 0,
      start,
    );
  }

  private setScale(scale: number): void {
    if (this.scale === scale) return;
    for (let byte = 0; byte < 256; byte++) this.bytes[byte] = byte * scale;
    this.scale = scale;
  }

  private addLosses(count: number): void {
    let sum = 0;
    for (let r = 0; r < count; r++) sum += this.losses[r]!;
    this.tree.push(sum);
  }
}
