/** A network, a loss and a set of examples as a function of the parameters: what an optimizer sees. */
import {
  checkDataset,
  countOf,
  DataError,
  type Dataset,
  type Objective,
  OptionError,
  requirePresent,
  ShapeError,
  squaredNorm,
  type Vector,
} from "../core/index.ts";
import {
  type BatchRows,
  createPlan,
  type KernelChoice,
  type Loss,
  lossNames,
  outputActivations,
  type Plan,
  type Update,
} from "../kernels/index.ts";
import { leastSquaresOf, withPenaltyResiduals } from "./leastSquares.ts";
import type { Network } from "./types.ts";

export interface ObjectiveOptions {
  /** Weight decay: penalty / 2 times the sum of squared weights (not biases) is added to the loss; 0. */
  penalty?: number;
  kernels?: KernelChoice;
  /** Threads of the arithmetic, this one included; 1. Whoever asks for more ends them by `plan.close()`. */
  threads?: number;
  /** Multiplications to be expected in all; unknown. Much work is worth code of its own from the first evaluation on. */
  work?: number;
  /** The rule by which an optimizer will move the parameters, if it is known: for a plan that takes many steps by itself. */
  rule?: Update["rule"] | undefined;
  /** Lets V8 of Node 24 and later pair lanes, an experimental pass: faster on wide layers; elsewhere nothing changes. */
  wide?: boolean | undefined;
}

/** An objective whose examples can be exchanged: the whole set at first, then whatever `load` names. */
export interface BatchObjective extends Objective {
  readonly plan: Plan;
  load(batch: BatchRows): void;
  /** From now on batches are rows of these examples, which have the same widths and were looked through; `load` comes next. */
  use(data: Dataset): void;
}

/**
 * Mean loss of `examples` as a function of the parameters of `n`, with its gradient; `n` itself is left as it is.
 *
 * @throws {ShapeError} When the data's widths are not the network's.
 * @throws {OptionError} When the loss cannot be taken with the output activation, or the penalty is negative.
 * @throws {DataError} When the data are empty, not finite or outside of what the loss can take.
 */
export function objective(
  n: Network,
  loss: Loss,
  examples: Dataset,
  { penalty = 0, kernels = "auto", threads = 1, work = 0, rule, wide }: ObjectiveOptions = {},
): BatchObjective {
  checkLoss(n, loss);
  let data = examples;
  checkDataset(data);
  checkFit(n, data);
  checkTargets(loss, data, "y");
  if (!(penalty >= 0 && penalty < Infinity)) {
    throw new OptionError(
      "penalty",
      `penalty is ${String(penalty)}, expected a number from 0 up; 0 means no weight decay.`,
    );
  }
  const plan = createPlan({ layers: n.layers, loss, precision: n.precision }, kernels, {
    threads,
    work,
    rule,
    wide,
  });
  let rows: BatchRows = { from: 0, rows: data.rows };
  plan.load(data, rows);
  const leastSquares = leastSquaresOf(n, loss, examples, () => rows);
  const bare: BatchObjective = {
    plan,
    dimension: plan.parameterCount,
    load(batch) {
      rows = batch;
      plan.load(data, batch);
    },
    use(others) {
      data = others;
    },
    value(w) {
      requireLength("w", w, plan.parameterCount);
      requirePresent(data);
      return plan.value(w);
    },
    gradient(w, g) {
      requireLength("w", w, plan.parameterCount);
      requireLength("g", g, plan.parameterCount);
      requirePresent(data);
      return plan.gradient(w, g);
    },
    ...(leastSquares === undefined ? {} : { leastSquares }),
  };
  return penalty === 0 ? bare : withPenalty(bare, n, penalty);
}

/** A vector of another length would be read past its end as NaN. */
function requireLength(name: string, vector: Vector, length: number): void {
  if (vector.length === length) return;
  throw new ShapeError(
    `objective: ${name} has ${countOf(vector.length, "number")}, expected ${length}, the network's parameters; ` +
      "pass vectors of that length.",
  );
}

