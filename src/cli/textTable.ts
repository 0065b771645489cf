/** Tables and paragraphs for a terminal. */

/** Columns as wide as their widest cell, the first to the left, the others to the right; two blanks between them. */
export function textTable(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, k) => Math.max(...rows.map((row) => [...row[k]!].length)));
  const filled = (cell: string, k: number): string => {
    const blanks = " ".repeat(widths[k]! - [...cell].length);
    return k === 0 ? cell + blanks : blanks + cell;
  };
  return rows.map((row) => `  ${row.map(filled).join("  ")}`.trimEnd());
}

/** The text in lines of at most so many letters, broken between words; never wider than is good to read. */
export function paragraph(text: string, columns: number): string[] {
  const most = Math.max(20, Math.min(columns - 1, 100));
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && [...last].length + 1 + [...word].length <= most)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
