import {
  OptionError,
  type Precision,
  type Rows,
  rowCount,
  type Seed,
  ShapeError,
  seedKey,
  toVector,
  type Vector,
  zeros,
} from "../core/index.ts";
import { createPlan, type Plan } from "../kernels/index.ts";
import { Crowd, WORTH_THREADS } from "./crowd.ts";
import { initializeLayer } from "./initialize.ts";
import type { Layer, Metadata, Network } from "./types.ts";

export interface NetworkOptions {
  /** Seed of the start, a whole number; 0. */
  seed?: Seed;
  /** Precision of parameters and arithmetic; "float32". */
  precision?: Precision;
}

/** Layers over one flat vector of parameters. */
class DenseNetwork implements Network {
  readonly layers: readonly Layer[];
  readonly precision: Precision;
  readonly metadata: Metadata;
  readonly parameterCount: number;
  private readonly starts: readonly number[];
  private plan: Plan | undefined;
  private readonly crowd: Crowd;
  private vector: Vector;
  /** Whether somebody outside may hold the vector, and write to it at any time. */
  private handedOut = false;
  private settled = false;

  constructor(layers: readonly Layer[], precision: Precision, metadata: Metadata) {
    this.layers = layers;
    this.precision = precision;
    this.metadata = metadata;
    let at = 0;
    this.starts = layers.map(({ inputs, units }) => {
      const start = at;
      at += (inputs + 1) * units;
      return start;
    });
    this.parameterCount = at;
    this.vector = zeros(precision, at);
    this.crowd = new Crowd(layers, precision);
  }

  get parameters(): Vector {
    if (!this.handedOut) {
      this.handedOut = true;
      // Nobody may count on the vector beyond the next await.
      queueMicrotask(() => {
        this.handedOut = false;
      });
    }
    return this.vector;
  }

  get inputs(): number {
    return this.layers[0]!.inputs;
  }

  get outputs(): number {
    return this.layers.at(-1)!.units;
  }

  weights(layer: number): Vector {
    const { inputs, units } = this.layerAt(layer);
    const start = this.starts[layer - 1]!;
    return this.parameters.subarray(start, start + inputs * units);
  }

  biases(layer: number): Vector {
    const { inputs, units } = this.layerAt(layer);
    const start = this.starts[layer - 1]! + inputs * units;
    return this.parameters.subarray(start, start + units);
  }

  predict(x: Rows): Vector {
    const { inputs, precision } = this;
    const many = ArrayBuffer.isView(x) && x.length * this.layers[0]!.units >= WORTH_THREADS;
    const plan = many ? (this.crowd.plan() ?? this.predictor()) : this.predictor();
    // A plan that looks for NaN and Infinity itself is faster at it.
    const vector =
      plan.holdsVectors && x instanceof Float32Array ? x : toVector(x, inputs, precision, "predict: x");
    const rows = rowCount(vector, inputs, "predict: x");
    const out = zeros(precision, rows * this.outputs);
    plan.predict(this.read(), vector, rows, out);
    if (plan === this.plan && plan.holdsVectors && !this.settled && !this.handedOut) this.settle(plan);
    return out;
  }

  /**
   * The parameters as they are, for who only reads them and forgets the vector.
   *
   * @throws {ShapeError} When their memory was transferred to another thread.
   */
  read(): Vector {
    const { vector, parameterCount } = this;
    if (vector.length === parameterCount) return vector;
    throw new ShapeError(
      `network: its ${parameterCount} parameters are gone, as when their memory is transferred to another thread; ` +
        "transfer a copy such as parameters.slice().",
    );
  }

  /** Makes `to` the vector of the parameters; who holds the old one holds old numbers. */
  move(to: Vector): void {
    to.set(this.vector);
    this.vector = to;
    this.handedOut = false;
    this.settled = false;
  }

  /** Moves the parameters to where predictions need not copy them; unseen, since nobody holds them. */
  private settle(plan: Plan): void {
    this.move(plan.vector());
    this.settled = true;
  }

  forward(x: Rows): { z: Vector[]; a: Vector[] } {
    const vector = toVector(x, this.inputs, this.precision, "forward: x");
    const rows = rowCount(vector, this.inputs, "forward: x");
    return this.predictor().forward(this.read(), vector, rows);
  }

  toString(): string {
    const { layers } = this;
    const names = layers.map(({ activation, dropout }) =>
      dropout > 0 ? `${activation} (dropout ${dropout})` : activation,
    );
    const widths = [this.inputs, ...layers.map(({ units }) => units)].join("-");
    return `network ${widths}, ${names.join(", ")}, ${this.parameterCount} parameters, ${this.precision}`;
  }

