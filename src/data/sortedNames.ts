/** The order of categories and classes, which must not hang on the order of rows. */
import { cellNumber } from "./cells.ts";

/** Sorted as numbers where all are numbers, else by UTF-16 code units, which is the same in every language. */
export function sortedNames(names: readonly string[]): string[] {
  const sorted = [...names].sort();
  if (!names.every((name) => !Number.isNaN(cellNumber(name)))) return sorted;
  // Sorting is stable, so 1 and 1.0 keep their order.
  return sorted.sort((a, b) => cellNumber(a) - cellNumber(b));
}
