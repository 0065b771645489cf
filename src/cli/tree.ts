/** Trees of named numbers as lines: the names with the lines of the tree before them, the numbers below each other. */

export interface Branch {
  readonly text: string;
  /** Stands in a column of its own, to the right of all texts; a number gets as many digits as there is room for. */
  readonly value?: number | string;
  /** Stands to the right of the numbers. */
  readonly note?: string;
  /** Further lines right below the text. */
  readonly more?: readonly string[];
  readonly branches?: readonly Branch[];
}

interface Line {
  readonly text: string;
  readonly root: boolean;
  readonly value?: number | string;
  readonly note?: string;
}

/** Significant digits to try, the most first; 17 are all that a number has. */
const DIGITS = [17, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6] as const;

/**
 * @param columns As many digits are shown as there is room for.
 * @param heading How the text of a root is shown.
 * @returns Lines, with an empty one between the roots.
 */
export function treeLines(
  roots: readonly Branch[],
  columns: number,
  heading: (text: string) => string,
): string[] {
  const groups = roots.map((root) => linesOf(root, "", ""));
  const all = groups.flat();
  const fits = (digits: number): boolean => widest(all, layoutOf(all, digits)) <= columns;
  const digits = DIGITS.find(fits) ?? DIGITS.at(-1)!;
  const layout = layoutOf(all, digits);
  return groups.flatMap((lines, i) => [
    ...(i === 0 ? [] : [""]),
    ...lines.map((line) => shown(line, layout, line.root ? heading : (text) => text)),
  ]);
}

/** A number with at most so many significant digits, and none that say nothing. */
export function digitsOf(value: number, digits: number): string {
  const rounded = digits >= 17 ? value : Number(value.toPrecision(digits));
  return rounded !== 0 && Math.abs(rounded) < 1e-4 ? rounded.toExponential() : String(rounded);
}

function linesOf({ text, more = [], branches = [], ...rest }: Branch, first: string, next: string): Line[] {
  const below = branches.length > 0 ? "│  " : "   ";
  const own = [
    { text: first + text, root: first === "", ...rest },
    ...more.map((line) => ({ text: next + below + line, root: false })),
  ];
  return [
    ...own,
    ...branches.flatMap((branch, i) => {
      const last = i === branches.length - 1;
      return linesOf(branch, `${next}${last ? "└─ " : "├─ "}`, `${next}${last ? "   " : "│  "}`);
    }),
  ];
}

interface Layout {
  readonly digits: number;
  /** Widths of the texts that have a number, and of the numbers that have a note. */
  readonly text: number;
  readonly value: number;
}

function layoutOf(lines: readonly Line[], digits: number): Layout {
  const width = (texts: string[]): number => texts.reduce((most, text) => Math.max(most, text.length), 0);
  const numbered = lines.filter(({ value }) => value !== undefined);
  const noted = numbered.filter(({ note }) => note !== undefined);
  return {
    digits,
    text: width(numbered.map(({ text }) => text)),
    value: width(noted.map(({ value }) => signed(value!, digits))),
  };
}

/** With room for a sign, so that digits stand below each other. */
function signed(value: number | string, digits: number): string {
  const text = typeof value === "string" ? value : digitsOf(value, digits);
  return text.startsWith("-") ? text : ` ${text}`;
}

function shown({ text, value, note }: Line, layout: Layout, style: (text: string) => string): string {
  if (value === undefined) return style(text);
  const number = signed(value, layout.digits);
  const head = `${style(text)}${" ".repeat(layout.text - text.length)}  ${number}`;
  return note === undefined ? head : `${head.padEnd(head.length + layout.value - number.length)}  ${note}`;
}

function widest(lines: readonly Line[], layout: Layout): number {
  return lines.reduce((most, line) => Math.max(most, shown(line, layout, (text) => text).length), 0);
}
