/** Words in a table that stand for nothing. */
import { OptionError } from "../core/index.ts";

/** The words that stand for nothing in CSV where `missing` is not given. */
export const missingWords: readonly string[] = ["", "NA", "N/A", "null", "NaN", "?"];

/** @throws {OptionError} When `missing` is not a list of texts. */
export function requireWords(missing: readonly string[] | undefined, name: string): void {
  if (missing === undefined) return;
  if (Array.isArray(missing) && missing.every((word) => typeof word === "string")) return;
  throw new OptionError(
    "missing",
    `${name}: missing is ${JSON.stringify(missing) ?? typeof missing}, expected a list of texts that stand for nothing; pass for example ["", "NA", "-"].`,
  );
}

/** Whether a text is one of some words; nearly all texts fail on their first character, which costs no hash. */
export function wordTest(words: readonly string[]): (text: string) => boolean {
  const all = new Set(words);
  const empty = all.has("");
  const first = new Uint8Array(256);
  for (const word of words) if (word !== "") first[word.charCodeAt(0) & 255] = 1;
  return (text) => (text === "" ? empty : first[text.charCodeAt(0) & 255] === 1 && all.has(text));
}
