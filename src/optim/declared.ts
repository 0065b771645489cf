import { applyUpdate, type Update } from "../kernels/index.ts";
import type { Optimizer } from "./types.ts";

/** The step of a method that is a gradient and then a declared rule, for those who do not run the rule inside of a plan. */
export function declaredStep<S>(
  rule: Update["rule"],
  declare: (state: S) => Update,
): Pick<Optimizer<S>, "step" | "declare" | "rule"> {
  return {
    rule,
    step(f, w, g, state) {
      const loss = f.gradient(w, g);
      const update = declare(state);
      applyUpdate(update, w, g);
      return { loss, stepSize: update.learningRate };
    },
    declare,
  };
}
