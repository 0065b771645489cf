/** What a test function is, and how one is made of its formula or of its residuals. */
import { type LeastSquares, type Objective, OptionError, type Vector } from "../core/index.ts";
import { requireWhole } from "./options.ts";

/** 128 MiB a vector. */
const LARGEST_DIMENSION = 0x1000000;
/** 8 MiB a Jacobian, for functions that are made of their residuals. */
const LARGEST_SQUARE = 1000;

export interface FunctionOptions {
  /** Number of variables, for functions of any number. */
  dimension?: number;
  /** Largest curvature over smallest, for `quadratic`. */
  condition?: number;
}

export interface TestFunction {
  readonly name: string;
  /** For people. */
  readonly formula: string;
  /** Number of variables by default. */
  readonly dimension: number;
  /** The smallest number of variables it can have; absent where the number is fixed. */
  readonly leastDimension?: number;
  /**
   * The function; `leastSquares` is its view as a sum of squares, where it is one.
   *
   * @throws {OptionError} When it cannot have that number of variables.
   */
  objective(o?: FunctionOptions): Objective;
  /** The customary start, `[dimension]`. */
  start(dimension?: number): Float64Array;
  /** The published places of its minimum, each `[dimension]`. */
  minima(dimension?: number): readonly Float64Array[];
  /** The value at these places. */
  readonly minimum: number;
  /** Published values at which a method may end though they are not the lowest: those of other minima. */
  readonly localMinima: readonly number[];
}

/** f and its gradient: fills `g` where there is one. */
type Formula = (w: Vector, g: Vector | undefined) => number;

type Sized = FunctionOptions & { dimension: number };
/** A number for each index, in so many variables. */
type Numbers = (index: number, dimension: number) => number;

/** At least one of `compute` and `leastSquares`. */
export interface Description {
  name: string;
  formula: string;
  dimension: number;
  leastDimension?: number;
  start: Numbers;
  minima: readonly Numbers[];
  /** 0 by default. */
  minimum?: number;
  localMinima?: readonly number[];
  compute?: (o: Sized) => Formula;
  leastSquares?: (o: Sized) => LeastSquares;
}

export function testFunction(d: Description): TestFunction {
  const { name, formula, dimension, leastDimension, minimum = 0, localMinima = [] } = d;
  const size = (asked: number = dimension): number => checkedSize(d, asked);
  const vector = (number: Numbers, asked?: number): Float64Array => {
    const length = size(asked);
    return Float64Array.from({ length }, (_, index) => number(index, length));
  };
  return {
    name,
    formula,
    dimension,
    ...(leastDimension === undefined ? {} : { leastDimension }),
    minimum,
    localMinima,
    objective: (o = {}) => objectiveOf(d, { ...o, dimension: size(o.dimension) }),
    start: (asked) => vector(d.start, asked),
    minima: (asked) => d.minima.map((number) => vector(number, asked)),
  };
}

function checkedSize({ name, dimension, leastDimension, compute }: Description, asked: number): number {
  const largest = compute === undefined ? LARGEST_SQUARE : LARGEST_DIMENSION;
  if (asked > largest) {
    const why = compute === undefined ? "its Jacobian is kept whole" : "a method keeps several vectors of it";
    throw new OptionError(
      "dimension",
      `${name}: dimension is ${asked}, expected at most ${largest}, since ${why}; pass for example ${dimension}.`,
    );
  }
  if (leastDimension !== undefined) requireWhole(name, "dimension", asked, leastDimension, dimension);
  else if (asked !== dimension) {
    throw new OptionError(
      "dimension",
      `${name}: dimension is ${asked}, but the function has exactly ${dimension} variables; leave the option out.`,
    );
  }
  return asked;
}

function objectiveOf(d: Description, o: Sized): Objective {
  const leastSquares = d.leastSquares?.(o);
  const compute = d.compute?.(o) ?? sumOfSquares(leastSquares!, o.dimension);
  return {
    dimension: o.dimension,
    value: (w) => compute(w, undefined),
    gradient: compute,
    ...(leastSquares === undefined ? {} : { leastSquares }),
  };
}

/** f = sum of r_i^2 over ascending i; its gradient is 2 J^T r. */
function sumOfSquares({ residuals, evaluate }: LeastSquares, dimension: number): Formula {
  const r = new Float64Array(residuals);
  const jacobian = new Float64Array(residuals * dimension);
  const sums = new Float64Array(dimension);
  return (w, g) => {
    evaluate(w, r, g === undefined ? undefined : jacobian);
    let value = 0;
    for (const ri of r) value += ri * ri;
    if (g === undefined) return value;
    sums.fill(0);
    for (let i = 0; i < residuals; i++) {
      for (let j = 0; j < dimension; j++) {
        const slope = jacobian[i * dimension + j]!;
        // A residual that overflowed has no say in variables that it does not depend on.
        if (slope !== 0) sums[j] = sums[j]! + 2 * r[i]! * slope;
      }
    }
    for (let j = 0; j < dimension; j++) g[j] = sums[j]!;
    return value;
  };
}

export const at =
  (...numbers: number[]): Numbers =>
  (index) =>
    numbers[index]!;
export const zero: Numbers = () => 0;
export const one: Numbers = () => 1;
