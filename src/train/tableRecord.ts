/** Every choice of a training of a table as plain data, and back, so that a model tells how it can be made again. */
import { OptionError, type Seed } from "../core/index.ts";
import type { Network } from "../network/index.ts";
import { type AutoOptions, auto } from "../optim/index.ts";
import type { TableDefaults } from "./tableDefaults.ts";
import type { TableOptions } from "./tableOptions.ts";
import type { TableRows } from "./tableSettle.ts";
import type { TrainOptions } from "./types.ts";

/** What becomes of the options in a file. */
const kept = [
  "loss",
  "epochs",
  "batchSize",
  "shuffle",
  "patience",
  "penalty",
  "clipNorm",
  "clipValue",
  "metrics",
] as const satisfies readonly (keyof TrainOptions)[];

/** What the rows were: no options, but what a run made again must find. */
const facts: readonly string[] = ["rows", "trainingRows", "validationRows", "refusedRows"];

/** Every choice, as `metadata.options.table` has it; plain data that survives JSON. */
export function tableRecord(
  o: TableOptions,
  training: TrainOptions,
  { layers, activation, validation }: TableDefaults,
  n: Network,
  found: TableRows,
): Record<string, unknown> {
  const { optimizer, seed = 0, stop } = training;
  const { signal: _, ...rules } = stop ?? {};
  const types = o.types instanceof Map ? [...o.types] : Object.entries(o.types ?? {});
  return {
    target: typeof o.target === "string" ? o.target : [...o.target],
    types: Object.fromEntries(types),
    drop: [...(o.drop ?? [])],
    classWeights: o.classWeights ?? "none",
    layers: [...layers],
    activation,
    outputActivation: n.layers.at(-1)!.activation,
    ...(o.init === undefined ? {} : { init: o.init }),
    dropout: o.dropout ?? 0,
    precision: n.precision,
    optimizer: optimizer!.name,
    ...(optimizer!.options === undefined ? {} : { optimizerOptions: { ...optimizer!.options } }),
    ...Object.fromEntries(
      kept.flatMap((name) => (training[name] === undefined ? [] : [[name, training[name]]])),
    ),
    ...(Object.keys(rules).length === 0 ? {} : { stop: rules }),
    validation,
    seed: typeof seed === "bigint" ? seed.toString() : seed,
    rows: found.rows,
    trainingRows: found.data.rows,
    validationRows: found.validation?.rows ?? 0,
    refusedRows: found.refusedRows ?? found.refused.length,
  };
}

/**
 * The options that a model of a table was trained with: `prepareTable` with the same table and these gives the same bits again.
 *
 * An optimizer other than `auto` is named in `metadata.options.table` and must be passed beside them.
 *
 * @throws {OptionError} When the model was not trained on a table.
 */
export function tableOptionsOf(model: Network): TableOptions {
  const table = model.metadata.options?.table as Record<string, unknown> | undefined;
  if (typeof table !== "object" || table === null || table.target === undefined) {
    throw new OptionError(
      "model",
      "the model does not say how it was trained on a table; pass one that prepareTable, trainTable or talweg train made of a table.",
    );
  }
  const { optimizer, optimizerOptions, seed, ...rest } = table;
  const options = Object.fromEntries(Object.entries(rest).filter(([name]) => !facts.includes(name)));
  return {
    ...(options as unknown as TableOptions),
    seed: typeof seed === "string" ? BigInt(seed) : (seed as Seed),
    ...(optimizer === "auto" ? { optimizer: auto((optimizerOptions ?? {}) as AutoOptions) } : {}),
  };
}
