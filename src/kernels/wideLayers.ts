/**
 * What one layer of a wide network does with rows of a block, beside the products: activations, dropout, and the way back
 * through both.
 */
import { laneActivations } from "./laneActivations.ts";
import type { LaneMathematics } from "./laneMathematics.ts";
import { dropThreshold, type maskFunction } from "./laneRandom.ts";
import type { WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Int, Ints, Lanes, Single } from "./wasmValues.ts";
import { denseBackward, denseForward, type Finish, type TileVectors } from "./wideDense.ts";
import type { RowBlock, WideLayer, WideLayout } from "./wideLayout.ts";
import { byteReader, compressRow, floatReader, sparseForward } from "./wideSparse.ts";

type I = typeof Int;

/** A loop over the vectors of rows `row` … `rowEnd` - 1 of a block, from front to back. */
function overRows(
  f: WasmFunction,
  { stride }: RowBlock,
  row: Int,
  rowEnd: Int,
  body: (offset: Int) => void,
): void {
  const offset = f.local(Int);
  f.count(offset, row.times(stride), rowEnd.times(stride), 16, () => body(offset));
}

/** a = s(z) for rows, where the tiles have not done it. */
function activation(module: WasmModule, m: LaneMathematics, { shape, z, a }: WideLayer) {
  if (shape.activation === "softmax") throw new Error("softmax is for outputs only");
  const { value } = laneActivations[shape.activation];
  return module.inner([Int, Int], undefined, (f, row, rowEnd) => {
    const v = f.local(Lanes);
    overRows(f, a, row, rowEnd, (offset) => {
      v.set(Lanes.at(offset, z.address));
      f.store(offset, a.address, value(m, f, v));
    });
  });
}

/** delta = delta * s'(z) for rows. */
function throughActivation(module: WasmModule, m: LaneMathematics, { shape, z, a, delta }: WideLayer) {
  if (shape.activation === "softmax") throw new Error("softmax is for outputs only");
  const { derivative } = laneActivations[shape.activation];
  return module.inner([Int, Int], undefined, (f, row, rowEnd) => {
    const zv = f.local(Lanes);
    const av = f.local(Lanes);
    overRows(f, a, row, rowEnd, (offset) => {
      av.set(Lanes.at(offset, a.address));
      zv.set(z === a ? av : Lanes.at(offset, z.address));
      f.store(offset, delta.address, Lanes.at(offset, delta.address).times(derivative(m, f, zv, av)));
    });
  });
}

/** to = from * mask for rows; the masks have no gaps between rows. */
function masked(module: WasmModule, { shape, mask }: WideLayer, from: RowBlock, to: RowBlock) {
  return module.inner([Int, Int], undefined, (f, row, rowEnd) => {
    const r = f.local(Int);
    const j = f.local(Int);
    f.count(r, row, rowEnd, 1, () => {
      f.count(j, 0, 4 * shape.units, 16, () => {
        const factor = Lanes.at(r.times(4 * shape.units).plus(j), mask);
        const number = Lanes.at(r.times(from.stride).plus(j), from.address);
        f.store(r.times(to.stride).plus(j), to.address, number.times(factor));
      });
    });
  });
}

/** Copies rows without dropout: what a value without masks asks for. */
function copied(module: WasmModule, from: RowBlock, to: RowBlock) {
  return module.inner([Int, Int], undefined, (f, row, rowEnd) => {
    overRows(f, from, row, rowEnd, (offset) => {
      f.store(offset, to.address, Lanes.at(offset, from.address));
    });
  });
}

/** One row of inputs into the block: bytes times the scale, or float32 as they are. */
export function copyRow(
  module: WasmModule,
  { shape, input }: WideLayer,
  byteTable: number,
  bytes: boolean,
): RowRange {
  const { inputs } = shape;
  return module.inner([Int, Int], undefined, (f, from, r) => {
    const to = f.local(Int, r.times(input.stride).plus(input.address));
    const i = f.local(Int);
    if (!bytes) {
      f.count(i, 0, 4 * inputs, 16, () => f.store(to.plus(i), 0, Lanes.at(from.plus(i))));
      return;
    }
    const scale = f.local(Lanes, Lanes.splatAt(Int.of(byteTable), 4));
    f.count(i, 0, inputs, 4, () => {
      const four = Ints.bytesAt(from.plus(i)).toLanes();
      f.store(i.times(4).plus(to), 0, four.times(scale));
    });
  });
}

type RowRange = Callable<readonly [I, I], undefined>;

/** The functions that a layer is worked through with. */
export interface LayerCode {
  readonly layer: WideLayer;
  readonly dense: ReturnType<typeof denseForward>;
  readonly sparse: ReturnType<typeof sparseForward>;
  readonly few: ReturnType<typeof sparseForward>;
  readonly compress: ReturnType<typeof compressRow>;
  readonly compressBytes: ReturnType<typeof compressRow> | undefined;
  readonly activate: RowRange | undefined;
  readonly drop: { mask: RowRange; keep: RowRange } | undefined;
  readonly backward: ReturnType<typeof denseBackward> | undefined;
  readonly undrop: RowRange | undefined;
  readonly through: RowRange | undefined;
}

export function layerCode(
  module: WasmModule,
  m: LaneMathematics,
  { layers, byteTable }: WideLayout,
  i: number,
  learns: boolean,
  width: TileVectors,
): LayerCode {
  const layer = layers[i]!;
  const below = layers[i - 1];
  const { activation: name, dropout } = layer.shape;
  const entry = i === layers.length - 1 || name === "softmax" ? undefined : laneActivations[name];
  const inTile = entry?.cheap === true && layer.z === layer.a;
  const finish: Finish = inTile ? (f, z) => entry.value(m, f, z) : (_f, z) => z;
  return {
    layer,
    dense: denseForward(module, layer, finish, width),
    sparse: sparseForward(module, layer, finish, false),
    few: sparseForward(module, layer, finish, true),
    compress: compressRow(module, layer, floatReader, learns),
    compressBytes: i === 0 ? compressRow(module, layer, byteReader(byteTable), learns) : undefined,
    activate: entry === undefined || inTile ? undefined : activation(module, m, layer),
    drop:
      dropout > 0
        ? { mask: masked(module, layer, layer.a, layer.out), keep: copied(module, layer.a, layer.out) }
        : undefined,
    backward: learns && below !== undefined ? denseBackward(module, layer, below, width) : undefined,
    undrop: learns && dropout > 0 ? masked(module, layer, layer.delta, layer.delta) : undefined,
    through:
      learns && entry !== undefined && name !== "linear" ? throughActivation(module, m, layer) : undefined,
  };
}

/** Masks for the rows of a thread; they are addressed by the activation's place in the batch. */
export function drawLayerMasks(
  f: WasmFunction,
  draw: ReturnType<typeof maskFunction>,
  { masks }: WideLayout,
  { shape, mask }: WideLayer,
  number: number,
  place: Int,
  row: Int,
  rowEnd: Int,
): void {
  const { units, dropout } = shape;
  const [key0, key1, step] = [0, 4, 8].map((offset) => Int.at(Int.of(masks), offset)) as [Int, Int, Int];
  const from = row.plus(place).times(units);
  const count = rowEnd.minus(row).times(units);
  const kept = Single.of(Math.fround(1 / (1 - dropout)));
  const out = Int.of(mask).minus(place.times(4 * units));
  f.run(draw.call(key0, key1, step, Int.of(number), from, count, Int.of(dropThreshold(dropout)), kept, out));
}
