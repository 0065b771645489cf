/**
 * The errors of the source that show in numbers: what it prints, what is right, and both computed.
 *
 * The ids are those of the list of errata; the ones that are missing here have no numbers.
 */
import { OptionError } from "../core/index.ts";
import { printedFactors } from "./errataChain.ts";
import { lowerBoundOfSteps, neverReset } from "./errataDescent.ts";
import { alongTheAxes, crossedValley, notAMinimum } from "./errataPoints.ts";
import type { Erratum, ErratumId } from "./errataTypes.ts";

const makers: Readonly<Record<ErratumId, () => Erratum>> = {
  M3: () => printedFactors("M3"),
  M4: () => printedFactors("M4"),
  M7: neverReset,
  M11: notAMinimum,
  M16: lowerBoundOfSteps,
  M21: alongTheAxes,
  M24: crossedValley,
};

export const errataIds: readonly ErratumId[] = Object.keys(makers) as ErratumId[];

/**
 * One error with its numbers, computed anew.
 *
 * @throws {OptionError} When there is none of that id with numbers to show.
 */
export function erratum(id: ErratumId): Erratum {
  if (Object.hasOwn(makers, id)) return makers[id]();
  throw new OptionError(
    "id",
    `errata: there is no ${JSON.stringify(id)} with numbers to show, expected one of ${errataIds.join(", ")}.`,
  );
}
