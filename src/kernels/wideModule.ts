/**
 * The program of a wide network. A step is a few commands, each carried out by all threads on a share of their own, with
 * nothing but the end of a command to wait for:
 *
 *     pack        weights into panels                                      threads share out panels
 *     pass        a block of rows through all layers: inputs, z and a,     … rows
 *                 losses, and where they are asked for the deltas
 *     gradients   dW and db of all layers from that block                  … inputs and units
 *
 * Which products skip zeros is asked for with each command, one bit a layer; it changes no bit of the result.
 */
import { LaneMathematics } from "./laneMathematics.ts";
import { maskFunction } from "./laneRandom.ts";
import { shareOf } from "./share.ts";
import type { Loss } from "./spec.ts";
import { WasmModule } from "./wasmModule.ts";
import { Int, Single } from "./wasmValues.ts";
import { biasGradient, denseGradient, type TileVectors } from "./wideDense.ts";
import { copyRow, drawLayerMasks, type LayerCode, layerCode } from "./wideLayers.ts";
import type { WideLayout } from "./wideLayout.ts";
import { wideOutputs } from "./wideOutputs.ts";
import { packPanels, packTransposed } from "./widePack.ts";
import { clearLists, sparseGradient } from "./wideSparse.ts";

/** Commands in the order of their numbers. */
export const wideCommands: readonly string[] = ["pack", "pass", "gradients", "outputs"];

/** Bits of the option word of `pass`. */
export const LEARNS = 1;
export const JUDGES = 2;
export const DROPS = 4;
export const BYTES = 8;
export const LABELS = 16;
export const FEW = 32;

/** The bytes of the module; `shared` where threads share its memory, `width` that of the dense tiles. */
export function wideModule(
  layout: WideLayout,
  loss: Loss | undefined,
  shared: boolean,
  width: TileVectors,
): Uint8Array<ArrayBuffer> {
  const module = new WasmModule();
  const m = new LaneMathematics(module);
  const { layers } = layout;
  const learns = loss !== undefined;
  const codes = layers.map((_, i) => layerCode(module, m, layout, i, learns, width));
  exportPack(module, codes, learns);
  exportPass(module, m, layout, codes, loss);
  if (learns) exportGradients(module, layout, codes, width);
  return module.finish({ pages: 1, maximum: 65536, shared });
}

/** Parameters: thread, threads, parameters, whether there will be a forward product from panels, and a backward one. */
function exportPack(module: WasmModule, codes: readonly LayerCode[], learns: boolean): void {
  const packs = codes.map(({ layer }) => ({
    layer,
    forward: packPanels(module, layer),
    backward: learns && layer.transposed > 0 ? packTransposed(module, layer) : undefined,
  }));
  module.export("pack", [Int, Int, Int, Int, Int], undefined, (f, thread, threads, w, panels, gradient) => {
    for (const { layer, forward, backward } of packs) {
      const weights = w.plus(layer.weightsAt);
      f.if(panels, () => f.run(forward.call(thread, threads, weights)));
      if (backward !== undefined) f.if(gradient, () => f.run(backward.call(thread, threads, weights)));
    }
  });
}

/**
 * Parameters: thread, threads, parameters, rows of the block, option bits, bits of the layers that skip zeros, addresses of
 * inputs and targets, address of the first row's number in the order (or 0), number of the first row where there is no order,
 * and the row's place in the batch, which addresses the dropout masks.
 */
