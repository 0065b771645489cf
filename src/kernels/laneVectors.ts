/**
 * The operations of `updates32.ts`, and a few more on vectors of parameters, in WebAssembly: the same lines on four lanes,
 * so the same bits. They do not depend on a network's shape.
 *
 * Each is called by every thread for its share of the vectors (`laneWalk.ts`):
 *
 *     adam(thread, threads, n, …addresses of the vectors, …constants)
 *
 * Constants come in as float32, rounded by the caller as `updates32.ts` rounds them. `out` may be one of the inputs.
 */
import { LEAF } from "../core/index.ts";
import { laneRules } from "./laneRules.ts";
import { addSums } from "./laneSums.ts";
import { leavesOf, mapped, named, type Place, smaller, walk } from "./laneWalk.ts";
import { WasmModule } from "./wasmModule.ts";
import { Int, type Kind, Lanes, Single, type Value } from "./wasmValues.ts";

/** What an element becomes: places of the vectors are set from them and the constants; `held` computes a value once. */
type Lines<V extends string, C extends string> = (
  e: Record<V, Place> & Record<C, Lanes>,
  held: (value: Lanes) => Lanes,
) => void;

/** Adds the function `name(thread, threads, n, …vectors, …constants)`. */
function define<const V extends string, const C extends string>(
  module: WasmModule,
  name: string,
  vectors: readonly V[],
  constants: readonly C[],
  lines: Lines<V, C>,
): void {
  const kinds: Kind[] = [Int, Int, Int, ...vectors.map(() => Int), ...constants.map(() => Single)];
  module.export(name, kinds, undefined, (f, ...parameters: Value[]): undefined => {
    const [thread, threads, n, ...rest] = parameters as [Int, Int, Int, ...Value[]];
    const addresses = named(vectors, rest as Int[]);
    const scalars = named(constants, rest.slice(vectors.length) as Single[]);
    const splat = mapped(scalars, (x) => f.local(Lanes, x.splat()));
    const [first, last] = leavesOf(f, thread, threads, n);
    const end = f.local(Int, last.times(LEAF));
    const held = (value: Lanes): Lanes => f.local(Lanes, value);
    walk(f, addresses, first.times(LEAF), smaller(end, n), (places) => lines({ ...places, ...splat }, held));
  });
}

function addUpdates(m: WasmModule): void {
  define(m, "descend", ["out", "x", "d"], ["t"], ({ out, x, d, t }) => out.set(x.minus(t.times(d))));
  define(m, "descendBySign", ["out", "x", "d"], ["t"], ({ out, x, d, t }, held) =>
    out.set(x.minus(t.times(sign(held(d))))),
  );
  define(m, "subtract", ["out", "a", "b"], [], ({ out, a, b }) => out.set(a.minus(b)));
  define(m, "mix", ["out", "x", "z"], ["a", "b"], ({ out, x, z, a, b }) =>
    out.set(a.times(x).plus(b.times(z))),
  );
  define(m, "approach", ["x", "z"], ["a"], ({ x, z, a }, held) => {
    const from = held(x);
    x.set(from.plus(a.times(z.minus(from))));
  });
  define(m, "accumulate", ["s", "g"], ["decay", "c"], ({ s, g, decay, c }) =>
    s.set(decay.times(s).plus(c.times(g))),
  );
  define(m, "accumulateSquares", ["v", "g"], ["decay", "c"], ({ v, g, decay, c }, held) => {
    const gi = held(g);
    v.set(decay.times(v).plus(c.times(gi.times(gi))));
  });
  define(m, "divideByRoot", ["out", "m", "v"], ["inverse", "epsilon"], ({ out, m, v, inverse, epsilon }) =>
    out.set(m.over(inverse.times(v).squareRoot().plus(epsilon))),
  );
}

/**
 * Adds the rules that keep vectors: w, g, what they keep, the constants of a step and those of a run. Adam with weight decay
 * is `descend` along w, and then Adam.
 */
function addRules(module: WasmModule): void {
  for (const rule of ["momentum", "nesterov", "rmsProp", "adam"] as const) {
    const { keeps, ofStep, ofRun, move } = laneRules[rule];
    define(module, rule, ["w", "g", ...keeps], [...ofStep, ...ofRun], (e, held) => move(e, e, held));
  }
}

