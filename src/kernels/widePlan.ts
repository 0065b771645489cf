/** Measures out the memory of a wide network, and makes its module and engine. */
import type { MemoryLayout } from "./memoryLayout.ts";
import { BLOCK_ROWS } from "./reduction.ts";
import type { PlannedEngine } from "./simdMachine.ts";
import type { LayerShape, Loss } from "./spec.ts";
import type { TileVectors } from "./wideDense.ts";
import { WideEngine } from "./wideEngine.ts";
import { wideLayout } from "./wideLayout.ts";
import { wideCommands, wideModule } from "./wideModule.ts";

/** @param rows Rows of the largest batch. */
export function planWide(
  memory: MemoryLayout,
  layers: readonly LayerShape[],
  loss: Loss | undefined,
  rows: number,
  width: TileVectors,
): PlannedEngine {
  const layout = wideLayout(memory, layers, loss);
  const parameterCount = layers.reduce((sum, { inputs, units }) => sum + (inputs + 1) * units, 0);
  const blocks = Math.ceil(rows / BLOCK_ROWS);
  // One for each level of the tree, and one on its way up.
  const levels = loss === undefined || blocks < 2 ? 0 : 33 - Math.clz32(blocks);
  const shapes = layers.map(({ inputs, units, activation, dropout }) => [inputs, units, activation, dropout]);
  return {
    commands: loss === undefined ? wideCommands.filter((name) => name !== "gradients") : wideCommands,
    key: JSON.stringify(["wide", shapes, loss, width]),
    module: (shared) => wideModule(layout, loss, shared, width),
    engine: (commands, sums) => new WideEngine(commands, layout, parameterCount, sums),
    sumVectors: levels,
  };
}
