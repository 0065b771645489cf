/** How wide texts are, so that they can be broken, cut and kept apart before anybody draws them. */

/** Widths over the size of the font, of DejaVu Sans rounded up by group; what stands in no group is as wide as an m. */
const groups: readonly (readonly [letters: string, width: number])[] = [
  [" ijlIJ.,:;'|·/\\", 0.34],
  ["frt()[]!-⁻⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ⁱ°", 0.44],
  ['ckvxyzs*?_–"‖', 0.6],
  ["abdeghnopquL0123456789FEPTYZ$ασβηλθ∂∇∑ε", 0.68],
  ["ABCDGHKNOQRSUVX&wφ", 0.82],
  ["+=<>−×≤≥≈~→", 0.84],
];

const widths = new Map(groups.flatMap(([letters, width]) => [...letters].map((letter) => [letter, width])));

/** About how wide a text is in pixels, rather too wide than too narrow. */
export function textWidth(text: string, size: number): number {
  let sum = 0;
  for (const letter of text) sum += widths.get(letter) ?? 1;
  return sum * size;
}

/**
 * A text that XML can hold: white space becomes a space, other control characters and halves of pairs go. The sign before
 * a number becomes as wide as a plus.
 */
export function clean(text: string): string {
  const signs = text.replace(/(^|[\s([,=])-(?=\.?\d)/g, "$1−");
  const spaces = signs.replace(/[\t\n\r\u2028\u2029]+/g, " ");
  return [...spaces].filter((letter) => !forbidden(letter)).join("");
}

function forbidden(letter: string): boolean {
  const code = letter.codePointAt(0) as number;
  // Control characters cannot stand in an XML file, not even escaped; a lone half of a pair is no letter.
  return (
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    (code & 0xfffe) === 0xfffe
  );
}

/** The text, or so much of its beginning as fits, with "…" behind it. */
export function cutText(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  let kept = "";
  let used = textWidth("…", size);
  for (const letter of text) {
    used += textWidth(letter, size);
    if (used > width) break;
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
}

export interface FittedText {
  lines: readonly string[];
  /** Of the font, in pixels. */
  size: number;
}

/**
 * A text on as few lines as will do: smaller by up to a fifth where it then fits on one line, else broken between words;
 * what does not fit on `most` lines is cut off. An empty text has no lines.
 */
export function fitText(text: string, width: number, size: number, most = 1): FittedText {
  const letters = clean(text).trim();
  if (letters === "") return { lines: [], size };
  for (const share of [1, 0.9, 0.8]) {
    if (textWidth(letters, share * size) <= width) return { lines: [letters], size: share * size };
  }
  const smaller = (most > 1 ? 0.9 : 0.8) * size;
  return { lines: wrapText(letters, width, smaller, most), size: smaller };
}

/** At most `most` lines, broken between words; lines that are too long are cut. */
export function wrapText(text: string, width: number, size: number, most: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (lines.length === most || lines.at(-1) === "" || textWidth(longer, size) <= width) {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(word);
    }
  }
  return lines.map((line) => cutText(line, width, size));
}
