/** The numbers beside the picture, by the library, from the parameters on show. */
import { type Dataset, type Loss, type Network, objective, parametersSha256, selectRows } from "talweg";
import type { BatchObjective } from "talweg/network";
import { hasClasses } from "./networkOf.ts";
import type { Measures } from "./types.ts";

/** Multiplications of one look: with more parameters fewer examples are looked at, so that a drag stays light. */
const WORK = 1.2e6;
const LEAST_ROWS = 200;
/** So much is to be expected of a page that fast code is made at once. */
const EXPECTED = 1e9;

/** Examples that are looked at: all of them, unless the network is large; then the first ones. */
export const measuredRows = ({ parameterCount }: Pick<Network, "parameterCount">, rows: number): number =>
  Math.min(rows, Math.max(LEAST_ROWS, Math.floor(WORK / parameterCount)));

/** Makes what can be made once, and measures as often as the parameters change. */
export class Meter {
  /** Examples that are looked at: all of them, unless the network is large. */
  readonly rows: number;
  private readonly n: Network;
  private readonly loss: Loss;
  private readonly train: Dataset;
  private readonly test: Dataset | null;
  private readonly f: BatchObjective;
  private readonly testF: BatchObjective | null;
  private readonly gradient: Float32Array;

  /** @param test null where there are no examples that were not trained on. */
  constructor(n: Network, loss: Loss, train: Dataset, test: Dataset | null) {
    this.n = n;
    this.loss = loss;
    this.train = firstRows(train, measuredRows(n, train.rows));
    this.test = test === null ? null : firstRows(test, measuredRows(n, test.rows));
    this.rows = this.train.rows;
    this.f = objective(n, loss, this.train, { work: EXPECTED });
    this.testF = this.test === null ? null : objective(n, loss, this.test, { work: EXPECTED });
    this.gradient = new Float32Array(n.parameterCount);
  }

  /** @param parameters Those that the network has. */
  measure(parameters: Float32Array): Measures {
    const { n, f, gradient, test, testF } = this;
    f.load({ from: 0, rows: this.rows });
    const loss = f.gradient(parameters, gradient);
    const held = test === null || testF === null ? null : this.onTest(test, testF, parameters);
    return {
      loss: finite(loss),
      testLoss: held?.loss ?? null,
      accuracy: this.accuracy(this.train, f, parameters),
      testAccuracy: held?.accuracy ?? null,
      gradientNorms: norms(n, gradient),
      hash: parametersSha256(n).slice(0, 8),
    };
  }

  /** @param x `[rows, inputs]`. @returns `[rows, outputs]`: what the network predicts, by code that is fast at once. */
  predict(parameters: Float32Array, x: Float32Array): Float32Array {
    const rows = x.length / this.n.inputs;
    const out = new Float32Array(rows * this.n.outputs);
    this.f.plan.predict(parameters, x, rows, out);
    return out;
  }

  close(): void {
    this.f.plan.close();
    this.testF?.plan.close();
  }

  private onTest(
    test: Dataset,
    f: BatchObjective,
    parameters: Float32Array,
  ): Pick<Measures, "loss" | "accuracy"> {
    f.load({ from: 0, rows: test.rows });
    return { loss: finite(f.value(parameters)), accuracy: this.accuracy(test, f, parameters) };
  }

  private accuracy(data: Dataset, { plan }: BatchObjective, parameters: Float32Array): number | null {
    if (!hasClasses(data)) return null;
    const { x, rows, outputs } = data;
    const output = new Float32Array(rows * outputs);
    plan.predict(parameters, x, rows, output);
    const logits = this.n.layers.at(-1)!.activation === "linear" && this.loss === "binaryCrossEntropy";
    let right = 0;
    for (let row = 0; row < rows; row++) {
      // Own points and computed sets have one target a row: a label, or 0 and 1.
      if (predicted(output, row, outputs, logits ? 0 : 0.5) === data.y[row]) right++;
    }
    return right / rows;
  }
}

function firstRows(data: Dataset, most: number): Dataset {
  if (data.rows <= most) return data;
  return selectRows(
    data,
    Uint32Array.from({ length: most }, (_, i) => i),
  );
}

/** The place of the largest output; of one output whether it is at the threshold or above. */
function predicted(output: Float32Array, row: number, outputs: number, threshold: number): number {
  if (outputs === 1) return output[row]! >= threshold ? 1 : 0;
  let label = 0;
  for (let j = 1; j < outputs; j++) {
    if (output[row * outputs + j]! > output[row * outputs + label]!) label = j;
  }
  return label;
}

function norms(n: Network, gradient: Float32Array): number[] {
  let at = 0;
  return n.layers.map(({ inputs, units }) => {
    const end = at + (inputs + 1) * units;
    let sum = 0;
    for (; at < end; at++) sum += gradient[at]! * gradient[at]!;
    return Math.sqrt(sum);
  });
}

function finite(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}
