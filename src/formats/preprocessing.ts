/** The preprocessing inside a model, checked against its network: a file may hold anything under that key. */
import { FormatError } from "../core/index.ts";
import { checkPreprocessing, outputCount, type Preprocessing } from "../data/index.ts";
import type { Network } from "../network/index.ts";

/** The numbers that go into a network and come out of it. */
type Widths = Pick<Network, "inputs" | "outputs">;

/**
 * The preprocessing of a model that was trained on a table; undefined where it was not.
 *
 * @throws {FormatError} When it is none that this library writes, or does not fit the network.
 */
export function preprocessingOf(n: Network): Preprocessing | undefined {
  const { preprocessing } = n.metadata;
  if (preprocessing === undefined || preprocessing === null) return undefined;
  return requirePreprocessing(preprocessing, n, "the model");
}

/**
 * The value, when it is a preprocessing whose columns become the network's inputs and whose targets are its outputs.
 *
 * @param place What messages begin with.
 * @throws {FormatError} Otherwise.
 */
export function requirePreprocessing(
  value: unknown,
  { inputs, outputs }: Widths,
  place: string,
): Preprocessing {
  const checked = checkPreprocessing(value, place);
  const out = outputCount(checked);
  if (checked.inputs === inputs && out === outputs) return checked;
  throw new FormatError(
    `${place}: its preprocessing is for ${checked.inputs} inputs and ${out} outputs, expected ${inputs} and ${outputs}, those of its network; ` +
      "the file is damaged or edited: save or fetch it again.",
  );
}
