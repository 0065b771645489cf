/**
 * The chain rule as section 6.3 of the source prints it, beside the right one.
 *
 * The source takes s(z) for s'(z) (M1 in the list of errata) and twice the activation below the last layer for twice the
 * difference between output and target (M2); so its derivatives by the weight (M3) and by the bias (M4) of the last layer miss.
 * For the layers below it prints nothing; there both mistakes stay in the factors of the last layer.
 */
import { OptionError } from "../core/index.ts";
import type { Loss } from "../kernels/index.ts";
import type { Network } from "../network/index.ts";
import type { Example } from "./example.ts";
import type { Factor, ParameterExplanation, PrintedFactor, PrintedForm } from "./explainTypes.ts";
import { finiteOrNull, plain } from "./plainNumbers.ts";

/** @throws {OptionError} When the network is not such a chain as the source has, or the loss is another one. */
export function checkPrintedForm(n: Network, loss: Loss): void {
  const widths = [n.inputs, ...n.layers.map(({ units }) => units)];
  if (widths.some((width) => width !== 1)) {
    throw new OptionError(
      "asPrinted",
      `asPrinted goes with chains, one number in and one unit in each layer, as the source has; this network is ${widths.join("-")}; ` +
        "take chain(), or leave asPrinted out.",
    );
  }
  if (loss === "sumOfSquares") return;
  throw new OptionError(
    "asPrinted",
    `asPrinted goes with the source's loss, sumOfSquares, but the loss is ${loss}; pass loss sumOfSquares, or leave asPrinted out.`,
  );
}

/** @param parameter Of a chain: it has one path. */
export function printedForm({ n64, input, numbers }: Example, parameter: ParameterExplanation): PrintedForm {
  const last = n64.layers.length;
  const below = last === 1 ? "x[0]" : `a${last - 1}[0]`;
  const belowValue = last === 1 ? input[0]! : numbers.a[last - 2]![0]!;
  const { activation } = n64.layers[last - 1]!;
  const asPrinted = ({ kind, name, formula, value }: Factor): PrintedFactor => {
    const base = { name, formula, correct: value };
    if (kind === "loss") {
      return { ...base, printedFormula: `2 ${below}`, printed: plain(2 * belowValue), erratum: "M2" };
    }
    if (kind === "slope" && name.startsWith(`da${last}[`)) {
      const printed = plain(numbers.a[last - 1]![0]!);
      return { ...base, printedFormula: `${activation}(z${last}[0])`, printed, erratum: "M1" };
    }
    return { ...base, printedFormula: formula, printed: value, erratum: null };
  };
  const factors = parameter.paths.listed[0]!.factors.map(asPrinted);
  const correct = parameter.paths.sum;
  const printed = plain(factors.reduce((product, factor) => product * factor.printed, 1));
  const inLast = parameter.layer === last;
  return {
    factors,
    correct,
    printed,
    difference: plain(printed - correct),
    ratio: finiteOrNull(printed / correct),
    erratum: inLast ? (parameter.kind === "weight" ? "M3" : "M4") : null,
  };
}
