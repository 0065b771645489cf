/** Counts in messages. */

/** "1 number", "2 numbers". @param noun Its plural ends in s. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
