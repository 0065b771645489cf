/**
 * The rows of a table that are watched and not learned from, each class in its share.
 *
 * Source: systematic sampling within strata, Cochran, Sampling Techniques (1977), chapters 5 and 8: rows in random order, class
 * after class, and every so many of them.
 */
import { OptionError, type Seed, shuffledOrder } from "../core/index.ts";
import { cellText, isMissing, type Table } from "../data/index.ts";

/** A target with more different values than this has no classes that could be shared out. */
const MOST_CLASSES = 1000;

/** Rows of a table, from 0, ascending. */
export interface TableParts {
  train: number[];
  validation: number[];
}

/**
 * Rows to train with and rows to watch; rows without a target go with the training rows, which refuse them.
 *
 * Where the target has few values, each keeps its share of them to within one row, and at least one training row.
 *
 * @param share Of the rows, from 0, which watches none, to below 1.
 * @throws {OptionError} When the share is none.
 */
export function tableParts(table: Table, targets: readonly string[], share: number, seed: Seed): TableParts {
  requireShare(share);
  const all = Array.from({ length: table.rows }, (_, row) => row);
  if (share === 0) return { train: all, validation: [] };
  const groups = groupsOf(table, targets, seed);
  const watched = new Set<number>();
  // Half a row ahead, so that the last of few rows are not always the ones that are left.
  let due = 0.5;
  for (const rows of groups) {
    for (const [i, row] of rows.entries()) {
      due += share;
      if (due < 1) continue;
      due -= 1;
      // The last row of a class that would be watched to the last one stays.
      const isOnlyOne = i === rows.length - 1 && rows.slice(0, i).every((other) => watched.has(other));
      if (!isOnlyOne) watched.add(row);
    }
  }
  return { train: all.filter((row) => !watched.has(row)), validation: all.filter((row) => watched.has(row)) };
}

/** @throws {OptionError} When it is no share from 0 to below 1. */
export function requireShare(share: number): void {
  if (typeof share === "number" && share >= 0 && share < 1) return;
  throw new OptionError(
    "validation",
    `validation is ${String(share)}, expected a share of the rows from 0 to below 1, since some must be left to learn from; pass for example 0.1, or 0 for none.`,
  );
}

/** Rows with all of their targets, shuffled; a group for each value where there are few, in order of first sight. */
function groupsOf(table: Table, targets: readonly string[], seed: Seed): number[][] {
  const columns = targets.map((name) => table.columns[table.names.indexOf(name)]);
  const order = [...shuffledOrder(table.rows, seed, 0)].filter((row) =>
    columns.every((cells) => !isMissing(cells?.[row])),
  );
  const [cells] = columns;
  if (columns.length !== 1 || cells === undefined) return [order];
  const groups = new Map<string, number[]>();
  for (const row of order) {
    const value = cellText(cells[row] as string);
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [row]);
    else group.push(row);
    if (groups.size > MOST_CLASSES) return [order];
  }
  // Numbers that hardly repeat are no classes.
  return groups.size > order.length / 4 ? [order] : [...groups.values()];
}
