/** What a table from a file may hold at most, so that no file can fill the memory, and the notes that readers leave. */

/** Characters of one cell. */
export const MAX_CELL = 1_048_576;

/** Characters of one row. */
export const MAX_ROW = 16_777_216;

/** Columns of a table. */
export const MAX_COLUMNS = 16_384;

/**
 * A chunk is complete with so many cells, but not below so many rows, or with so many characters of text. Four times the cells
 * are read at half the speed, since they outlive the young part of the memory; rows below make columns that are dear to begin.
 */
export const CHUNK = { cells: 16_384, rows: 64, text: 4_194_304 } as const;

/** Cells of a table that lies in memory as a whole, at 8 bytes and more each. */
export const MAX_TABLE_CELLS = 67_108_864;

/** Characters that a packed file may unfold to in a table that lies in memory as a whole. */
export const MAX_TABLE_TEXT = 536_870_912;

/** Something that a reader saw or decided and that the user should know; `message` says it in words. */
export type TableNote =
  | { readonly code: "delimiter"; readonly message: string; readonly delimiter: string }
  | {
      readonly code: "renamed";
      readonly message: string;
      /** Numbers of the columns, from 1. */
      readonly columns: readonly number[];
    }
  | {
      readonly code: "skipped";
      readonly message: string;
      readonly rows: number;
      /** Of the first one, from 1. */
      readonly line: number;
    };

/** A place in a text, both from 1. */
export interface Place {
  readonly line: number;
  /** The cell in CSV, the character in a line of JSON. */
  readonly column: number;
}

/** What both readers of text do with it, a piece at a time. */
export interface TextReader {
  push(text: string): void;
  end(): void;
  /** Where the next character would stand. */
  place(): Place;
}

/**
 * The text, without the memory of the larger one that it was cut from.
 *
 * Engines keep the whole of a text alive for a part of it; one long cell that somebody keeps would hold 64 kB.
 */
export function own(text: string): string {
  // Below 13 characters V8 copies anyway. A joined text is copied into memory of its own when it is cut.
  return text.length < 13 ? text : ` ${text}`.slice(1);
}

/** A text for a message, not longer than is read with pleasure. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);
}
