// From a CSV file to the points of a setting: read piece by piece, so that the page stays awake and a large file takes no more
// memory than a small one, and thinned out to as many rows as a setting holds (reservoir sampling: J. S. Vitter, "Random sampling
// with a reservoir", ACM TOMS 11 (1985), algorithm R).
import { csvChunks, DataError, randomStream, summarizeColumns, type Value } from "talweg";
import { limits } from "../state/setting.ts";
import type { DataSetting } from "../state/types.ts";

/** Larger files are refused by their size, before anything is read. */
const MOST_BYTES = 100e6;
const MOST_ROWS = limits.rows[1];
/** Inputs further out than this train badly as they are. */
const SCALED_FROM = 3;

interface UploadColumn {
  readonly name: string;
  /** Numbers can be inputs and targets, other columns targets alone. */
  readonly isNumber: boolean;
  /** What its values are as a target, where they are few; none where it is a target of numbers. */
  readonly classes: readonly string[];
}

export interface Upload {
  readonly name: string;
  /** In the file; those kept are at most as many as a setting holds. */
  readonly rows: number;
  /** [columns][kept rows] */
  readonly cells: readonly (readonly Value[])[];
  /** Of all columns, null where one is of no use here. */
  readonly columns: readonly (UploadColumn | null)[];
}

/** @throws {TalwegError} When the file is too large, is no CSV, or has nothing to learn from. */
export async function readUpload(file: File): Promise<Upload> {
  if (file.size > MOST_BYTES) {
    throw new DataError(
      `${file.name} has ${Math.round(file.size / 1e6)} MB, and the page takes at most ${MOST_BYTES / 1e6}; give it fewer rows, or train with the command.`,
    );
  }
  const draw = randomStream(0, "data");
  const kept: { at: number; row: Value[] }[] = [];
  let names: readonly string[] = [];
  let rows = 0;
  for await (const chunk of csvChunks(file.stream(), { name: file.name, ragged: "skip", trim: true })) {
    names = chunk.names;
    for (let i = 0; i < chunk.rows; i += 1) {
      const place = rows < MOST_ROWS ? rows : Math.floor(draw.uniform(rows) * (rows + 1));
      if (place < MOST_ROWS)
        kept[place] = { at: rows, row: chunk.columns.map((column) => column[i] ?? null) };
      rows += 1;
    }
  }
  kept.sort((a, b) => a.at - b.at);
  const cells = names.map((_, column) => kept.map(({ row }) => row[column] ?? null));
  const columns = columnsOf(names, cells);
  if (!columns.some((column) => column?.isNumber)) {
    throw new DataError(
      `${file.name}: no column has numbers, and inputs are numbers; give it at least one, and a target.`,
    );
  }
  return { name: file.name, rows, cells, columns };
}

function columnsOf(names: readonly string[], cells: readonly (readonly Value[])[]): (UploadColumn | null)[] {
  const { columns } = summarizeColumns({ names, columns: cells, rows: cells[0]?.length ?? 0 });
  return columns.map(({ name, kind, values, whole, distinct }) => {
    const classes = values.map(({ value }) => value);
    const few = classes.length >= limits.classes[0] && classes.length <= limits.classes[1];
    const isMark = kind === "boolean" && classes.every((text) => text === "0" || text === "1");
    const isNumber = kind === "number" || (kind === "identifier" && whole) || isMark;
    // 0 and 1 are the marks of two classes as often as they are numbers: as a target the one, as an input the other.
    if (
      few &&
      (kind === "category" || kind === "boolean" || (kind === "number" && whole && distinct === 2))
    ) {
      return { name, isNumber, classes };
    }
    return isNumber ? { name, isNumber, classes: [] } : null;
  });
}

/** The first two columns of numbers, and the last column that is neither: of classes, if there is one. */
export function suggested({ columns }: Upload): { inputs: number[]; target: number } {
  const all = columns.flatMap((column, at) => (column === null ? [] : [{ ...column, at }]));
  const target = (all.findLast(({ classes }) => classes.length > 0) ?? all.at(-1))?.at ?? 0;
  const inputs = all.filter(({ isNumber, at }) => isNumber && at !== target).map(({ at }) => at);
  return { inputs: inputs.length > 0 ? inputs.slice(0, 2) : [target], target };
}

/**
 * The data of these columns. Rows with a gap in one of them are left out; numbers that are not of the size of 1 are scaled to
 * mean 0 and deviation 1, which their names then say.
 *
 * @throws {DataError} When no row is whole.
 */
export function dataOfColumns(
  { columns, cells, name }: Upload,
  inputs: readonly number[],
  target: number,
): { data: DataSetting; left: number } {
  const chosen = [...inputs, target];
  const targetClasses = columns[target]?.classes ?? [];
  const classes = targetClasses.length > 0 ? targetClasses : undefined;
  const classesOf = (place: number) => (place === inputs.length ? classes : undefined);
  const numbers = chosen.map((at, i) => (cells[at] ?? []).map((cell) => numberOf(cell, classesOf(i))));
  const total = numbers[0]?.length ?? 0;
  const whole = Array.from({ length: total }, (_, row) => row).filter((row) =>
    numbers.every((column) => Number.isFinite(column[row])),
  );
  if (whole.length === 0) {
    throw new DataError(`${name}: no row has a value in all of these columns; choose others.`);
  }
  const ready = chosen.map((at, i) => {
    const values = whole.map((row) => numbers[i]?.[row] ?? 0);
    const name = columns[at]?.name ?? "";
    return classesOf(i) === undefined ? scaled(name, values) : { name, values };
  });
  const data: DataSetting = {
    kind: "table",
    rows: whole.length,
    noise: 0,
    interval: [0, 1],
    points: whole.map((_, row) => ready.map(({ values }) => values[row] ?? 0)),
    names: ready.map((column) => column.name.slice(0, limits.name)),
    ...(classes === undefined ? {} : { classes: classes.map((text) => text.slice(0, limits.name)) }),
  };
  return { data, left: total - whole.length };
}

function numberOf(cell: Value, classes: readonly string[] | undefined): number {
  if (cell === null || cell === undefined) return Number.NaN;
  if (classes !== undefined) {
    const place = classes.indexOf(String(cell));
    return place < 0 ? Number.NaN : place;
  }
  return typeof cell === "string" && cell.trim() === "" ? Number.NaN : Number(cell);
}

function scaled(name: string, values: number[]): { name: string; values: number[] } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const short = (value: number): number => Number(value.toPrecision(5));
  if (largest <= SCALED_FROM || !(deviation > 0)) return { name, values: values.map(short) };
  return { name: `${name} (scaled)`, values: values.map((value) => short((value - mean) / deviation)) };
}
