/**
 * The output layer and the loss for four examples at once: activations, softmax included, losses, and dC/dz.
 *
 * z, a, the targets y and delta have one layout; unit j of the four examples lies at `base + j * stride`:
 *
 *     base            example 0 | 1 | 2 | 3    of unit 0
 *     base + stride   example 0 | 1 | 2 | 3    of unit 1
 *     …
 *
 * Sums run over the units upwards from +0. The bits are those of `losses.ts`, `activations.ts` and `scalarPlan.ts`.
 */
import { type LaneActivation, laneActivations, positivePart } from "./laneActivations.ts";
import { type LaneDifference, laneDifferences, timesShare } from "./laneDifferences.ts";
import type { LaneMathematics } from "./laneMathematics.ts";
import { lossTable } from "./losses.ts";
import type { Activation, Loss } from "./spec.ts";
import type { Local, WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Int, Lanes } from "./wasmValues.ts";

export interface OutputShape {
  readonly activation: Activation;
  /** Undefined for a plan that only predicts. */
  readonly loss: Loss | undefined;
  readonly units: number;
  /** Bytes from one unit to the next, a multiple of 16. */
  readonly stride: number;
}

type Address = typeof Int;

export interface OutputFunctions {
  /** (z, a): writes a of all units; a may be z. */
  readonly activate: Callable<readonly [Address, Address], undefined>;
  /** (z, a, y): the losses of the four examples; undefined without a loss. */
  readonly value: Callable<readonly [Address, Address, Address], Lanes> | undefined;
  /** (z, a, y, delta): writes dC/dz, to a place of its own; undefined without a loss. */
  readonly delta: Callable<readonly [Address, Address, Address, Address], undefined> | undefined;
}

export function outputFunctions(
  module: WasmModule,
  mathematics: LaneMathematics,
  shape: OutputShape,
): OutputFunctions {
  const activate = module.inner([Int, Int], undefined, (f, z, a) => {
    activateAll(new Units(f, shape), mathematics, shape.activation, z, a);
  });
  if (shape.loss === undefined) return { activate, value: undefined, delta: undefined };
  const { from } = lossTable("float32")[shape.loss];
  const loss = laneLosses[shape.loss];
  const value = module.inner([Int, Int, Int], Lanes, (f, z, a, y) =>
    loss.value({ units: new Units(f, shape), m: mathematics, shape, z, a, y }),
  );
  const delta = module.inner([Int, Int, Int, Int], undefined, (f, z, a, y, d) => {
    const layer = { units: new Units(f, shape), m: mathematics, shape, z, a, y };
    loss.delta(layer, d);
    if (from === "activations") throughActivation(layer, d);
  });
  return { activate, value, delta };
}

/** Where one unit lies behind every base. */
interface Unit {
  at(base: Local<Int>): Local<Lanes>;
  put(base: Local<Int>, value: Lanes): void;
}

/** The units of the layer, to be walked through as often as one likes. */
class Units {
  readonly f: WasmFunction;
  readonly count: number;
  private readonly stride: number;

  constructor(f: WasmFunction, { units, stride }: OutputShape) {
    this.f = f;
    this.count = units;
    this.stride = stride;
  }

  /** The body for each unit in turn: written out for one or two units, a loop for more. */
  each(body: (unit: Unit) => void): void {
    const { f, stride, count } = this;
    if (count <= 2) {
      for (let j = 0; j < count; j++) body(this.unit((base) => base, j * stride));
      return;
    }
    const i = f.local(Int);
    f.count(i, 0, count * stride, stride, () => body(this.unit((base) => base.plus(i), 0)));
  }

  /** The sum of one term a unit, from +0 upwards. */
  sum(term: (unit: Unit) => Lanes): Local<Lanes> {
    const sum = this.f.local(Lanes, Lanes.of(0));
    this.each((unit) => sum.set(sum.plus(term(unit))));
    return sum;
  }

  private unit(address: (base: Int) => Int, offset: number): Unit {
    return {
      at: (base) => this.f.local(Lanes, Lanes.at(address(base), offset)),
      put: (base, value) => this.f.store(address(base), offset, value),
    };
  }
}

/** What a loss is computed from. */
interface Layer {
  readonly units: Units;
  readonly m: LaneMathematics;
  readonly shape: OutputShape;
  readonly z: Local<Int>;
  readonly a: Local<Int>;
  readonly y: Local<Int>;
}

function activateAll(
  units: Units,
  m: LaneMathematics,
  activation: Activation,
  z: Local<Int>,
  a: Local<Int>,
): void {
  if (activation === "softmax") {
    const sum = exponentials(units, m, z, a);
    units.each((unit) => unit.put(a, unit.at(a).over(sum)));
    return;
  }
  const { value } = laneActivations[activation];
  units.each((unit) => unit.put(a, value(m, units.f, unit.at(z))));
}

