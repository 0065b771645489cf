/** The losses that are sums over the outputs of a term of d = a - y, in four lanes: one entry each, as in `losses.ts`. */
import type { Local } from "./wasmFunction.ts";
import type { Lanes } from "./wasmValues.ts";

export interface LaneDifference {
  /** By what the sum over n outputs is multiplied. */
  share(n: number): number;
  term(d: Local<Lanes>): Lanes;
  /** Its derivative by d. */
  slope(d: Local<Lanes>): Lanes;
}

const whole = (): number => 1;
const average = (n: number): number => 1 / n;
const square = (d: Lanes): Lanes => d.times(d);
const twice = (d: Lanes): Lanes => d.times(2);

export const laneDifferences: Readonly<
  Record<"sumOfSquares" | "meanSquaredError" | "huber", LaneDifference>
> = {
  sumOfSquares: { share: whole, term: square, slope: twice },
  meanSquaredError: { share: average, term: square, slope: twice },
  huber: {
    share: average,
    term: (d) => d.times(d).times(0.5).where(d.absolute().lessOrEqual(1), d.absolute().minus(0.5)),
    slope: (d) => d.atMost(1).atLeast(-1),
  },
};

/** x times a factor that the generator knows; times 1 changes nothing. */
export function timesShare(x: Lanes, factor: number): Lanes {
  return factor === 1 ? x : x.times(factor);
}
