/** A changed setting made to fit: what the reader chose before may not go with what was chosen now. */
import { TalwegError } from "talweg";
import { checkSetting } from "./checkSetting.ts";
import type { Setting } from "./types.ts";

/**
 * The setting checked; where output or loss do not go with the rest, they are left to the data.
 *
 * @throws {TalwegError} When that does not help either.
 */
export function repaired(setting: Setting): Setting {
  const ways: Setting[] = [
    setting,
    { ...setting, loss: null },
    { ...setting, output: null },
    { ...setting, loss: null, output: null },
  ];
  let first: unknown;
  for (const way of ways) {
    try {
      return checkSetting(way);
    } catch (error) {
      if (!(error instanceof TalwegError)) throw error;
      first ??= error;
    }
  }
  throw first;
}
