/** Names of options at the public boundary: a misspelt one would be ignored, and a default used in its place. */
import { OptionError } from "./errors.ts";
import { nearestName } from "./nearestName.ts";

/**
 * Only options that exist.
 *
 * @param owner Who takes them, for the message: "adam".
 * @param given The options; undefined where none are given.
 * @param names All that there are.
 * @throws {OptionError} Otherwise, with the name that was probably meant.
 */
export function requireNames(owner: string, given: object | undefined, names: readonly string[]): void {
  for (const name of Object.keys(given ?? {})) {
    if (names.includes(name)) continue;
    const near = nearestName(name, names);
    const meant = near === undefined ? "" : ` (did you mean ${near}?)`;
    throw new OptionError(
      name,
      `${owner} has no option ${name}${meant}, expected some of ${names.join(", ")}; mend the name.`,
    );
  }
}