function exportPass(
  module: WasmModule,
  m: LaneMathematics,
  layout: WideLayout,
  codes: readonly LayerCode[],
  loss: Loss | undefined,
): void {
  const { layers, byteTable } = layout;
  const outputs = wideOutputs(module, m, layout, loss);
  const first = codes[0]!;
  const { inputs } = first.layer.shape;
  const { units } = layers.at(-1)!.shape;
  const copyBytes = copyRow(module, first.layer, byteTable, true);
  const copyFloats = copyRow(module, first.layer, byteTable, false);
  const clear = codes.map(({ layer }) => (loss === undefined ? undefined : clearLists(module, layer)));
  const drawMasks = layers.some(({ shape }) => shape.dropout > 0) ? maskFunction(module) : undefined;

  /** The number of the row at place r of the block. */
  const rowNumber = module.inner([Int, Int, Int], Int, (f, r, order, from) => {
    const number = f.local(Int, r.plus(from));
    f.if(order, () => number.set(Int.at(r.times(4).plus(order))));
    return number;
  });

  const readInputs = module.inner(
    [Int, Int, Int, Int, Int, Int, Int, Int],
    undefined,
    (f, thread, row, rowEnd, options, sparse, x, order, from) => {
      const r = f.local(Int);
      const number = f.local(Int);
      const each = (bytes: boolean): void =>
        f.count(r, row, rowEnd, 1, () => {
          number.set(rowNumber.call(r, order, from));
          const address = number.times(bytes ? inputs : 4 * inputs).plus(x);
          f.if(
            sparse.and(1),
            () => {
              const compress = bytes ? first.compressBytes! : first.compress;
              f.run(compress.call(address, r, thread, options.and(LEARNS)));
            },
            () => f.run((bytes ? copyBytes : copyFloats).call(address, r)),
          );
        });
      f.if(
        options.and(BYTES),
        () => each(true),
        () => each(false),
      );
    },
  );

  const forward = codes.map(({ layer, dense, sparse, few, compress, activate, drop }, i) =>
    module.inner(
      [Int, Int, Int, Int, Int, Int, Int, Int],
      undefined,
      (f, thread, w, row, rowEnd, realEnd, options, skips, place) => {
        const weights = w.plus(layer.weightsAt);
        const biases = w.plus(layer.biasesAt);
        const r = f.local(Int);
        f.if(
          skips.and(1 << i),
          () => {
            if (i > 0) {
              const { address, stride } = layer.input;
              f.count(r, row, realEnd, 1, () =>
                f.run(compress.call(r.times(stride).plus(address), r, thread, options.and(LEARNS))),
              );
            }
            f.if(
              options.and(FEW),
              () => f.run(few.call(weights, biases, row, realEnd)),
              () => f.run(sparse.call(weights, biases, row, realEnd)),
            );
          },
          () => f.run(dense.call(biases, row, rowEnd)),
        );
        if (activate !== undefined) f.run(activate.call(row, rowEnd));
        if (drop === undefined || drawMasks === undefined) return;
        f.if(
          options.and(DROPS),
          () => {
            drawLayerMasks(f, drawMasks, layout, layer, i + 1, place, row, rowEnd);
            f.run(drop.mask.call(row, rowEnd));
          },
          () => f.run(drop.keep.call(row, rowEnd)),
        );
      },
    ),
  );

  const judge = module.inner(
    [Int, Int, Int, Int, Int, Int, Int],
    undefined,
    (f, group, groupEnd, lastRow, options, y, order, from) => {
      const q = f.local(Int);
      const { targets, labels, value, delta } = outputs;
      f.count(q, group, groupEnd, 1, () => {
        f.run(outputs.activate.call(q));
        if (targets === undefined || labels === undefined || value === undefined || delta === undefined)
          return;
        // Beyond the last row it is that row again, so that nothing foreign is read.
        const number = (lane: number): Int => {
          const r = q.times(4).plus(lane);
          return rowNumber.call(r.where(r.less(lastRow), lastRow), order, from);
        };
        const fourRows = (bytes: number): [Int, Int, Int, Int] => [
          number(0).times(bytes).plus(y),
          number(1).times(bytes).plus(y),
          number(2).times(bytes).plus(y),
          number(3).times(bytes).plus(y),
        ];
        f.if(options.and(JUDGES), () => {
          f.if(
            options.and(LABELS),
            () => f.run(labels.call(q, ...fourRows(1))),
            () => f.run(targets.call(q, ...fourRows(4 * units))),
          );
          f.run(value.call(q));
          f.if(options.and(LEARNS), () => f.run(delta.call(q)));
        });
      });
    },
  );

  const back = module.inner([Int, Int, Int], undefined, (f, row, rowEnd, options) => {
    for (let i = codes.length - 1; i > 0; i--) {
      const below = codes[i - 1]!;
      const { backward } = codes[i]!;
      if (backward === undefined) continue;
      f.run(backward.call(row, rowEnd));
      const { undrop, through } = below;
      if (undrop !== undefined) f.if(options.and(DROPS), () => f.run(undrop.call(row, rowEnd)));
      if (through !== undefined) f.run(through.call(row, rowEnd));
    }
  });

  module.export(
    "pass",
    [Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int],
    undefined,
    (f, thread, threads, w, rows, options, sparse, x, y, order, from, place) => {
      const [group, groupEnd] = shareOf(f, thread, threads, rows.plus(3).shiftRight(2));
      if (loss !== undefined) {
        f.if(thread.equals(0), () => f.store(Int.of(layout.parts), 0, threads));
        // A thread without rows has lists too, and they are empty.
        f.if(options.and(LEARNS), () => {
          for (const [i, each] of clear.entries()) {
            f.if(sparse.and(1 << i), () => f.run(each!.call(thread, group.times(4))));
          }
        });
      }
      f.if(group.less(groupEnd), () => {
        const row = f.local(Int, group.times(4));
        const rowEnd = f.local(Int, groupEnd.times(4));
        const realEnd = f.local(Int, rowEnd.where(rowEnd.less(rows), rows));
        f.run(readInputs.call(thread, row, realEnd, options, sparse, x, order, from));
        for (const each of forward) {
          f.run(each.call(thread, w, row, rowEnd, realEnd, options, sparse, place));
        }
        f.run(judge.call(group, groupEnd, rows.minus(1), options, y, order, from));
        if (loss !== undefined) f.if(options.and(LEARNS), () => f.run(back.call(row, rowEnd, options)));
      });
    },
  );

  // Parameters: thread, threads, rows of the block, where its first output goes.
  module.export("outputs", [Int, Int, Int, Int], undefined, (f, thread, threads, rows, to) => {
    const [group, groupEnd] = shareOf(f, thread, threads, rows.plus(3).shiftRight(2));
    const q = f.local(Int);
    const left = f.local(Int);
    f.count(
      q,
      group,
      groupEnd,
      1,
      () => {
        left.set(rows.minus(q.times(4)));
        f.run(outputs.write.call(q, left.where(left.less(4), 4), q.times(16 * units).plus(to)));
      },
      true,
    );
  });
}

/** Parameters: thread, threads, rows, gradient, bits of the layers whose lists are written, share. */
function exportGradients(
  module: WasmModule,
  layout: WideLayout,
  codes: readonly LayerCode[],
  width: TileVectors,
): void {
  const products = codes.map(({ layer }) => ({
    layer,
    dense: denseGradient(module, layer, width),
    sparse: sparseGradient(module, layer),
    bias: biasGradient(module, layer),
  }));
  module.export(
    "gradients",
    [Int, Int, Int, Int, Int, Single],
    undefined,
    (f, thread, threads, rows, g, sparse, share) => {
      const parts = Int.at(Int.of(layout.parts));
      for (const [i, { layer, dense, sparse: skipping, bias }] of products.entries()) {
        const weights = g.plus(layer.weightsAt);
        f.if(
          sparse.and(1 << i),
          () => f.run(skipping.call(thread, threads, weights, rows, share, parts)),
          () => f.run(dense.call(thread, threads, weights, rows, share)),
        );
        f.run(bias.call(thread, threads, g.plus(layer.biasesAt), rows, share));
      }
    },
  );
}
