/** Wrong usage: what was typed, what exists, and the name that was probably meant. */
import { nearestName, TalwegError } from "../core/index.ts";

/** The command line cannot be followed; the command ends with 2. */
export class UsageError extends TalwegError {
  constructor(message: string) {
    super("usage", message);
  }
}

/** " (did you mean adam?)" where a name is near, else nothing. */
export function suggestion(given: string, names: readonly string[]): string {
  const near = nearestName(given, names);
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}
