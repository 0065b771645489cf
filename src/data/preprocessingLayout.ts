/** Where the columns of a table lie among the inputs and outputs of a network. */
import type { InputColumn, Preprocessing } from "./preprocessingTypes.ts";

/** How many inputs a column becomes, its indicator included. */
export function inputWidth(column: InputColumn): number {
  if (column.kind === "category") return column.values.length + 1;
  return column.indicator ? 2 : 1;
}

/** The inputs of one column: from `from` up to, not with, `to`. */
export interface ColumnInputs {
  name: string;
  from: number;
  to: number;
}

/** The inputs that each column became, in order; together they are all inputs. */
export function columnInputs({ columns }: Preprocessing): ColumnInputs[] {
  let from = 0;
  return columns.map((column) => {
    const inputs = { name: column.name, from, to: from + inputWidth(column) };
    from = inputs.to;
    return inputs;
  });
}

/** How many outputs the network needs: one for two classes, one a class for more, one for each number. */
export function outputCount({ targets }: Preprocessing): number {
  const [first] = targets;
  if (first?.kind !== "class") return targets.length;
  return first.classes.length === 2 ? 1 : first.classes.length;
}
