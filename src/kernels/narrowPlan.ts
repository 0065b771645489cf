/** Measures out the memory of a narrow network, and makes its module and engine. */
import type { MemoryLayout } from "./memoryLayout.ts";
import { NarrowEngine } from "./narrowEngine.ts";
import { narrowModule } from "./narrowModule.ts";
import type { PlannedEngine } from "./simdMachine.ts";
import type { LayerShape, Loss } from "./spec.ts";
import type { Update } from "./updates.ts";

const MOST_PAGES = 65_536;

/**
 * @param rows Rows of the largest batch.
 * @param rule What whole runs of steps are updated by, if it is known.
 */
export function planNarrow(
  memory: MemoryLayout,
  layers: readonly LayerShape[],
  loss: Loss | undefined,
  rows: number,
  rule: Update["rule"] | undefined,
): PlannedEngine {
  const ruled = loss === undefined || rule === undefined ? {} : { rule };
  const planned = narrowModule(layers, loss, { batchRows: rows, ...ruled }, memory);
  const shapes = layers.map(({ inputs, units, activation, dropout }) => [inputs, units, activation, dropout]);
  return {
    commands: [],
    key: JSON.stringify(["narrow", shapes, loss, rows, rule]),
    module: (shared) => planned.emit({ pages: 1, maximum: MOST_PAGES, shared }),
    engine: (commands) => new NarrowEngine(commands.own as unknown as WebAssembly.Exports),
    sumVectors: 0,
  };
}