/** The largest z. One that is NaN is passed over, but makes NaN of the sum of exponentials, and so of all that follows. */
function largest(units: Units, z: Local<Int>): Local<Lanes> {
  const top = units.f.local(Lanes, Lanes.of(-Infinity));
  units.each((unit) => top.set(top.atLeast(unit.at(z))));
  return top;
}

/** Writes exp(z - the largest z) to `out`, and gives the sum. */
function exponentials(units: Units, m: LaneMathematics, z: Local<Int>, out: Local<Int>): Local<Lanes> {
  const { f } = units;
  const top = largest(units, z);
  return units.sum((unit) => {
    const e = f.local(Lanes, m.exp(unit.at(z).minus(top), f));
    unit.put(out, e);
    return e;
  });
}

/** delta, dC/da on entry, becomes dC/dz: times s'(z), or times the Jacobian of softmax. */
function throughActivation({ units, m, shape, z, a }: Layer, delta: Local<Int>): void {
  const { activation } = shape;
  if (activation === "linear") return;
  if (activation === "softmax") {
    const mean = units.sum((unit) => unit.at(delta).times(unit.at(a)));
    units.each((unit) => unit.put(delta, unit.at(a).times(unit.at(delta).minus(mean))));
    return;
  }
  const { derivativeFrom, derivative }: LaneActivation = laneActivations[activation];
  units.each((unit) => {
    const aj = unit.at(a);
    const zj = derivativeFrom === "a" ? aj : unit.at(z);
    unit.put(delta, unit.at(delta).times(derivative(m, units.f, zj, aj)));
  });
}

/** The lanes' side of a `LossFunction`. */
interface LaneLoss {
  /** The losses of the four examples. */
  value(layer: Layer): Lanes;
  /** Writes the derivative, by z or by a as `LossFunction.from` says. */
  delta(layer: Layer, delta: Local<Int>): void;
}

/** A loss that is the sum over the outputs of `term(d)`, d = a - y, times `share(n)`. */
function ofDifferences({ share, term, slope }: LaneDifference): LaneLoss {
  const difference = ({ units, a, y }: Layer, unit: Unit): Local<Lanes> =>
    units.f.local(Lanes, unit.at(a).minus(unit.at(y)));
  return {
    value: (layer) =>
      timesShare(
        layer.units.sum((unit) => term(difference(layer, unit))),
        share(layer.units.count),
      ),
    delta: (layer, delta) =>
      layer.units.each((unit) =>
        unit.put(delta, timesShare(slope(difference(layer, unit)), share(layer.units.count))),
      ),
  };
}

const binaryCrossEntropy: LaneLoss = {
  value: ({ units, m, z, y }) =>
    units.sum((unit) => {
      const zj = unit.at(z);
      return positivePart(zj)
        .minus(zj.times(unit.at(y)))
        .plus(m.log1pExp(zj, units.f));
    }),
  // Outputs of a sigmoid are the logistic function of z already.
  delta: ({ units, m, shape, z, a, y }, delta) =>
    units.each((unit) => {
      const p = shape.activation === "sigmoid" ? unit.at(a) : m.logistic(unit.at(z), units.f);
      unit.put(delta, p.minus(unit.at(y)));
    }),
};

const categoricalCrossEntropy: LaneLoss = {
  value: ({ units, m, z, y }) => {
    const { f } = units;
    const top = largest(units, z);
    const logPartition = f.local(Lanes, m.log(units.sum((unit) => m.exp(unit.at(z).minus(top), f))));
    return units.sum((unit) => {
      const yj = unit.at(y);
      // Adding +0 is what skipping is: a sum from +0 upwards is never -0.
      return yj.times(logPartition.minus(unit.at(z).minus(top))).andNot(yj.equals(0));
    });
  },
  // Outputs of a softmax are the shares p already.
  delta: ({ units, m, shape, z, a, y }, delta) => {
    const isSoftmax = shape.activation === "softmax";
    const sum = isSoftmax ? undefined : exponentials(units, m, z, delta);
    const mass = units.sum((unit) => unit.at(y));
    units.each((unit) => {
      const p = sum === undefined ? unit.at(a) : unit.at(delta).over(sum);
      unit.put(delta, p.times(mass).minus(unit.at(y)));
    });
  },
};

const laneLosses: Readonly<Record<Loss, LaneLoss>> = {
  sumOfSquares: ofDifferences(laneDifferences.sumOfSquares),
  meanSquaredError: ofDifferences(laneDifferences.meanSquaredError),
  huber: ofDifferences(laneDifferences.huber),
  binaryCrossEntropy,
  categoricalCrossEntropy,
};
