/** Where a run ends, for methods whose trials ask for gradients. */
import type { Objective } from "talweg/core";
import { gradientDescent, lbfgs, levenbergMarquardt, minimize, type Optimizer } from "talweg/optim";
import { expect, test } from "vitest";
import { bowl } from "./problems.ts";

test.each([
  ["lbfgs", () => lbfgs(), bowl(3, 40)],
  ["wolfe", () => gradientDescent({ search: "wolfe" }), bowl(3, 40)],
  ["levenbergMarquardt", () => levenbergMarquardt(), bowl(3, 40)],
  ["levenbergMarquardt by Hessians", () => levenbergMarquardt(), { ...bowl(3, 40), leastSquares: undefined }],
] as [string, () => Optimizer, Objective][])(
  "%s ends with the very step that met the criterion, although it asks for gradients at its trials",
  (_n, method, f) => {
    const found = minimize(f, Float64Array.of(3, -2, 1), {
      method: method(),
      stop: { gradientNorm: 1e-6, steps: 1000 },
      trace: true,
    });
    expect(found.reason).toBe("gradientNorm");
    for (const { gradientNorm } of found.trace ?? []) expect(gradientNorm).toBeGreaterThan(1e-6);
  },
);
