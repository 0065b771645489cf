/**
 * Where the numbers of a narrow network lie while four examples at a time go through it.
 *
 * Everything that belongs to rows of a batch is kept in blocks of 128 rows, one line of memory a unit:
 *
 *     unit 0     row 0 | 1 | 2 | 3 | … | 127 |  64 bytes that nobody uses
 *     unit 1     row 0 | 1 | 2 | 3 | … | 127 |
 *     …
 *
 * so that a load gives four rows of one unit, and lane L of every sum over rows is leaf L of the block (`reduction.ts`).
 * The inputs and targets of the whole batch are kept, block after block; of every other quantity there is one block.
 * Missing rows up to a multiple of eight are copies of the last row; their losses and deltas are made 0.
 */
import { type LaneActivation, laneActivations } from "./laneActivations.ts";
import { type MemoryLayout, roundUp, rowStride } from "./memoryLayout.ts";
import { BLOCK_ROWS } from "./reduction.ts";
import type { LayerShape, Loss } from "./spec.ts";

/** Bytes from one unit of a block to the next. */
export const STRIDE: number = rowStride(BLOCK_ROWS);

/** Bytes of four rows, and of the eight that a tile works on. */
export const FOUR_ROWS = 16;
export const EIGHT_ROWS = 32;

/** Sums that a tile of the gradient keeps in registers. */
export const MOST_SUMS = 8;

export interface NarrowLayer {
  readonly shape: LayerShape;
  /** Undefined for softmax. */
  readonly activation: LaneActivation | undefined;
  readonly isLast: boolean;
  /** Whether training drops activations; those of the last layer are never dropped. */
  readonly drops: boolean;
  /** Bytes from the start of the flat vector to W and to b. */
  readonly weights: number;
  readonly biases: number;
  /** Blocks: z is a where the derivative does not ask for z, `out` is a where nothing is dropped. */
  readonly z: number;
  readonly a: number;
  readonly out: number;
  readonly delta: number;
  /** 0 or 1 / (1 - dropout); all 1 where nothing is being trained. */
  readonly mask: number;
}

export interface NarrowLayout {
  readonly layers: readonly NarrowLayer[];
  readonly loss: Loss | undefined;
  readonly parameterCount: number;
  /** The most rows that a batch can have. */
  readonly batchRows: number;
  /** Blocks of the batch. */
  readonly x: number;
  readonly y: number;
  /** One block of inputs for prediction, so that the batch stays. */
  readonly asked: number;
  /** Stacks of partial sums of the gradient and of the loss (`narrowTree.ts`). */
  readonly gradients: number;
  readonly gradientBytes: number;
  readonly losses: number;
  /** Room for the sums of a tile of the gradient. */
  readonly held: number;
  /** Masks as they are drawn, `[rows, units]`. */
  readonly drawn: number;
  readonly settings: number;
}

/** Offsets in the settings: what was said about the data and the masks, for the functions that need it later. */
export const settings = {
  x: 0,
  bytes: 4,
  scale: 8,
  y: 12,
  labels: 16,
  dropping: 20,
  key0: 24,
  key1: 28,
  step: 32,
  size: 36,
} as const;

/** Bytes of one block of so many units. */
export const blockBytes = (units: number): number => units * STRIDE;

/** Takes the memory for the network from `memory`. */
export function narrowLayout(
  shapes: readonly LayerShape[],
  loss: Loss | undefined,
  batchRows: number,
  memory: MemoryLayout,
): NarrowLayout {
  const trains = loss !== undefined;
  const block = (units: number): number => memory.take(blockBytes(units));
  const blocks = Math.ceil(batchRows / BLOCK_ROWS);
  let top = 0;
  const layers = shapes.map((shape, i): NarrowLayer => {
    const { inputs, units } = shape;
    const isLast = i === shapes.length - 1;
    const activation = shape.activation === "softmax" ? undefined : laneActivations[shape.activation];
    const weights = top;
    const biases = weights + 4 * inputs * units;
    top = biases + 4 * units;
    const a = block(units);
    const drops = trains && !isLast && shape.dropout > 0;
    return {
      shape,
      activation,
      isLast,
      drops,
      weights,
      biases,
      z: isLast || activation?.derivativeFrom === "z" ? block(units) : a,
      a,
      out: drops ? block(units) : a,
      delta: trains ? block(units) : 0,
      mask: drops ? block(units) : 0,
    };
  });
  const gradientBytes = roundUp(top, 64) + 64;
  // As many partial sums as the number of blocks has bits, and one on its way.
  const depth = 33 - Math.clz32(blocks);
  const { inputs } = shapes[0]!;
  const outputs = shapes.at(-1)!.units;
  const widestDrop = Math.max(0, ...layers.filter((l) => l.drops).map((l) => l.shape.units));
  return {
    layers,
    loss,
    parameterCount: top / 4,
    batchRows,
    x: trains ? memory.take(blocks * blockBytes(inputs)) : 0,
    y: trains ? memory.take(blocks * blockBytes(outputs)) : 0,
    asked: block(inputs),
    gradients: trains ? memory.take(depth * gradientBytes) : 0,
    gradientBytes,
    losses: trains ? memory.take(8 * depth) : 0,
    held: trains ? memory.take(FOUR_ROWS * MOST_SUMS) : 0,
    drawn: memory.floats(BLOCK_ROWS * widestDrop),
    settings: memory.take(settings.size),
  };
}

/** n units in tiles of at most four, as equal as can be: where each begins and how many it has. */
export function tilesOf(n: number, most = 4): { first: number; count: number }[] {
  const tiles = Math.ceil(n / most);
  return Array.from({ length: tiles }, (_, t) => {
    const first = Math.floor((n * t) / tiles);
    return { first, count: Math.floor((n * (t + 1)) / tiles) - first };
  });
}