  /** What `console.log` prints in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  private predictor(): Plan {
    this.plan ??= createPlan({ layers: this.layers, precision: this.precision });
    return this.plan;
  }

  private layerAt(layer: number): Layer {
    const found = this.layers[layer - 1];
    if (found !== undefined) return found;
    throw new ShapeError(
      `layer ${String(layer)} does not exist, the network has layers 1 to ${this.layers.length}; layers count from 1.`,
    );
  }
}

/**
 * Moves the parameters of `n` to another vector, which becomes `n.parameters`. Only between two turns of the event loop, since
 * until then others may count on the vector that they have read.
 */
export function moveParameters(n: Network, to: Vector): void {
  if (n instanceof DenseNetwork) n.move(to);
}

/** `n.parameters` for who only reads them at once: unlike that, it leaves the network free to move them. */
export function readParameters(n: Network): Vector {
  return n instanceof DenseNetwork ? n.read() : n.parameters;
}

/** Numbers of one vector of 2 GiB in float64. */
const LARGEST_COUNT = 0x10000000;

/** @throws {ShapeError | OptionError} When the layers do not make a network. */
function checkLayers(layers: readonly Layer[]): void {
  if (!Array.isArray(layers)) {
    throw new ShapeError('network: layers is no array; write network([dense(1, 16, "relu"), dense(16, 1)]).');
  }
  if (layers.length === 0) {
    throw new ShapeError("network: there are no layers; pass at least one, such as [dense(1, 1)].");
  }
  for (const [i, layer] of layers.entries()) {
    const below = layers[i - 1];
    if (below !== undefined && below.units !== layer.inputs) {
      throw new ShapeError(
        `network: layer ${i + 1} takes ${layer.inputs} inputs, but layer ${i} has ${below.units} units; ` +
          `write dense(${below.units}, ${layer.units}) for layer ${i + 1}.`,
      );
    }
    const last = i === layers.length - 1;
    if (layer.activation === "softmax" && !last) {
      throw new OptionError(
        "activation",
        `network: layer ${i + 1} of ${layers.length} is softmax, which only the last layer can be; use relu or tanh there.`,
      );
    }
    if (layer.activation === "softmax" && layer.units === 1) {
      throw new OptionError(
        "activation",
        `network: layer ${i + 1} is softmax with one unit, which is always 1; take sigmoid, or one unit for each class.`,
      );
    }
    if (layer.dropout > 0 && last) {
      throw new OptionError(
        "dropout",
        `network: the last layer has dropout ${layer.dropout}, which would drop outputs; put it on a hidden layer.`,
      );
    }
  }
  const count = layers.reduce((sum, { inputs, units }) => sum + (inputs + 1) * units, 0);
  if (count > LARGEST_COUNT) {
    throw new ShapeError(
      `network: the layers have ${count} parameters, expected at most ${LARGEST_COUNT}, since they lie in one vector; ` +
        "make the layers narrower.",
    );
  }
}

/**
 * A network of dense layers, started from a seed.
 *
 * @throws {ShapeError} When a layer's inputs are not the units of the one below.
 * @throws {OptionError} When softmax or dropout stands where it cannot, or the seed or precision is wrong.
 */
export function network(
  layers: readonly Layer[],
  { seed = 0, precision = "float32" }: NetworkOptions = {},
): Network {
  checkLayers(layers);
  seedKey(seed);
  if (precision !== "float32" && precision !== "float64") {
    throw new OptionError(
      "precision",
      `network: precision is ${JSON.stringify(precision)}, expected "float32" or "float64".`,
    );
  }
  const made = new DenseNetwork([...layers], precision, { seed });
  for (const [i, layer] of layers.entries()) {
    initializeLayer(layer, i + 1, seed, made.weights(i + 1), made.biases(i + 1));
  }
  made.move(made.read());
  return made;
}

/**
 * A network with given parameters, as read from a file.
 *
 * @param parameters `[parameterCount]`, copied; their precision becomes the network's.
 * @throws {ShapeError} When their number is not the layers'.
 */
export function restoreNetwork(layers: readonly Layer[], parameters: Vector, metadata: Metadata): Network {
  checkLayers(layers);
  const precision = parameters instanceof Float32Array ? "float32" : "float64";
  const made = new DenseNetwork([...layers], precision, metadata);
  if (parameters.length !== made.parameterCount) {
    throw new ShapeError(
      `network: ${parameters.length} parameters, expected ${made.parameterCount} for these layers; ` +
        "each layer has (inputs + 1) times units.",
    );
  }
  made.read().set(parameters);
  return made;
}

/**
 * A copy of `n` that computes in another precision, from the same parameters (rounded where they become shorter): what asks
 * for derivatives to many digits takes "float64".
 */
export function withPrecision(n: Network, precision: "float32" | "float64"): Network {
  const parameters = readParameters(n);
  const vector = precision === "float64" ? Float64Array.from(parameters) : Float32Array.from(parameters);
  return restoreNetwork(n.layers, vector, { ...n.metadata });
}
