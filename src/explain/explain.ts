/**
 * Why a network's numbers are what they are, for one example: the forward calculation product by product, the deltas, and the
 * derivative of the loss by any one parameter as factors along paths.
 *
 * The derivatives are those of the network's own backward pass, in float64; for one row the gradient by the biases is the
 * delta dC/dz of each layer. What is built here from factors stands beside it.
 */
import { DataError, type Dataset, OptionError, ShapeError } from "../core/index.ts";
import type { Loss } from "../kernels/index.ts";
import {
  checkLoss,
  checkTargets,
  type Network,
  objective,
  readParameters,
  withPrecision,
} from "../network/index.ts";
import { deltaTerms } from "./deltaTerms.ts";
import type { Example } from "./example.ts";
import type { Explanation, OutputNumber } from "./explainTypes.ts";
import { forwardTerms, type RowNumbers } from "./forwardTerms.ts";
import { explainLoss } from "./lossTerms.ts";
import { layerStarts, parameterPlace } from "./parameterName.ts";
import { explainParameter } from "./parameterTerms.ts";
import { finiteOrNull, plain, requireFiniteResult } from "./plainNumbers.ts";
import { checkPrintedForm, printedForm } from "./printedForm.ts";

export interface ExplainOptions {
  /** `[outputs]`: with it the loss and the deltas are explained too. */
  target?: ArrayLike<number> | undefined;
  /** By default the loss that the network was trained with. */
  loss?: Loss | undefined;
  /** A name such as `W3[0,1]` or `b2[4]`, or the index in the flat vector; it needs a target. */
  parameter?: string | number | undefined;
  /** How many paths from the parameter to the loss are listed, the largest first; 20. */
  paths?: number | undefined;
  /** Puts beside the parameter's factors what the source prints; for chains of single units with sumOfSquares. */
  asPrinted?: boolean | undefined;
}

const MOST_PATHS = 10_000;

/**
 * Explains what the network makes of one example; `n` stays as it is.
 *
 * Dropout is off, as it is in predictions, and a penalty on weights is no part of the loss.
 *
 * @param input `[inputs]`.
 * @returns Plain data: float64, with the digits of a float32 network's own arithmetic beside.
 * @throws {ShapeError} When input or target have another width than the network.
 * @throws {DataError} When one of their numbers is not finite, or no target that the loss can take.
 * @throws {OptionError} When there is no such parameter, no loss is known, or a parameter is asked for without a target.
 * @throws {NotFiniteError} When a number on the way overflows.
 */
export function explain(
  n: Network,
  input: ArrayLike<number>,
  { target, loss, parameter, paths = 20, asPrinted = false }: ExplainOptions = {},
): Explanation {
  const x = rowOf(input, n.inputs, "input", "the inputs of layer 1");
  checkNeeds({ target, loss, parameter, paths, asPrinted });
  const n64 = withPrecision(n, "float64");
  const numbers = forward64(n64, x);
  const own = n.precision === "float32" ? n.forward(x) : null;
  const dropout = n.layers.some((layer) => layer.dropout > 0);
  const penalty = n.metadata.options?.penalty;
  const explanation: Explanation = {
    precision: n.precision,
    parameterCount: n.parameterCount,
    input: Array.from(x, plain),
    layers: forwardTerms(n64, x, numbers, own),
    outputs: outputNumbers(n, numbers, x),
    leftOut: { dropout, penalty: typeof penalty === "number" && penalty > 0 ? penalty : 0 },
  };
  if (target === undefined) return explanation;
  const y = rowOf(target, n.outputs, "target", `the units of layer ${n.layers.length}`);
  const e = exampleOf(n64, { x, y, numbers, loss: knownLoss(n, loss) });
  if (asPrinted) checkPrintedForm(n64, e.outputs.loss);
  const deltas = deltasOf(e);
  explanation.loss = explainLoss(e.outputs, n.layers.length, e.value, deltas.at(-1)!);
  explanation.deltas = deltaTerms(n64, numbers, e.outputs, deltas);
  if (parameter === undefined) return explanation;
  const place = parameterPlace(n64, parameter);
  // What is printed is set beside the one path that a chain has.
  const explained = explainParameter(e, place, asPrinted ? Math.max(paths, 1) : paths);
  explanation.parameter = asPrinted ? { ...explained, asPrinted: printedForm(e, explained) } : explained;
  return explanation;
}

