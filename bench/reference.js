// The answers that contestants are held against: the same mathematics in float64, in plain loops, by none of the contestants.

/** Layers of float64 arrays out of one float32 vector W1, b1, W2, b2, … */
function layersOf(sizes, flat) {
  let at = 0;
  const take = (count) => {
    at += count;
    return Float64Array.from(flat.subarray(at - count, at));
  };
  return sizes.slice(1).map((units, i) => {
    const width = sizes[i];
    const w = take(width * units);
    const b = take(units);
    const zeros = () => ({ w: new Float64Array(w.length), b: new Float64Array(units) });
    return { width, units, w, b, g: zeros(), m: zeros(), v: zeros() };
  });
}

/** What a layer makes of its inputs, before the activation function. */
function affine({ width, units, w, b }, a) {
  const z = Float64Array.from(b);
  for (let i = 0; i < width; i++) {
    const ai = a[i];
    // Most pixels are 0.
    if (ai === 0) continue;
    for (let j = 0; j < units; j++) z[j] += ai * w[i * units + j];
  }
  return z;
}

function activate(z, activation) {
  if (activation === "relu") return z.map((value) => Math.max(value, 0));
  if (activation === "sigmoid") return z.map((value) => 1 / (1 + Math.exp(-value)));
  const largest = z.reduce((a, b) => Math.max(a, b));
  const powers = z.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((value) => value / sum);
}

/** The activations of every layer for one example, the example first. */
function forward(layers, activations, x) {
  const a = [x];
  for (const [l, layer] of layers.entries()) a.push(activate(affine(layer, a[l]), activations[l]));
  return a;
}

/** Loss of one example, and its derivative by the pre-activations of the last layer. */
function lossOf(out, wanted, loss) {
  if (loss === "categoricalCrossEntropy") {
    const delta = Float64Array.from(out);
    delta[wanted] -= 1;
    return { loss: -Math.log(out[wanted]), delta };
  }
  const units = out.length;
  const delta = new Float64Array(units);
  let sum = 0;
  for (let j = 0; j < units; j++) {
    const error = out[j] - wanted[j];
    sum += error * error;
    delta[j] = (2 / units) * error * out[j] * (1 - out[j]);
  }
  return { loss: sum / units, delta };
}

/** Adds the gradient of one example to the layers' `g`. */
function backward(layers, a, last) {
  let delta = last;
  for (let l = layers.length - 1; l >= 0; l--) {
    const { width, units, w, g } = layers[l];
    const below = a[l];
    const next = l > 0 ? new Float64Array(width) : undefined;
    for (let j = 0; j < units; j++) g.b[j] += delta[j];
    for (let i = 0; i < width; i++) {
      // Where ReLU gave 0, or a pixel is 0, neither this weight nor what is below learns.
      if (below[i] === 0) continue;
      let sum = 0;
      for (let j = 0, k = i * units; j < units; j++, k++) {
        g.w[k] += below[i] * delta[j];
        if (next !== undefined) sum += w[k] * delta[j];
      }
      if (next !== undefined) next[i] = sum;
    }
    delta = next;
  }
}

const rules = {
  gradientDescent: (rate) => (w, g) => {
    for (let i = 0; i < w.length; i++) w[i] -= rate * g[i];
  },
  adam: (rate) => (w, g, m, v, t) => {
    for (let i = 0; i < w.length; i++) {
      m[i] = 0.9 * m[i] + 0.1 * g[i];
      v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
      w[i] -= (rate * (m[i] / (1 - 0.9 ** t))) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8);
    }
  },
};

function update(layers, rule, rows, t) {
  for (const { w, b, g, m, v } of layers) {
    for (const [part, values] of [
      ["w", w],
      ["b", b],
    ]) {
      for (let i = 0; i < values.length; i++) g[part][i] /= rows;
      rule(values, g[part], m[part], v[part], t);
      g[part].fill(0);
    }
  }
}

/**
 * The loss on the first `check.probe` rows before and after the training of the check.
 *
 * @param workload As in workloads.js.
 * @param data     `x(row)` and `y(row)`, the start, and the order of the check's epoch, absent where rows come as they stand.
 */
export function referenceTraining(workload, { x, y, start, checkOrder }) {
  const { sizes, activations, loss, optimizer, learningRate, check } = workload;
  const layers = layersOf(sizes, start);
  const rule = rules[optimizer](learningRate);
  const mean = () => {
    let sum = 0;
    for (let row = 0; row < check.probe; row++) {
      sum += lossOf(forward(layers, activations, x(row)).at(-1), y(row), loss).loss;
    }
    return sum / check.probe;
  };
  const before = mean();
  let step = 0;
  for (let epoch = 0; epoch < check.epochs; epoch++) {
    for (let from = 0; from < check.rows; from += workload.batch) {
      const rows = Math.min(workload.batch, check.rows - from);
      for (let k = from; k < from + rows; k++) {
        const row = checkOrder === undefined ? k : checkOrder[k];
        const a = forward(layers, activations, x(row));
        backward(layers, a, lossOf(a.at(-1), y(row), loss).delta);
      }
      update(layers, rule, rows, ++step);
    }
  }
  return { before, loss: mean() };
}

/** The outputs for the first `check.rows` rows, one after the other. */
export function referencePrediction({ sizes, activations, check }, { x, start }) {
  const layers = layersOf(sizes, start);
  const rows = Array.from({ length: check.rows }, (_, row) => row);
  return { outputs: rows.flatMap((row) => Array.from(forward(layers, activations, x(row)).at(-1))) };
}
