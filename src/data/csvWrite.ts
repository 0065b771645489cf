/**
 * Tables to CSV that every reader takes alike and that no spreadsheet carries out.
 *
 * Sources: RFC 4180 (2005), section 2; OWASP, "CSV Injection", for cells that a spreadsheet would take for formulas.
 */
import { OptionError } from "../core/index.ts";
import { missingWords, wordTest } from "./missingWords.ts";
import type { TableChunk, Value } from "./tableTypes.ts";

export interface CsvWriteOptions {
  /** Between the cells: ",". */
  delimiter?: string;
  /** Whether the first row has the names: true; false for a later chunk of the same table. */
  header?: boolean;
  /** Whether texts that spreadsheets would run as formulas get a ' before them: true. Numbers stay as they are. */
  escapeFormulas?: boolean;
}

/**
 * The table, or a chunk of it, as CSV: a header, then a line for each row, all ending in LF.
 *
 * Null is an empty cell (NA where it is alone in its row, since an empty line is no row), and so are NaN and the infinities. Texts
 * are quoted where they would be read otherwise: "", words that stand for nothing, delimiters, quotes, ends of lines.
 * `readCsv(text, { quotedMissing: false })` reads it back to the same cells, save that numbers are text then.
 *
 * @throws {OptionError} When the delimiter is not one of "," ";" tab and "|".
 */
export function toCsv(
  { names, columns, rows }: Pick<TableChunk, "names" | "columns" | "rows">,
  { delimiter = ",", header = true, escapeFormulas = true }: CsvWriteOptions = {},
): string {
  if (![",", ";", "\t", "|"].includes(delimiter)) {
    throw new OptionError(
      "delimiter",
      `toCsv: delimiter is ${JSON.stringify(delimiter) ?? typeof delimiter}, expected ",", ";", "\\t" or "|", which readers guess; pass one of them.`,
    );
  }
  if (names.length === 0) return "";
  const alone = names.length === 1;
  const lines: string[] = [];
  if (header) lines.push(names.map((name) => written(name, escapeFormulas, alone)).join(delimiter));
  for (let row = 0; row < rows; row++) {
    lines.push(columns.map((column) => written(column[row] ?? null, escapeFormulas, alone)).join(delimiter));
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

const isMissingWord = wordTest(missingWords);

function written(value: Value, escapeFormulas: boolean, alone: boolean): string {
  if (value === null || (typeof value === "number" && !Number.isFinite(value))) return alone ? "NA" : "";
  if (typeof value !== "string") return Object.is(value, -0) ? "-0" : String(value);
  const text = escapeFormulas && isFormula(value) ? `'${value}` : value;
  // A mark of UTF-8 at the very start of a file is not read as text, so it is quoted, as are spaces that readers may take away.
  const quoted = /[",;\t|\r\n\uFEFF]|^\s|\s$/.test(text) || isMissingWord(text);
  return quoted ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Whether a spreadsheet would take a text for a formula; a plain number with a sign is none. */
function isFormula(text: string): boolean {
  return /^[=+\-@\t\r]/.test(text) && !/^[+-](?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text);
}
