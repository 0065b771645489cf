/** Small problems with gradients by hand, for the tests of optimizers: they know nothing of the library's networks. */
import { type LeastSquares, type Objective, shuffledOrder, type Vector } from "talweg/core";

/** y = x² on [0, 1] by a network 1-units-1 with tanh: half the mean square of the error over the rows of the batch. */
export interface Regression extends Objective {
  readonly rows: number;
  readonly batches: number;
  /** Makes batch `step` (from 0) the function; each epoch has its own order. */
  load(step: number): void;
  /** A start with small, different numbers. */
  start(): Float64Array;
}

export function regression(units: number, rows: number, batchSize: number, seed = 1): Regression {
  const dimension = 3 * units + 1;
  const batches = Math.ceil(rows / batchSize);
  let batch = Uint32Array.from({ length: rows }, (_, i) => i);

  const loss = (w: Vector, g: Vector | undefined): number => {
    let sum = 0;
    g?.fill(0);
    for (const row of batch) {
      const x = row / (rows - 1);
      const hidden = Array.from({ length: units }, (_, j) => Math.tanh(x * w[j]! + w[units + j]!));
      let error = w[3 * units]! - x * x;
      for (let j = 0; j < units; j++) error += hidden[j]! * w[2 * units + j]!;
      sum += (error * error) / 2;
      if (!g) continue;
      const share = error / batch.length;
      for (let j = 0; j < units; j++) {
        const delta = share * w[2 * units + j]! * (1 - hidden[j]! * hidden[j]!);
        g[j] = g[j]! + delta * x;
        g[units + j] = g[units + j]! + delta;
        g[2 * units + j] = g[2 * units + j]! + share * hidden[j]!;
      }
      g[3 * units] = g[3 * units]! + share;
    }
    return sum / batch.length;
  };

  const leastSquares: LeastSquares = {
    get residuals() {
      return batch.length;
    },
    evaluate(w, r, jacobian) {
      const all = batch;
      const g = new Float64Array(dimension);
      for (const [i, row] of all.entries()) {
        const x = row / (rows - 1);
        let error = w[3 * units]! - x * x;
        for (let j = 0; j < units; j++) error += Math.tanh(x * w[j]! + w[units + j]!) * w[2 * units + j]!;
        const share = 1 / Math.sqrt(2 * all.length);
        r[i] = error * share;
        // Half the squared error of one row has the gradient error times derivative.
        batch = Uint32Array.of(row);
        loss(w, g);
        for (let k = 0; jacobian !== undefined && k < dimension; k++) {
          jacobian[i * dimension + k] = (share * g[k]!) / error;
        }
      }
      batch = all;
    },
  };

  return {
    dimension,
    leastSquares,
    rows,
    batches,
    load(step) {
      const from = (step % batches) * batchSize;
      const order = shuffledOrder(rows, seed, 1 + Math.floor(step / batches));
      batch = order.slice(from, Math.min(rows, from + batchSize));
    },
    start: () => Float64Array.from({ length: dimension }, (_, i) => 0.5 * Math.sin(3 * i + 1)),
    value: (w) => loss(w, undefined),
    gradient: loss,
  };
}

/** Half the sum of c_i (x_i - target)², convex: c_i from 1 to `condition` in equal steps. */
export function bowl(dimension: number, condition = 10, target = 0.5): Objective {
  const c = Array.from(
    { length: dimension },
    (_, i) => 1 + ((condition - 1) * i) / Math.max(1, dimension - 1),
  );
  const value = (w: Vector): number =>
    c.reduce((sum, ci, i) => sum + (ci * (w[i]! - target) * (w[i]! - target)) / 2, 0);
  return {
    dimension,
    value,
    gradient(w, g) {
      for (let i = 0; i < dimension; i++) g[i] = c[i]! * (w[i]! - target);
      return value(w);
    },
    leastSquares: {
      residuals: dimension,
      evaluate(w, r, jacobian) {
        jacobian?.fill(0);
        for (const [i, ci] of c.entries()) {
          const root = Math.sqrt(ci / 2);
          r[i] = root * (w[i]! - target);
          if (jacobian !== undefined) jacobian[i * dimension + i] = root;
        }
      },
    },
  };
}

/** A function given as value and gradient on plain numbers. */
export function objectiveOf(
  dimension: number,
  value: (x: number[]) => number,
  gradient: (x: number[]) => number[],
): Objective {
  return {
    dimension,
    value: (w) => value(Array.from(w)),
    gradient(w, g) {
      g.set(gradient(Array.from(w)));
      return value(Array.from(w));
    },
  };
}
