/** Which character stands between the cells, seen from the first line: the one of four that it has most often outside of quotes. */

const candidates = [",", ";", "\t", "|"] as const;

/** A line of this many characters is long enough to tell. */
const ENOUGH = 1_048_576;

interface DelimiterGuess {
  /** Looks at the next piece of the text; true when the first line, or enough of it, has been seen. */
  feed(text: string): boolean;
  /** The comma where the first line has none of the four. */
  best(): string;
}

export function delimiterGuess(): DelimiterGuess {
  const counts = [0, 0, 0, 0];
  let inQuotes = false;
  let seen = 0;
  return {
    feed(text) {
      for (const char of text) {
        if ((char === "\n" || char === "\r") && !inQuotes) {
          if (seen > 0) return true;
          continue; // Empty lines come before the first one.
        }
        if (++seen >= ENOUGH) return true;
        if (char === '"') inQuotes = !inQuotes;
        const which = candidates.indexOf(char as ",");
        if (which >= 0 && !inQuotes) counts[which] = (counts[which] as number) + 1;
      }
      return false;
    },
    best() {
      const most = Math.max(...counts);
      return candidates[counts.indexOf(most)] as string;
    },
  };
}

/** How messages call a delimiter. */
export function delimiterName(delimiter: string): string {
  const names = new Map([
    [",", "a comma"],
    [";", "a semicolon"],
    ["\t", "a tab"],
    ["|", "a bar"],
  ]);
  return names.get(delimiter) ?? JSON.stringify(delimiter);
}
