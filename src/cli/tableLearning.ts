/** The options of `talweg train TABLE` as the library takes them. */
import type { Seed } from "../core/index.ts";
import type { TableOptions } from "../train/index.ts";
import { makeOptimizer, methods } from "./optimizers.ts";
import { stopOf } from "./stopOptions.ts";
import { columnList, type TableFlags, typesOf } from "./tableOptions.ts";
import { FULL_BATCH_EPOCHS, givenOptions, type TrainFlags } from "./trainSetup.ts";

/** Everything that the command line says of a table, as the library takes it. */
export function tableOptions(flags: TrainFlags, names: readonly string[], seed: Seed): TableOptions {
  const { target = "", types, drop, classWeights } = flags as TableFlags;
  const { layers, activation, outputActivation, init, dropout, precision, validation } = flags;
  const method = flags.optimizer ?? "auto";
  const optimizer = makeOptimizer(method, flags, seed);
  const { fullBatch = false, options: own } = methods[method]!;
  const chosen = flags.optimizer !== undefined || own.some((option) => flags[option] !== undefined);
  const stop = stopOf(flags);
  const full = fullBatch && flags.batchSize === undefined;
  const all: Partial<TableOptions> = {
    ...givenOptions(flags),
    ...(full ? { batchSize: "full" } : {}),
    ...(full && flags.epochs === undefined && Object.keys(stop).length === 0
      ? { epochs: FULL_BATCH_EPOCHS }
      : {}),
    ...(chosen ? { optimizer } : {}),
    ...(Object.keys(stop).length === 0 ? {} : { stop }),
    ...(types === undefined ? {} : { types: typesOf(types) }),
    ...(drop === undefined ? {} : { drop: columnList(drop, names) }),
    ...(classWeights === undefined ? {} : { classWeights }),
    ...definedOf({ layers, activation, outputActivation, init, dropout, precision, validation }),
  };
  const targets = columnList(target, names);
  return { ...all, seed, target: targets.length === 1 ? targets[0]! : targets };
}

function definedOf<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
