/**
 * Cells and rows of CSV, character by character, from a text that comes in pieces, cut anywhere.
 *
 * Source: RFC 4180 (Y. Shafranovich, 2005), section 2. Beyond it: lines may end in LF, CRLF or CR, empty lines are no rows, and a
 * quote inside of a cell that does not begin with one is a quote.
 */
import { FormatError } from "../core/index.ts";
import { excerpt, MAX_CELL, MAX_ROW, own, type Place, type TextReader } from "./tableLimits.ts";

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/** Where the cells go. */
export interface CsvSink {
  /** The next cell of the row; `quoted`, whether it stood in quotes. */
  cell(text: string, quoted: boolean): void;
  /** The row is complete; `line` is where it began, from 1, `size` its characters. */
  row(line: number, size: number): void;
}

/** Inside of what the next character stands. */
type Mode = "start" | "plain" | "quoted" | "closed";

/** @param name How messages call the text. */
export function csvScanner(delimiter: string, sink: CsvSink, name: string): TextReader {
  const comma = delimiter.charCodeAt(0);
  let mode: Mode = "start";
  let line = 1;
  let rowLine = 1;
  /** Where the last quote was opened. */
  let openLine = 1;
  /** Complete cells of the present row. */
  let cells = 0;
  let size = 0;
  /** The present cell as far as it is known, as it stands in the file, its length, and whether quotes stand in it twice. */
  let parts: string[] = [];
  let kept = 0;
  let doubled = false;
  /** Whether the last character ended a line with CR, or was one in quotes: an LF after it ends no further line. */
  let afterReturn = false;

  const place = (): Place => ({ line, column: cells + 1 });

  function fail(at: Place, text: string): never {
    throw new FormatError(`${name}:${at.line}:${at.column}: ${text}`, at);
  }

  function keep(part: string): void {
    if (part === "") return;
    kept += part.length;
    if (kept > MAX_CELL) {
      const mend =
        mode === "plain"
          ? "shorten it"
          : "a closing quote is missing, perhaps; close it, or shorten the cell";
      const at = mode === "plain" ? place() : { line: openLine, column: cells + 1 };
      fail(at, `the cell that begins here has more than ${MAX_CELL} characters, expected no more; ${mend}.`);
    }
    parts.push(part);
  }

  function finishCell(quoted: boolean): void {
    const text = parts.length === 1 ? (parts[0] as string) : parts.join("");
    parts = [];
    kept = 0;
    giveCell(doubled ? text.replaceAll('""', '"') : text, quoted);
    doubled = false;
  }

  function giveCell(text: string, quoted: boolean): void {
    size += text.length + 1;
    if (size > MAX_ROW) {
      fail(place(), `the row has more than ${MAX_ROW} characters, expected no more; is the delimiter right?`);
    }
    sink.cell(own(text), quoted);
    cells++;
    mode = "start";
  }

  /** After a cell: a delimiter, or the end of a line and with it of the row. */
  function endCell(char: number): void {
    if (char !== comma) {
      endRow();
      endLine(char);
    }
  }

  function endRow(): void {
    const [begun, length] = [rowLine, size];
    cells = 0;
    size = 0;
    sink.row(begun, length);
  }

  function endLine(char: number): void {
    line++;
    afterReturn = char === CR;
  }

  function start(text: string, at: number): number {
    const char = text.charCodeAt(at);
    const secondOfTwo = char === LF && afterReturn;
    afterReturn = false;
    if (secondOfTwo) return at + 1;
    if (cells === 0) {
      if (char === LF || char === CR) {
        endLine(char);
        return at + 1;
      }
      rowLine = line;
    }
    if (char === QUOTE) {
      mode = "quoted";
      openLine = line;
      return at + 1;
    }
    mode = "plain";
    return plain(text, at);
  }

  function plain(text: string, at: number): number {
    const length = text.length;
    let char = 0;
    let end = at;
    for (; end < length; end++) {
      char = text.charCodeAt(end);
      if (char === comma || char === LF || char === CR) break;
    }
    if (parts.length > 0 || end === length) {
      keep(text.slice(at, end));
      if (end === length) return end;
      finishCell(false);
    } else giveCell(text.slice(at, end), false);
    endCell(char);
    return end + 1;
  }

  function quoted(text: string, at: number): number {
    const length = text.length;
    let end = at;
    for (; end < length; end++) {
      const char = text.charCodeAt(end);
      if (char === QUOTE) {
        if (text.charCodeAt(end + 1) !== QUOTE) break;
        doubled = true;
        end++;
      }
      if (char === CR || (char === LF && !afterReturn)) line++;
      afterReturn = char === CR;
    }
    keep(text.slice(at, end));
    if (end === length) return end;
    afterReturn = false;
    mode = "closed";
    return end + 1;
  }

  /** After a quote in quotes: a second one makes it a character, anything else must end the cell. */
  function closed(text: string, at: number): number {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      keep('""');
      doubled = true;
      mode = "quoted";
    } else if (char === comma || char === LF || char === CR) {
      finishCell(true);
      endCell(char);
    } else {
      fail(
        place(),
        `${excerpt(text.slice(at, at + 10))} follows a closing quote, expected ${excerpt(delimiter)} or the end of the line; ` +
          'write a quote inside of quotes twice (""), or take the quotes around the cell away.',
      );
    }
    return at + 1;
  }

  return {
    place,
    push(text) {
      for (let at = 0; at < text.length; ) {
        if (mode === "start") at = start(text, at);
        else if (mode === "plain") at = plain(text, at);
        else if (mode === "quoted") at = quoted(text, at);
        else at = closed(text, at);
      }
    },
    end() {
      if (mode === "quoted") {
        const at = { line: openLine, column: cells + 1 };
        fail(
          at,
          "the quote that opens here is never closed, expected a second one; close it, or take it away.",
        );
      }
      if (mode === "start" && cells === 0) return;
      finishCell(mode === "closed");
      endRow();
    },
  };
}
