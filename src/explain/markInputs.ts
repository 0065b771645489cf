/** Which inputs of a network are marks that its table's columns became: one for each value of a category, one for "missing". */
import { checkPreprocessing, columnInputs } from "../data/index.ts";
import type { Network } from "../network/index.ts";

/**
 * The inputs, from 0, that are 0 or 1 by what a column of a table says; none where the network was not made for a table.
 *
 * The mark of values that were never seen is 0 in all training rows, and those of rare values are so in most rows: that is how
 * they are meant, and not a fault of the data.
 *
 * @throws {FormatError} When `metadata.preprocessing` is none.
 */
export function markInputs({ metadata: { preprocessing } }: Network): ReadonlySet<number> {
  const marks = new Set<number>();
  if (preprocessing === undefined) return marks;
  const p = checkPreprocessing(preprocessing, "the network");
  for (const [i, { from, to }] of columnInputs(p).entries()) {
    const first = p.columns[i]!.kind === "category" ? from : from + 1;
    for (let input = first; input < to; input++) marks.add(input);
  }
  return marks;
}
