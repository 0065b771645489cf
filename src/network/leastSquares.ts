/**
 * A network's squared losses as a sum of squares of residuals, one for each output of each example, with their derivatives.
 *
 * The Jacobian is made by the network's own backward pass, one row of examples and one output at a time: under the loss Huber
 * an output that lies more than 1 above its target has the derivative 1 / outputs whatever its size, and one that equals its
 * target has 0. So the gradient of that loss, with the target of output o far below and all others met, is the derivative of
 * output o alone. All of it is float64, also for float32 networks.
 */
import { type Dataset, type LeastSquares, targetAt, type Vector } from "../core/index.ts";
import { type BatchRows, createPlan, type Loss, type Plan } from "../kernels/index.ts";
import type { Network } from "./types.ts";

/**
 * @param batch Gives the rows that the objective goes over at the moment.
 * @returns undefined where the loss is no sum of squares, or dropout makes the outputs differ from step to step.
 */
export function leastSquaresOf(
  n: Network,
  loss: Loss,
  data: Dataset,
  batch: () => BatchRows,
): LeastSquares | undefined {
  if (loss !== "sumOfSquares" && loss !== "meanSquaredError") return undefined;
  if (n.layers.some(({ dropout }) => dropout > 0)) return undefined;
  const { outputs } = n;
  let rows: RowDerivatives | undefined;
  return {
    gradientsPerJacobian: outputs,
    get residuals() {
      return batch().rows * outputs;
    },
    evaluate(w, r, jacobian) {
      rows ??= new RowDerivatives(n);
      rows.setParameters(w);
      const { order, from, rows: count } = batch();
      // f is the mean over the rows, and for meanSquaredError over the outputs as well.
      const scale = 1 / Math.sqrt(loss === "sumOfSquares" ? count : count * outputs);
      for (let row = 0; row < count; row++) {
        const place = order === undefined ? from + row : order[from + row]!;
        const a = rows.outputsOf(data, place);
        for (let o = 0; o < outputs; o++) {
          const at = row * outputs + o;
          r[at] = (a[o]! - targetAt(data, place, o)) * scale;
          if (jacobian !== undefined) rows.derivatives(o, scale, jacobian, at * n.parameterCount);
        }
      }
    },
  };
}

/**
 * The same with weight decay: a residual more for each weight, sqrt(penalty / 2) times it.
 *
 * @param spans Where the weights lie in the flat vector.
 */
export function withPenaltyResiduals(
  bare: LeastSquares,
  spans: readonly (readonly [number, number])[],
  penalty: number,
): LeastSquares {
  const root = Math.sqrt(penalty / 2);
  let weights = 0;
  for (const [from, to] of spans) weights += to - from;
  return {
    gradientsPerJacobian: bare.gradientsPerJacobian ?? 1,
    get residuals() {
      return bare.residuals + weights;
    },
    evaluate(w, r, jacobian) {
      const n = w.length;
      let at = bare.residuals;
      bare.evaluate(w, r.subarray(0, at), jacobian?.subarray(0, at * n));
      jacobian?.fill(0, at * n);
      for (const [from, to] of spans) {
        for (let i = from; i < to; i++) {
          r[at] = root * w[i]!;
          if (jacobian !== undefined) jacobian[at * n + i] = root;
          at++;
        }
      }
    },
  };
}

/** One example in float64: its outputs, and the derivative of each of them by all parameters. */
class RowDerivatives {
  private readonly plan: Plan;
  private readonly w: Float64Array;
  private readonly g: Float64Array;
  private readonly x: Float64Array;
  private readonly a: Float64Array;
  private readonly y: Float64Array;
  private readonly row: Dataset;

  constructor({ layers, parameterCount, inputs, outputs }: Network) {
    this.plan = createPlan({ layers, loss: "huber", precision: "float64" }, "scalar");
    this.w = new Float64Array(parameterCount);
    this.g = new Float64Array(parameterCount);
    this.x = new Float64Array(inputs);
    this.a = new Float64Array(outputs);
    this.y = new Float64Array(outputs);
    this.row = { x: this.x, y: this.y, rows: 1, inputs, outputs };
  }

  setParameters(w: Vector): void {
    this.w.set(w);
  }

  /** `[outputs]`, the same vector each time. */
  outputsOf({ x, inputs, scale = 1 }: Dataset, row: number): Float64Array {
    const factor = x instanceof Uint8Array ? scale : 1;
    for (let i = 0; i < inputs; i++) this.x[i] = x[row * inputs + i]! * factor;
    this.plan.predict(this.w, this.x, 1, this.a);
    return this.a;
  }

  /** Writes the derivatives of output `o`, times `scale`, to `out[at …]`. */
  derivatives(o: number, scale: number, out: Float64Array, at: number): void {
    const { plan, row, y, a, g } = this;
    y.set(a);
    y[o] = a[o]! - (2 + Math.abs(a[o]!));
    plan.load(row, { from: 0, rows: 1 });
    plan.gradient(this.w, g);
    const factor = scale * y.length;
    for (let i = 0; i < g.length; i++) out[at + i] = g[i]! * factor;
  }
}
