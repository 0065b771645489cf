/** The preprocessing inside a model, checked against its network: a file may hold anything under that key. */
import { FormatError } from "../core/index.ts";
import { checkPreprocessing, outputCount, type Preprocessing } from "../data/index.ts";
import type { Network } from "../network/index.ts";

/**
 * The preprocessing of a model that was trained on a table; undefined where it was not.
 *
 * @throws {FormatError} When it is none that this library writes, or does not fit the network.
 */
export function preprocessingOf(n: Network): Preprocessing | undefined {
  const { preprocessing } = n.metadata;
  if (preprocessing === undefined || preprocessing === null) return undefined;
  const checked = checkPreprocessing(preprocessing, "the model");
  const outputs = outputCount(checked);
  if (checked.inputs === n.inputs && outputs === n.outputs) return checked;
  throw new FormatError(
    `the model: its preprocessing is for ${checked.inputs} inputs and ${outputs} outputs, expected ${n.inputs} and ${n.outputs}, those of its network; ` +
      "the file is damaged or edited: save or fetch it again.",
  );
}
