/** What an error of the source comes to in numbers: plain data. */

export type ErratumId = "M3" | "M4" | "M7" | "M11" | "M16" | "M21" | "M24";

export interface Erratum {
  id: ErratumId;
  /** Of the source. */
  section: string;
  /** In short, what it prints and what is right. */
  printed: string;
  corrected: string;
  tables: ErratumTable[];
  /** What the numbers show, each read off them. */
  shown: { statement: string; holds: boolean }[];
}

export interface ErratumTable {
  title: string;
  columns: string[];
  rows: (string | number | null)[][];
}
