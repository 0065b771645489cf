/** The examples of a setting: computed by the library from the seed, or drawn points and tables as they are. */
import { type Dataset, datasetByName, splitRows } from "talweg";
import type { DataSetting, Setting } from "./types.ts";

type Part = "train" | "test";

/** Share of a table's rows that are kept for testing, and the fewest rows from which some are. */
const TEST = { share: 0.2, rows: 20 };

/**
 * Training or test examples: the same bits as those of the command line for computed data.
 *
 * A fifth of a table, chosen by the seed, is for testing, where it has 20 rows; of drawn points none: there both parts are the
 * same, see `hasTest`.
 *
 * @throws {TalwegError} When the data cannot be made.
 */
export function datasetOf({ data, seed }: Pick<Setting, "data" | "seed">, part: Part): Dataset {
  const { kind, rows, noise, interval } = data;
  if (kind === "drawn" || kind === "table") {
    const all = ownPoints(data);
    if (!hasTest(data)) return all;
    const { train, validation } = splitRows(all, TEST.share, seed);
    return part === "train" ? train : validation;
  }
  const curve = kind === "parabola" || kind === "sine";
  return datasetByName(kind, { rows, noise, seed, part, ...(curve ? { interval } : {}) });
}

/** Whether there are test examples that were not trained on. */
export function hasTest({ kind, points }: DataSetting): boolean {
  if (kind === "drawn") return false;
  return kind !== "table" || points!.length >= TEST.rows;
}

function ownPoints({ points = [], classes }: DataSetting): Dataset {
  const rows = points.length;
  const inputs = points[0]!.length - 1;
  const x = new Float32Array(rows * inputs);
  for (const [row, point] of points.entries()) {
    for (let j = 0; j < inputs; j++) x[row * inputs + j] = point[j]!;
  }
  const targets = points.map((point) => point.at(-1)!);
  if (classes === undefined) return { x, y: Float32Array.from(targets), rows, inputs, outputs: 1 };
  const two = classes.length === 2;
  // One output tells two classes apart, as in the library's own sets.
  const y = two ? Float32Array.from(targets) : Uint8Array.from(targets);
  return { x, y, rows, inputs, outputs: two ? 1 : classes.length, classes: [...classes] };
}
