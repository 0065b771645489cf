/** Columns asked for by name: where they are, and what to say where they are not. */
import { DataError, nearestName } from "../core/index.ts";

/** A name in quotes, short enough for a message. */
function quoteName(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 57)}...` : name);
}

/** Names as a list for messages, cut after the first twenty. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 20).map(quoteName);
  return names.length > 20 ? `${shown.join(", ")} and ${names.length - 20} more` : shown.join(", ");
}

/** " (did you mean "price"?)" where a name is near, else nothing. */
export function meantName(name: string, names: readonly string[]): string {
  const near = nearestName(name, names);
  return near === undefined ? "" : ` (did you mean ${quoteName(near)}?)`;
}

/**
 * The place of each wanted column, in the order of `wanted`; -1 where it is not there and needs not be.
 *
 * @param why Why all must be there; undefined where they need not.
 * @throws {DataError} When columns are not there; it names them all.
 */
export function columnPlaces(
  names: readonly string[],
  wanted: readonly string[],
  why: string | undefined,
): number[] {
  const places = new Map(names.map((name, c) => [name, c]));
  const absent = wanted.filter((name) => !places.has(name));
  if (why !== undefined && absent.length > 0) {
    const told = absent.slice(0, 20).map((name) => `${quoteName(name)}${meantName(name, names)}`);
    const more = absent.length > 20 ? ` and ${absent.length - 20} more` : "";
    throw new DataError(
      `the table lacks ${absent.length === 1 ? "the column" : `${absent.length} columns`}: ${told.join(", ")}${more}; ` +
        `expected it to have ${absent.length === 1 ? "it" : "them"}, ${why}; it has ${listNames(names)}.`,
    );
  }
  return wanted.map((name) => places.get(name) ?? -1);
}
