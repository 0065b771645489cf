/**
 * A refused trial and the point that the mean value theorem finds for it.
 *
 * phi(s) = f(x + s d) is a function of one number, so the theorem gives a theta in (0, 1) with
 * phi'(theta tau) = [phi(tau) - phi(0)] / tau wherever phi is continuous on [0, tau] and differentiable inside of it.
 */
import { dot, squaredNorm } from "../core/index.ts";
import { finiteOrNull } from "./plainNumbers.ts";
import type { Ray } from "./ray.ts";

export interface RejectedTrial {
  /** Its step, one shrink longer than the accepted one. */
  tau: number;
  /** f there; null where it is not finite. */
  value: number | null;
  /** [f(x + tau d) - f(x)] / tau. */
  quotient: number | null;
  /** Where the slope along d is the quotient, or comes nearest to it, as a share of tau; null where it is nowhere finite. */
  theta: number | null;
  /** grad f(z)^T d there. */
  slopeThere: number | null;
  /** ||grad f(z) - grad f(x)||. */
  gradientChange: number | null;
  /** How far quotient and slope may lie apart by rounding. */
  allowance: number;
}

/** 64 units of the last place: what a few hundred roundings of random sign come to. */
export const ROUNDING: number = 64 * 2.220446049250313e-16;

/**
 * Looks for the point by a scan of [0, tau] for a change of sign, then by bisection to neighboring numbers. At a jump of the
 * slope it finds the jump, and the two sides stay apart.
 *
 * @param line  Along d from x.
 * @param tau   The refused step.
 * @param value f(x).
 * @param slope grad f(x)^T d.
 * @param g     `[n]`, the gradient at x.
 */
export function rejectedTrial(
  line: Ray,
  tau: number,
  trialValue: number,
  { value, slope, g }: { value: number; slope: number; g: Float64Array },
): RejectedTrial {
  const quotient = (trialValue - value) / tau;
  const nothing = { theta: null, slopeThere: null, gradientChange: null, allowance: 0 };
  if (!Number.isFinite(quotient)) {
    return { tau, value: finiteOrNull(trialValue), quotient: null, ...nothing };
  }
  const noise = (ROUNDING * (Math.abs(value) + Math.abs(trialValue))) / tau;
  const theta = crossing((share) => line.slope(share * tau) - quotient, slope - quotient, noise);
  if (theta === undefined) return { tau, value: trialValue, quotient, ...nothing };
  const slopeThere = line.slope(theta * tau);
  const change = Math.sqrt(squaredNorm(line.gradient.map((gz, i) => gz - g[i]!)));
  // The quotient of rounded values, the rounded slope, and what the gradient changes within the last places of z.
  const size =
    Math.sqrt(squaredNorm(line.gradient) * dot(g, g)) +
    (change / (theta * tau)) * Math.sqrt(squaredNorm(line.point));
  return {
    tau,
    value: trialValue,
    quotient,
    theta,
    slopeThere: finiteOrNull(slopeThere),
    gradientChange: finiteOrNull(change),
    allowance: finiteOrNull(noise + ROUNDING * size) ?? 0,
  };
}

/** Scans of so many parts, each only where the one before has found nothing. */
const SCANS = [8, 64, 512];

/**
 * A theta in (0, 1) where h changes its sign; where it does not, the one of least size.
 *
 * @param atZero h(0), below 0.
 * @param noise  What rounding can make of the quotient, so that h need not reach 0: near a minimum whose value is large it does not.
 */
function crossing(h: (theta: number) => number, atZero: number, noise: number): number | undefined {
  let nearest: Side | undefined;
  for (const parts of SCANS) {
    let before: Side = { theta: 0, h: atZero };
    for (let i = 1; i <= parts; i++) {
      const here = { theta: i / parts, h: h(i / parts) };
      if (before.h < 0 && here.h >= 0) return bisect(h, before, here);
      if (i < parts && Math.abs(here.h) < Math.abs(nearest?.h ?? Infinity)) nearest = here;
      before = here;
    }
    if (nearest !== undefined && Math.abs(nearest.h) <= noise) break;
  }
  return nearest?.theta;
}

type Side = { theta: number; h: number };

function bisect(h: (theta: number) => number, below: Side, above: Side): number {
  let [low, high] = [below, above];
  for (let count = 0; count < 60 && low.h !== 0; count++) {
    const theta = low.theta + (high.theta - low.theta) / 2;
    if (theta === low.theta || theta === high.theta) break;
    const middle = { theta, h: h(theta) };
    if (middle.h === 0) return theta;
    if (middle.h < 0) low = middle;
    else high = middle;
  }
  // A theta of 0 or 1 is none.
  if (low.theta === 0) return high.theta;
  return high.theta === 1 || Math.abs(low.h) < Math.abs(high.h) ? low.theta : high.theta;
}