/** @throws {ShapeError | DataError} When it is no row of so many finite numbers. */
function rowOf(given: ArrayLike<number>, width: number, name: string, what: string): Float64Array {
  const isRow = Array.isArray(given) || ArrayBuffer.isView(given);
  if (!isRow || given.length !== width) {
    const count = isRow
      ? `has ${given.length} number${given.length === 1 ? "" : "s"}`
      : `is ${String(given)}`;
    throw new ShapeError(
      `explain: ${name} ${count}, expected ${width}, ${what}; write one flat array such as [${example(width)}].`,
    );
  }
  const wrong = Array.from(given).findIndex((x) => typeof x !== "number" || !Number.isFinite(x));
  if (wrong < 0) return Float64Array.from(given);
  throw new DataError(
    `explain: ${name} has ${String(given[wrong])} at place ${wrong} (from 0), expected a finite number; fill the value in.`,
    { row: 0, column: wrong },
  );
}

const example = (width: number): string =>
  `${Array(Math.min(width, 3)).fill("0.5").join(", ")}${width > 3 ? ", …" : ""}`;

/** @throws {OptionError} When options do not go together. */
function checkNeeds({ target, loss, parameter, paths, asPrinted }: ExplainOptions): void {
  if (!Number.isSafeInteger(paths) || paths! < 0 || paths! > MOST_PATHS) {
    throw new OptionError(
      "paths",
      `paths is ${String(paths)}, expected a whole number from 0 to ${MOST_PATHS}, the paths to be listed; their sum has all of them anyway.`,
    );
  }
  if (target === undefined) {
    const needy = parameter !== undefined ? "parameter" : loss !== undefined ? "loss" : undefined;
    if (needy !== undefined || asPrinted) {
      throw new OptionError(
        needy ?? "asPrinted",
        `explain: ${needy ?? "asPrinted"} is given without a target, but there is no loss without one; pass target, one number for each output.`,
      );
    }
  }
  if (asPrinted && parameter === undefined) {
    throw new OptionError(
      "asPrinted",
      "explain: asPrinted is given without a parameter, whose factors it sets beside the source's; pass for example parameter W1[0,0].",
    );
  }
}

function knownLoss(n: Network, given: Loss | undefined): Loss {
  const loss = given ?? n.metadata.loss;
  if (loss !== undefined) {
    checkLoss(n, loss);
    return loss;
  }
  throw new OptionError(
    "loss",
    "explain: no loss is known, since the network was not trained and none is given; pass one, such as meanSquaredError.",
  );
}

function forward64(n64: Network, x: Float64Array): RowNumbers {
  const numbers = n64.forward(x);
  for (const [l, z] of numbers.z.entries()) {
    requireFiniteResult(z, (j) => `z${l + 1}[${j}]`, l + 1);
    requireFiniteResult(numbers.a[l]!, (j) => `a${l + 1}[${j}]`, l + 1);
  }
  return numbers;
}

function outputNumbers(n: Network, numbers: RowNumbers, x: Float64Array): OutputNumber[] {
  const { classes } = n.metadata;
  const predicted = n.predict(x);
  return Array.from(numbers.a.at(-1)!, (output, unit) => ({
    unit,
    class: classes?.length === n.outputs ? classes[unit]! : null,
    output: plain(output),
    predicted: finiteOrNull(predicted[unit]!),
  }));
}

interface Row {
  x: Float64Array;
  y: Float64Array;
  numbers: RowNumbers;
  loss: Loss;
}

/** Runs the network's own backward pass. @throws {DataError | NotFiniteError} When the loss cannot take it. */
function exampleOf(n64: Network, { x, y, numbers, loss }: Row): Example {
  const data: Dataset = { x, y, rows: 1, inputs: n64.inputs, outputs: n64.outputs };
  checkTargets(loss, data, "explain: target");
  const f = objective(n64, loss, data);
  const gradient = new Float64Array(n64.parameterCount);
  const value = f.gradient(readParameters(n64), gradient);
  requireFiniteResult([value], () => "the loss");
  requireFiniteResult(gradient, (i) => `the derivative by ${parameterPlace(n64, i).name}`);
  const { activation } = n64.layers.at(-1)!;
  const [z, a] = [Float64Array.from(numbers.z.at(-1)!), Float64Array.from(numbers.a.at(-1)!)];
  return { n64, input: x, numbers, outputs: { loss, activation, z, a, y }, f, value, gradient };
}

/** dC/dz of every layer, `[layers][units]`: the derivatives by the biases, since dz/db = 1. */
function deltasOf({ n64, gradient }: Example): Float64Array[] {
  return layerStarts(n64).map(({ biases }, l) => gradient.subarray(biases, biases + n64.layers[l]!.units));
}
