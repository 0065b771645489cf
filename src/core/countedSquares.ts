/** Counting what a sum of squares costs. */
import type { LeastSquares } from "./objective.ts";

/**
 * The same residuals, which tell what each evaluation costs: residuals a value, a Jacobian as many gradients as it says.
 *
 * @param spend Is told before the evaluation, which may throw.
 */
export function countedSquares(
  squares: LeastSquares,
  spend: (values: number, gradients: number) => void,
): LeastSquares {
  const { gradientsPerJacobian } = squares;
  return {
    ...(gradientsPerJacobian === undefined ? {} : { gradientsPerJacobian }),
    // Of a network it is that of the batch at hand.
    get residuals() {
      return squares.residuals;
    },
    evaluate(w, r, jacobian) {
      if (jacobian === undefined) spend(1, 0);
      else spend(0, gradientsPerJacobian ?? 1);
      squares.evaluate(w, r, jacobian);
    },
  };
}
