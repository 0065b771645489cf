/** What a column is taken for, by rules that a person can check; every one of them can be overruled by name. */
import { cellHint } from "./cells.ts";
import type { ColumnFacts, ColumnKind, ColumnSummary, SeenCell } from "./columnTypes.ts";

/** This share of the cells must be of a kind; the others are then faults, and their rows are refused. */
const MOSTLY = 0.9;

/** So few different texts are categories in any table, and so many never. */
const FEW_TEXTS = 10;
const MOST_CATEGORIES = 1000;

/** Rows that a category has on average, where there are more than a few. */
const ROWS_OF_CATEGORY = 5;

/** Different texts no longer than this on average name their rows; longer ones are free text. */
const IDENTIFIER_LENGTH = 64;

/** Differences below this share of the size are rounding. */
const ROUNDING = 1e-12;

/** Adds to the facts what the column is taken for and why. */
export function judgeColumn(facts: ColumnFacts): ColumnSummary {
  const [kind, why] = kindOf(facts);
  const odd = oddCell(facts, kind);
  return { ...facts, kind, why, hint: hintOf(facts, kind, odd), odd };
}

/** Whether the column's cells are numbers, leaving aside whether it is worth learning from. */
export function isNumeric({ rows, missing, numbers }: ColumnFacts): boolean {
  return numbers > 0 && numbers >= MOSTLY * (rows - missing);
}

function kindOf(facts: ColumnFacts): [ColumnKind, string] {
  const { rows, missing, numbers, bits, booleans, dates, distinct } = facts;
  const present = rows - missing;
  if (present === 0) return ["empty", "it has no values"];
  if (missing === 0 && isConstant(facts)) return ["constant", constantReason(facts)];
  if (bits + booleans === present) return ["boolean", "all its values are true or false, yes or no, 1 or 0"];
  const identifier = identifierReason(facts, present);
  if (identifier !== undefined) return ["identifier", identifier];
  if (isNumeric(facts)) return ["number", `${shareOf(numbers, present)} values are numbers`];
  if (dates >= MOSTLY * present) return ["date", `${shareOf(dates, present)} values are ISO dates`];
  const amount =
    distinct === null ? "more different values than are counted" : `${distinct} different values`;
  const told = `it has ${amount} in ${present} rows`;
  return isCategory(distinct, present) ? ["category", told] : ["text", told];
}

function isConstant({ distinct, numbers, rows, number }: ColumnFacts): boolean {
  if (distinct === 1) return true;
  if (number === null || numbers !== rows) return false;
  return number.deviation <= ROUNDING * Math.max(Math.abs(number.least), Math.abs(number.most));
}

function constantReason({ distinct, values, number }: ColumnFacts): string {
  if (distinct === 1) return `it has one value only, ${JSON.stringify(values[0]?.value.slice(0, 40))}`;
  return `its numbers differ by rounding only, around ${number?.mean}`;
}

function isCategory(distinct: number | null, present: number): boolean {
  if (distinct === null) return false;
  return distinct <= FEW_TEXTS || distinct <= Math.min(MOST_CATEGORIES, present / ROWS_OF_CATEGORY);
}

function identifierReason(facts: ColumnFacts, present: number): string | undefined {
  const { name, missing, numbers, dates, whole, countsUp, allDifferent, textLength, number, first } = facts;
  if (present < 3 || !allDifferent) return undefined;
  if (!isNumeric(facts) && dates < MOSTLY * present) {
    const isName = textLength <= IDENTIFIER_LENGTH && cellHint(first.text?.text ?? "") === undefined;
    return isName ? "its texts are all different, as names of rows are" : undefined;
  }
  if (missing > 0 || numbers !== present || !whole || number === null) return undefined;
  // Where rows were taken out, for validation say, a count has gaps.
  if (countsUp && number.most - number.least < 2 * present) return "its whole numbers count the rows";
  const called = name.trim();
  const named = /^(?:id|index|key|uuid|row)$|[ _-]id$/i.test(called) || /[a-z]I[dD]$/.test(called);
  return named ? "it is called an identifier, and its whole numbers are all different" : undefined;
}

/** The first cell, by row, that is not of the kind. */
function oddCell({ first }: ColumnFacts, kind: ColumnKind): SeenCell | null {
  const others: (SeenCell | null)[] = [];
  if (kind === "number") others.push(first.boolean, first.date, first.text);
  else if (kind === "date") others.push(first.number, first.boolean, first.text);
  return others.reduce(
    (earliest, cell) => (cell !== null && (earliest === null || cell.row < earliest.row) ? cell : earliest),
    null,
  );
}

function hintOf(facts: ColumnFacts, kind: ColumnKind, odd: SeenCell | null): string | null {
  const { rows, missing, numbers, whole, distinct, first } = facts;
  const present = rows - missing;
  if (odd !== null) return `the first cell that is no ${kind} is ${placeOf(odd)}`;
  if (kind === "category" || kind === "text" || kind === "identifier") {
    const meant = first.text === null ? undefined : cellHint(first.text.text);
    if (first.text !== null && meant !== undefined) return `${placeOf(first.text)}: ${meant}`;
    if (first.text !== null && numbers > 0 && numbers > present / 2) {
      return `${numbers} of ${present} values are numbers, the first other one is ${placeOf(first.text)}: list it as missing if it stands for none`;
    }
  }
  if (
    kind === "number" &&
    whole &&
    distinct !== null &&
    distinct <= FEW_TEXTS &&
    present >= ROWS_OF_CATEGORY * distinct
  ) {
    return `it has only ${distinct} different whole numbers: where they are names and not amounts, say that it is a category`;
  }
  return null;
}

/** `"n/a" in row 16 (line 18)`, rows from 0. */
function placeOf({ row, line, text }: SeenCell): string {
  return `${JSON.stringify(text)} in ${line === null ? `row ${row} (from 0)` : `line ${line}`}`;
}

function shareOf(count: number, present: number): string {
  return count === present ? "all its" : `${count} of ${present}`;
}
