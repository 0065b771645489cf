/** What became of every column of a table, a sentence each: data for people to read. */
import { dateOfDays } from "./cells.ts";
import { columnInputs, outputCount } from "./preprocessingLayout.ts";
import type { InputColumn, Preprocessing, TargetColumn } from "./preprocessingTypes.ts";

export interface ColumnDescription {
  name: string;
  role: "input" | "target" | "dropped";
  /** The kind of the column; null where it is dropped. */
  kind: InputColumn["kind"] | TargetColumn["kind"] | null;
  /** How many inputs or outputs of the network it takes. */
  width: number;
  /** Without the name, beginning in small letters and without a full stop. */
  sentence: string;
}

/** The columns that are learned from, those predicted, and those dropped, in this order. */
export function describePreprocessing(p: Preprocessing): ColumnDescription[] {
  const inputs = columnInputs(p);
  return [
    ...p.columns.map((column, i): ColumnDescription => {
      const { name, kind } = column;
      const { from, to } = inputs[i]!;
      return { name, role: "input", kind, width: to - from, sentence: inputSentence(column) };
    }),
    ...p.targets.map((target): ColumnDescription => {
      const { name, kind } = target;
      const width = kind === "class" ? outputCount(p) : 1;
      return { name, role: "target", kind, width, sentence: targetSentence(target) };
    }),
    ...p.dropped.map(
      ({ name, reason }): ColumnDescription => ({
        name,
        role: "dropped",
        kind: null,
        width: 0,
        sentence: reason,
      }),
    ),
  ];
}

function inputSentence(column: InputColumn): string {
  switch (column.kind) {
    case "number": {
      const { least, most, mean, deviation } = column;
      return `number from ${short(least)} to ${short(most)}, standardized by mean ${short(mean)} and deviation ${short(deviation)}${missing(column, short(column.fill))}`;
    }
    case "date": {
      const { mean, deviation } = column;
      return `date, as days standardized by mean ${dateOfDays(mean)} and deviation ${short(deviation)}${missing(column, dateOfDays(column.fill))}`;
    }
    case "boolean":
      return `true or false, as 1 or 0${missing(column, column.fill === 1 ? "true" : "false")}`;
    case "category": {
      const { values } = column;
      return `category of ${values.length}: ${listed(values)}; one input each, and one for unseen or missing values`;
    }
  }
}

function targetSentence(target: TargetColumn): string {
  if (target.kind === "number") {
    return `number, standardized by mean ${short(target.mean)} and deviation ${short(target.deviation)}, answered in its own units`;
  }
  const { classes, weights } = target;
  const weighted = weights.some((weight) => weight !== 1);
  const told = weighted ? classes.map((name, i) => `${name} (weight ${short(weights[i]!)})`) : classes;
  return `one of ${classes.length} classes: ${listed(told)}`;
}

function missing({ indicator }: { indicator: boolean }, fill: string): string {
  return `; missing values count as ${fill}${indicator ? ", and one input says so" : ""}`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => (name.length > 30 ? `${name.slice(0, 27)}...` : name));
  return names.length > 8 ? `${shown.join(", ")} and ${names.length - 8} more` : shown.join(", ");
}

function short(number: number): string {
  return String(Number(number.toPrecision(4)));
}
