/** The words that a column of true and false may hold in files that leave here; `cellBoolean` reads them in any case. */
const cases = (word: string): string[] => [word, word[0]!.toUpperCase() + word.slice(1), word.toUpperCase()];

export const trueWords: readonly string[] = [...cases("true"), ...cases("yes"), "1"];
export const falseWords: readonly string[] = [...cases("false"), ...cases("no"), "0"];
