/**
 * A derivative by factors beside the one of the backward pass and a numeric one, by four-point central differences:
 * (8 (f(w + h) - f(w - h)) - (f(w + 2h) - f(w - 2h))) / 12h, whose own error is h^4 / 30 times the fifth derivative.
 *
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), table 25.2.
 */
import { readParameters } from "../network/index.ts";
import type { Example } from "./example.ts";
import type { DerivativeCheck } from "./explainTypes.ts";
import type { RowNumbers } from "./forwardTerms.ts";
import { huberSide, isPiecewise, sideOf } from "./kinks.ts";
import type { ParameterPlace } from "./parameterName.ts";
import { finiteOrNull, plain } from "./plainNumbers.ts";

/** A power of 2, so that w + h is exact; the error of cutting off is about 1e-19 then, that of rounding about 1e-11. */
const STEP = 1 / 32768;

/** @param factors The derivative by the chain rule. */
export function checkDerivative(e: Example, { index }: ParameterPlace, factors: number): DerivativeCheck {
  const backward = e.gradient[index]!;
  const { differences, crossed } = numeric(e, index);
  return {
    factors: plain(factors),
    backward: plain(backward),
    differences: finiteOrNull(differences),
    step: STEP,
    factorsError: Math.abs(factors - backward) / Math.max(1, Math.abs(backward)),
    differencesError: finiteOrNull(
      Math.abs(backward - differences) / Math.max(1, Math.abs(backward), Math.abs(e.value)),
    ),
    crossed,
  };
}

function numeric(e: Example, index: number): { differences: number; crossed: string[] } {
  const { n64, f, input } = e;
  const w = readParameters(n64);
  const wi = w[index]!;
  const here = sides(e, e.numbers);
  const crossed = new Set<string>();
  const moved = (steps: number): number => {
    w[index] = wi + steps * STEP;
    const there = sides(e, n64.forward(input));
    for (const [name, side] of there) if (side !== here.get(name)) crossed.add(name);
    return f.value(w);
  };
  const differences = (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * STEP);
  w[index] = wi;
  return { differences, crossed: [...crossed] };
}

/** On which side of its kink everything lies that has one, by name. */
function sides({ n64, outputs }: Example, { z, a }: RowNumbers): Map<string, number> {
  const found = new Map<string, number>();
  for (const [l, { activation, units }] of n64.layers.entries()) {
    if (!isPiecewise(activation)) continue;
    for (let j = 0; j < units; j++) found.set(`z${l + 1}[${j}]`, sideOf(z[l]![j]!));
  }
  if (outputs.loss !== "huber") return found;
  const last = a.length;
  for (const [j, y] of outputs.y.entries()) {
    found.set(`a${last}[${j}] - y[${j}]`, huberSide(a[last - 1]![j]! - y));
  }
  return found;
}
