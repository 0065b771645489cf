/**
 * Where the numbers of a wide network lie while a block of up to 128 rows goes through it.
 *
 *   rows          x, z, a, out, delta    [128][units], one row every `stride` bytes (see rowStride)
 *   panels        W in strips of 8 units [units / 8][inputs][8], and W^T likewise [inputs / 8][units][8], packed anew for
 *                 each vector of parameters: the tiles of `wideDense.ts` then read one strip from front to back
 *   entries       the numbers of a row that are not zero, one after the other: {offset of that input's weights, number}
 *   lists         the same by input: {offset of the row in delta, number}, 128 places each
 *   quads         the output layer again, four rows in the lanes: [128 / 4][units][4] (see laneOutputs.ts)
 *
 * Columns between a width and the next multiple of 8 hold rubbish that nobody reads: sums run over the true widths.
 */
import { laneActivations } from "./laneActivations.ts";
import { type MemoryLayout, roundUp, rowStride } from "./memoryLayout.ts";
import { BLOCK_ROWS } from "./reduction.ts";
import { type LayerShape, type Loss, MOST_THREADS } from "./spec.ts";

/** Bytes of an entry: where, and which number. */
export const ENTRY = 8;

/** Rows as they lie in a block: the address of the first, and the bytes from one to the next. */
export interface RowBlock {
  readonly address: number;
  readonly stride: number;
}

export interface WideLayer {
  readonly shape: LayerShape;
  /** Of weights and biases, in bytes from the start of the parameters. */
  readonly weightsAt: number;
  readonly biasesAt: number;
  /** What goes in: the block's inputs, or what came out of the layer below. */
  readonly input: RowBlock;
  /** z is kept apart from a only where a derivative needs it; `out` is a after dropout, a itself where there is none. */
  readonly z: RowBlock;
  readonly a: RowBlock;
  readonly out: RowBlock;
  readonly delta: RowBlock;
  /** 0 or 1 / (1 - dropout) for activation `row * units + unit`; 0 where there is no dropout. */
  readonly mask: number;
  readonly panels: number;
  readonly panelBytes: number;
  readonly transposed: number;
  readonly transposedBytes: number;
  readonly entries: RowBlock;
  /** Where the entries of each row end, u32 `[128]`. */
  readonly entryEnds: number;
  readonly lists: RowBlock;
  /** Where each thread's part of each list ends, u32 `[threads][inputs]`. */
  readonly listEnds: number;
}

export interface WideLayout {
  readonly layers: readonly WideLayer[];
  /** float32 of each byte times the scale, `[256]`. */
  readonly byteTable: number;
  /** float32 `[128]`. */
  readonly losses: number;
  /** In how many parts the lists were written, u32. */
  readonly parts: number;
  /** What dropout masks are drawn from: two words of the seed, and the step. */
  readonly masks: number;
  /** Address and bytes from one group of four rows to the next, of z, a, targets and delta of the output layer. */
  readonly quads: { z: number; a: number; y: number; delta: number; stride: number };
}

export function wideLayout(
  layout: MemoryLayout,
  shapes: readonly LayerShape[],
  loss: Loss | undefined,
): WideLayout {
  const block = (width: number): RowBlock => {
    const stride = rowStride(width);
    return { address: layout.take(BLOCK_ROWS * stride), stride };
  };
  let at = 0;
  let input = block(shapes[0]!.inputs);
  const layers = shapes.map((shape, i): WideLayer => {
    const { inputs, units, activation, dropout } = shape;
    const weightsAt = at;
    const biasesAt = at + 4 * inputs * units;
    at = biasesAt + 4 * units;
    const a = block(units);
    // Of the last layer only z lies in rows; the rest is in quads.
    const last = i === shapes.length - 1;
    const apart = !last && activation !== "softmax" && laneActivations[activation].derivativeFrom === "z";
    const z = apart ? block(units) : a;
    const out = dropout > 0 ? block(units) : a;
    const panelBytes = 32 * inputs;
    const transposedBytes = 32 * roundUp(units, 4);
    const listStride = ENTRY * BLOCK_ROWS + 64;
    const learns = loss !== undefined;
    const layer: WideLayer = {
      shape,
      weightsAt,
      biasesAt,
      input,
      z,
      a,
      out,
      delta: learns ? block(units) : a,
      mask: dropout > 0 ? layout.floats(BLOCK_ROWS * units) : 0,
      panels: layout.take(roundUp(units, 16) * 4 * inputs),
      panelBytes,
      transposed: learns && i > 0 ? layout.take((roundUp(inputs, 8) / 8) * transposedBytes) : 0,
      transposedBytes,
      entries: {
        address: layout.take(BLOCK_ROWS * (ENTRY * inputs + 64)),
        stride: ENTRY * inputs + 64,
      },
      entryEnds: layout.take(4 * BLOCK_ROWS),
      lists: { address: learns ? layout.take(inputs * listStride) : 0, stride: listStride },
      listEnds: learns ? layout.take(4 * MOST_THREADS * inputs) : 0,
    };
    input = out;
    return layer;
  });
  const { units } = shapes.at(-1)!;
  const quad = (): number => layout.take((BLOCK_ROWS / 4) * 16 * units);
  return {
    layers,
    byteTable: layout.floats(256),
    losses: layout.floats(BLOCK_ROWS),
    parts: layout.take(4),
    masks: layout.take(12),
    quads: { z: quad(), a: quad(), y: quad(), delta: quad(), stride: 16 * units },
  };
}
