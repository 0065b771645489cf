/**
 * Gradient clipping: a bound on what one step can see of a steep place.
 *
 * Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013), algorithm 1, for the
 * norm; holding each number by itself is older and changes the direction.
 */
import { type Objective, OptionError, squaredNorm, type Vector } from "../core/index.ts";
import { euclideanNorm } from "./counted.ts";
import type { Optimizer } from "./types.ts";

/** Scales g down to the norm `largest` where it is longer. @param norm Its Euclidean norm. */
export function clipToNorm(g: Vector, norm: number, largest: number): void {
  if (!(norm > largest)) return;
  const factor = largest / norm;
  for (let i = 0; i < g.length; i++) g[i] = g[i]! * factor;
}

/** Holds each number of g between -largest and largest. */
export function clipToValue(g: Vector, largest: number): void {
  for (let i = 0; i < g.length; i++) g[i] = Math.max(-largest, Math.min(largest, g[i]!));
}

/** The same function with gradients of at most that norm. */
export function clipped(f: Objective, largest: number): Objective {
  return {
    dimension: f.dimension,
    value: (w) => f.value(w),
    gradient(w, g) {
      const loss = f.gradient(w, g);
      clipToNorm(g, euclideanNorm(g, squaredNorm(g)), largest);
      return loss;
    },
  };
}

/**
 * @param option The one that was given, with its value.
 * @throws {OptionError} When the optimizer searches along the gradient, so that clipping would falsify what it searches by, or
 *   takes none.
 */
export function requireClippable(optimizer: Optimizer, option: string, value: number): void {
  if (optimizer.gradientFree === true) {
    throw new OptionError(
      option,
      `${option} is ${value}, but ${optimizer.name} only guesses and takes no gradient that could be clipped; leave ${option} away.`,
    );
  }
  if (optimizer.searches !== true) return;
  throw new OptionError(
    option,
    `${option} is ${value}, but ${optimizer.name} searches its step along the gradient, whose slope a clipped one would ` +
      `misstate; leave ${option} away, or take adam, momentum or gradientDescent with a rate.`,
  );
}