/** Adds penalty / 2 * (sum of squared weights); its gradient is penalty * w. */
function withPenalty(bare: BatchObjective, n: Network, penalty: number): BatchObjective {
  const spans = weightSpans(n);
  const half = (w: Vector): number => {
    let sum = 0;
    for (const [from, to] of spans) sum += squaredNorm(w.subarray(from, to));
    return (penalty / 2) * sum;
  };
  const round = n.precision === "float32" ? Math.fround : (x: number): number => x;
  const factor = round(penalty);
  const squares = bare.leastSquares;
  return {
    ...bare,
    ...(squares === undefined ? {} : { leastSquares: withPenaltyResiduals(squares, spans, penalty) }),
    value: (w) => bare.value(w) + half(w),
    gradient(w, g) {
      const value = bare.gradient(w, g);
      for (const [from, to] of spans) {
        for (let i = from; i < to; i++) g[i] = round(g[i]! + round(factor * w[i]!));
      }
      return value + half(w);
    },
  };
}

/** Where each layer's weights lie in the flat vector. */
function weightSpans(n: Network): [number, number][] {
  let at = 0;
  return n.layers.map(({ inputs, units }) => {
    const from = at;
    at += (inputs + 1) * units;
    return [from, from + inputs * units];
  });
}

/** @throws {OptionError} When the loss is unknown or does not go with the output activation. */
export function checkLoss(n: Network, loss: Loss): void {
  if (!lossNames.includes(loss)) {
    throw new OptionError(
      "loss",
      `loss is ${JSON.stringify(loss)}, expected one of ${lossNames.join(", ")}.`,
    );
  }
  const { activation, units } = n.layers.at(-1)!;
  const fitting = outputActivations(loss);
  if (fitting === "any") return;
  if (!fitting.includes(activation)) {
    throw new OptionError(
      "loss",
      `loss ${loss} needs an output layer that is ${fitting.join(" or ")} (linear outputs are taken as logits), ` +
        `but the last layer is ${activation}; change it to ${fitting[0]} or take another loss.`,
    );
  }
  if (loss === "categoricalCrossEntropy" && units === 1) {
    throw new OptionError(
      "loss",
      "loss categoricalCrossEntropy needs one output for each class, but the last layer has one unit, whose share is always 1; " +
        "take binaryCrossEntropy.",
    );
  }
}

/** @throws {ShapeError} When the data's widths are not the network's. */
export function checkFit(n: Network, data: Dataset): void {
  if (data.inputs !== n.inputs) {
    throw new ShapeError(
      `the data have ${data.inputs} inputs a row, but layer 1 takes ${n.inputs}; write dense(${data.inputs}, …) for layer 1.`,
    );
  }
  if (data.outputs !== n.outputs) {
    throw new ShapeError(
      `the data have ${data.outputs} outputs a row, but layer ${n.layers.length} has ${n.outputs} units; ` +
        `write dense(…, ${data.outputs}) for the last layer.`,
    );
  }
}

/** @throws {DataError} When a target is no probability and the loss is a cross-entropy. @param name What y is called. */
export function checkTargets(loss: Loss, { y, outputs }: Dataset, name: string): void {
  if (loss !== "binaryCrossEntropy" && loss !== "categoricalCrossEntropy") return;
  if (y instanceof Uint8Array) return;
  for (let i = 0; i < y.length; i++) {
    const target = y[i]!;
    if (target >= 0 && target <= 1) continue;
    const row = Math.floor(i / outputs);
    const column = i % outputs;
    throw new DataError(
      `${name}: row ${row}, column ${column} (both from 0) is ${target}, but ${loss} takes targets from 0 to 1; ` +
        "give classes as 0 and 1, or take meanSquaredError.",
      { row, column },
    );
  }
}
