// Numbers and tables as Markdown.

/** Three digits that count, whole numbers with commas. */
export function number(value) {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

/** A share as percent. */
export const percent = (share) =>
  `${share < 0.01 ? Number((100 * share).toPrecision(1)) : Math.round(100 * share)} %`;

/** A cell may not end its row. */
const safe = (cell) => String(cell).replaceAll("|", "\\|").replaceAll("\n", " ");

/**
 * A table.
 *
 * @param right Numbers of the columns that are set to the right, from 0.
 */
export function table(head, rows, right = []) {
  const line = (cells) => `| ${cells.map(safe).join(" | ")} |`;
  const rule = head.map((_, i) => (right.includes(i) ? "---:" : "---"));
  return [line(head), `|${rule.join("|")}|`, ...rows.map(line)].join("\n");
}