/** 1 with d's sign; where d is 0, -0 or NaN it is d itself, as Math.sign has it. */
function sign(d: Lanes): Lanes {
  const one = d.and(Lanes.of(-0)).or(Lanes.of(1));
  return one.where(d.absolute().greater(0), d);
}

function addHelpers(m: WasmModule): void {
  define(m, "add", ["out", "a", "b"], [], ({ out, a, b }) => out.set(a.plus(b)));
  define(m, "scaleTo", ["out", "a"], ["factor"], ({ out, a, factor }) => out.set(a.times(factor)));
  define(m, "scale", ["a"], ["factor"], ({ a, factor }) => a.set(a.times(factor)));
  define(m, "fillZero", ["a"], [], ({ a }) => a.set(Lanes.of(0)));
  m.export("allFinite", [Int, Int], Int, (f, n, a) => {
    const finite = f.local(Lanes, Lanes.of(0).equals(0));
    walk(f, { a }, Int.of(0), n, (place) =>
      finite.set(finite.and(place.a.absolute().less(Number.POSITIVE_INFINITY))),
    );
    return finite.bitmask().equals(15);
  });
}

/**
 * The module's bytes; it exports `VectorExports`.
 *
 * @param memory Pages of 64 KiB of the memory that it will be given; `shared` for one that threads share.
 */
export function vectorModule(memory: {
  pages: number;
  maximum: number;
  shared: boolean;
}): Uint8Array<ArrayBuffer> {
  const module = new WasmModule();
  addUpdates(module);
  addRules(module);
  addSums(module);
  addHelpers(module);
  return module.finish(memory);
}

/** Calls of one thread, of so many, on n elements. */
type Shared<Rest extends readonly number[]> = (
  thread: number,
  threads: number,
  n: number,
  ...rest: Rest
) => void;

/** What the module offers. All vectors are addresses, a multiple of 4; `leaves` a multiple of 8. */
export interface VectorExports {
  descend: Shared<[out: number, x: number, d: number, t: number]>;
  descendBySign: Shared<[out: number, x: number, d: number, t: number]>;
  subtract: Shared<[out: number, a: number, b: number]>;
  mix: Shared<[out: number, x: number, z: number, a: number, b: number]>;
  approach: Shared<[x: number, z: number, a: number]>;
  accumulate: Shared<[s: number, g: number, decay: number, c: number]>;
  accumulateSquares: Shared<[v: number, g: number, decay: number, c: number]>;
  divideByRoot: Shared<[out: number, m: number, v: number, inverse: number, epsilon: number]>;
  momentum: Shared<[w: number, g: number, velocity: number, rate: number, decay: number]>;
  nesterov: Shared<[w: number, g: number, velocity: number, rate: number, decay: number]>;
  /** `rest` is 1 - decay. */
  rmsProp: Shared<
    [w: number, g: number, v: number, rate: number, decay: number, rest: number, epsilon: number]
  >;
  /** m and v are moved on, then w; `rest1` and `rest2` are 1 - beta1 and 1 - beta2. */
  adam: Shared<
    [
      w: number,
      g: number,
      m: number,
      v: number,
      rate: number,
      inverse2: number,
      beta1: number,
      beta2: number,
      rest1: number,
      rest2: number,
      epsilon: number,
    ]
  >;
  /** out = a + b. */
  add: Shared<[out: number, a: number, b: number]>;
  /** out = a factor. */
  scaleTo: Shared<[out: number, a: number, factor: number]>;
  /** a = a factor. */
  scale: Shared<[a: number, factor: number]>;
  fillZero: Shared<[a: number]>;
  /** Sum of a b, a float64 for each leaf at `leaves + 8 leaf`. */
  dot: Shared<[a: number, b: number, leaves: number]>;
  /** Sum of |a|, likewise. */
  absoluteSum: Shared<[a: number, leaves: number]>;
  /** Sum of g (x0 - w), likewise. */
  dotDifference: Shared<[g: number, x0: number, w: number, leaves: number]>;
  /** s = decay s + c g, and the sum of |s|, likewise. */
  accumulateAbsolute: Shared<[s: number, g: number, decay: number, c: number, leaves: number]>;
  /** Joins so many leaves, ceil(n / 1024), when all threads are done; overwrites them. One thread does it. */
  join(leaves: number, count: number): number;
  /** 1 where all n elements are finite. */
  allFinite(n: number, a: number): number;
}
