/**
 * The proof that gradient descent with Armijo's step size has stationary accumulation points, line by line, with the two
 * sides of each line in numbers.
 *
 * f is continuously differentiable; d = -grad f(x); t is the largest of first, first shrink, first shrink², … that meets line 2;
 * c1 and shrink lie between 0 and 1. It is a proof by contradiction: let a subsequence of the x^k tend to x* with grad f(x*) != 0.
 * By line 4 the steps t tend to 0 along it, since f(x^k) falls and tends to f(x*), and the norms of the gradients tend to that of
 * grad f(x*), which is above 0. So before each of these steps a trial tau = t / shrink was refused, and tau tends to 0 too:
 * lines 5 to 8. By line 8 the gradient changes by more than (1 - c1) ||grad f(x^k)|| between x^k and z^k. But z^k tends to x* as
 * well, and the gradient is continuous, so this change tends to 0: then ||grad f(x*)|| = 0, against the assumption.
 * Line 9 is not needed for that; it says how short steps can become at all where the gradient is Lipschitz continuous.
 *
 * What is proved is that accumulation points are stationary: neither that there is one (for that it suffices that the points where f is no
 * higher than at the start lie in a bounded region), nor that it is a minimum.
 *
 * Sources: Nocedal and Wright, Numerical Optimization (2006), section 3.2; Bertsekas, Nonlinear Programming (1999),
 * proposition 1.2.1; the bound of line 9 is from the descent lemma there, proposition A.24.
 */

export type ProofLineId =
  | "slope"
  | "armijo"
  | "decrease"
  | "sum"
  | "rejected"
  | "meanValue"
  | "slopeThere"
  | "gradientChange"
  | "stepBound";

export interface ProofLine {
  readonly id: ProofLineId;
  /** From 1, as it is cited. */
  readonly number: number;
  readonly statement: string;
  /** Why it is so, from the lines before. */
  readonly why: string;
  readonly relation: "<" | "<=" | ">" | ">=" | "=";
  /** In which steps the line can be checked: in all, in those with a refused trial, or in all where a Lipschitz constant is known. */
  readonly when: "always" | "refused trial" | "Lipschitz constant known";
}

/** One line in one step. */
export interface CheckedLine {
  line: ProofLineId;
  /** The two sides; null where one is not finite or does not exist. */
  left: number | null;
  right: number | null;
  /** How far a side may be off by rounding alone. */
  allowance: number;
  holds: boolean;
}

export const proofLines: readonly ProofLine[] = [
  {
    id: "slope",
    number: 1,
    statement: "∇f(x)ᵀd < 0",
    why: "d = -∇f(x), so that the slope along d is -‖∇f(x)‖²: the direction descends.",
    relation: "<",
    when: "always",
  },
  {
    id: "armijo",
    number: 2,
    statement: "f(x + t d) ≤ f(x) + c1 t ∇f(x)ᵀd",
    why: "The step was accepted: f falls by at least the share c1 of what the slope promises.",
    relation: "<=",
    when: "always",
  },
  {
    id: "decrease",
    number: 3,
    statement: "c1 t ‖∇f(x)‖² ≤ f(x) - f(x⁺)",
    why: "Line 2 with line 1 put in; x⁺ = x + t d is the next point.",
    relation: "<=",
    when: "always",
  },
  {
    id: "sum",
    number: 4,
    statement: "c1 Σ t ‖∇f(x)‖² ≤ f(x⁰) - f(x⁺)",
    why: "Line 3 added up over the steps so far. Where f(x⁺) tends to a limit, t ‖∇f(x)‖² must tend to 0.",
    relation: "<=",
    when: "always",
  },
  {
    id: "rejected",
    number: 5,
    statement: "[f(x + τ d) - f(x)] / τ > c1 ∇f(x)ᵀd",
    why: "The trial before, τ = t / shrink, was refused. Both sides are divided by the number τ, not by the vector d.",
    relation: ">",
    when: "refused trial",
  },
  {
    id: "meanValue",
    number: 6,
    statement: "∇f(z)ᵀd = [f(x + τ d) - f(x)] / τ",
    why: "Mean value theorem for φ(s) = f(x + s d) on [0, τ]: such a point z = x + θ τ d, 0 < θ < 1, exists where f is differentiable.",
    relation: "=",
    when: "refused trial",
  },
  {
    id: "slopeThere",
    number: 7,
    statement: "∇f(z)ᵀd > c1 ∇f(x)ᵀd",
    why: "Lines 5 and 6: at z the slope is less steep than at x.",
    relation: ">",
    when: "refused trial",
  },
  {
    id: "gradientChange",
    number: 8,
    statement: "‖∇f(z) - ∇f(x)‖ > (1 - c1) ‖∇f(x)‖",
    why: "Line 7 minus ∇f(x)ᵀd, then Cauchy-Schwarz. Short steps with a large gradient need a jump of the gradient: against continuity.",
    relation: ">",
    when: "refused trial",
  },
  {
    id: "stepBound",
    number: 9,
    statement: "t ≥ min(first trial, 2 shrink (1 - c1) / L)",
    why: "Where ∇f changes by at most L times the distance, every step up to 2 (1 - c1) / L passes.",
    relation: ">=",
    when: "Lipschitz constant known",
  },
];

const byId: ReadonlyMap<ProofLineId, ProofLine> = new Map(proofLines.map((line) => [line.id, line]));

/** Whether two sides stand in the relation of a line, up to an allowance. */
export function checkLine(
  line: ProofLineId,
  left: number | null,
  right: number | null,
  allowance: number,
): CheckedLine {
  const finite = left !== null && right !== null && Number.isFinite(left) && Number.isFinite(right);
  if (!finite || !Number.isFinite(allowance)) {
    return {
      line,
      left: finite ? left : null,
      right: finite ? right : null,
      allowance: 0,
      holds: false,
    };
  }
  return { line, left, right, allowance, holds: compare(byId.get(line)!.relation, left, right, allowance) };
}

function compare(relation: ProofLine["relation"], left: number, right: number, allowance: number): boolean {
  if (relation === "=") return Math.abs(left - right) <= allowance;
  const gap = relation === "<" || relation === "<=" ? right - left : left - right;
  // Strict lines without an allowance are strict.
  const strict = (relation === "<" || relation === ">") && allowance === 0;
  return strict ? gap > 0 : gap >= -allowance;
}

/**
 * By how much a line holds, in shares of its sides: the smaller, the closer. Below 0 it fails without an allowance. An equality has
 * minus the share of its allowance that is used.
 */
export function slackOf({ line, left, right, allowance }: CheckedLine): number {
  if (left === null || right === null) return -Infinity;
  const { relation } = byId.get(line)!;
  const size = Math.max(Math.abs(left), Math.abs(right), Number.MIN_VALUE);
  if (relation === "=") return -Math.abs(left - right) / Math.max(allowance, Number.MIN_VALUE);
  return (relation === "<" || relation === "<=" ? right - left : left - right) / size;
}
