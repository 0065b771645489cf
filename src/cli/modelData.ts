/** The examples that a model is looked at on: data by name, or a table in the columns that the model knows. */
import type { Dataset, Seed } from "../core/index.ts";
import { type Preprocessing, type RefusedRow, tableDataset } from "../data/index.ts";
import type { Network } from "../network/index.ts";
import { type DataFlags, dataFlagsOf, loadPart } from "./dataOptions.ts";
import { refuseOtherFlags, refuseTableFlags } from "./tableOptions.ts";
import { columnsOf } from "./tablePredict.ts";
import { type NamedTable, namedTable, wholeTable } from "./tableSource.ts";
import { inTable } from "./tableWords.ts";
import { UsageError } from "./usage.ts";

export interface ModelData {
  data: Dataset;
  /** "iris.csv", "moons (test)". */
  label: string;
  /** Of figures: "moons, test examples". */
  title: string;
  seed: Seed;
  /** Where the data are a table: its columns as the model knows them, and the rows that could not be read. */
  table: ModelTable | undefined;
}

interface ModelTable {
  preprocessing: Preprocessing;
  refused: RefusedRow[];
  /** Whether the model was trained on the very file, or the very rows of a query; null where it does not say what it was trained on. */
  trainedOn: boolean | null;
}

interface Asked {
  flags: Record<string, unknown>;
  /** As given with --seed. */
  seed: Seed | undefined;
  /** Which part of data by name, where nobody says. */
  part: "train" | "test";
}

/**
 * Data are drawn as they were for the training of the model, unless options say otherwise.
 *
 * @throws {UsageError} When model and data do not go together.
 * @throws {TalwegError} When the data cannot be had.
 */
export async function modelData(
  model: Network,
  name: string | undefined,
  { flags, seed: given, part: usual }: Asked,
): Promise<ModelData> {
  const seed = given ?? model.metadata.seed;
  const preprocessing = columnsOf(model);
  const source = namedTable(name, { ...readAs(model), ...flags });
  if (source !== undefined) return { seed, ...(await tableData(model, preprocessing, source, flags)) };
  if (name === undefined) throw noData();
  refuseTableFlags(name, flags);
  if (preprocessing !== undefined) {
    throw new UsageError(
      `the model was trained on a table and knows its columns, but ${name} is no table; name one with the columns ${preprocessing.columns
        .slice(0, 5)
        .map((column) => column.name)
        .join(", ")}${preprocessing.columns.length > 5 ? ", …" : ""}.`,
    );
  }
  const part = (flags.part as "test" | "train" | undefined) ?? usual;
  const chosen = { ...trainedOn(model, name), ...dataFlagsOf(flags) };
  const data = loadPart(name, chosen, { part, seed, precision: model.precision });
  return { data, label: `${name} (${part})`, title: `${name}, ${part} examples`, seed, table: undefined };
}

/** Beside the model. */
export function noData(): UsageError {
  return new UsageError(
    "no data are named, expected a name such as moons, or a table such as new.csv; name some behind the model.",
  );
}

async function tableData(
  model: Network,
  preprocessing: Preprocessing | undefined,
  source: NamedTable,
  flags: Record<string, unknown>,
): Promise<Omit<ModelData, "seed">> {
  refuseOtherFlags(source.name, flags);
  if (flags.part !== undefined) {
    throw new UsageError(
      `--part is given, but ${source.name} is a table, of which all rows are taken; leave it out, or name a file of other rows.`,
    );
  }
  if (preprocessing === undefined) {
    throw new UsageError(
      `the model knows no columns, since it was not trained on a table, but ${source.name} is one; name the data that it was trained on, ` +
        "or train a model on tables: talweg train TABLE --target COLUMN.",
    );
  }
  const whole = await wholeTable(source);
  const data = inTable(source.name, () => tableDataset(preprocessing, whole));
  const table = { preprocessing, refused: data.refused, trainedOn: await isTrainedOn(model, source) };
  return { data, label: source.name, title: source.name, table };
}

/** How the data of this name were drawn when the model was trained on them; of files all rows are wanted. */
export function trainedOn(model: Network, name: string): DataFlags {
  const data = model.metadata.options?.data as ({ name?: unknown } & DataFlags) | undefined;
  if (data === undefined || data.name !== name) return {};
  const { name: _name, rows, ...others } = data;
  const fromFiles = name === "mnist" || name === "fashion-mnist" || /[./\\]/.test(name);
  return fromFiles || rows === undefined ? others : { ...others, rows };
}

async function isTrainedOn(model: Network, source: NamedTable): Promise<boolean | null> {
  const data = model.metadata.options?.data as { sha256?: unknown } | undefined;
  return typeof data?.sha256 === "string" ? data.sha256 === (await source.sha256()) : null;
}

/** The words for missing values that the model's own table was read with. */
export function readAs(model: Network): { missing?: string[] } {
  const data = model.metadata.options?.data as { missing?: unknown } | undefined;
  return Array.isArray(data?.missing) ? { missing: data.missing as string[] } : {};
}
