/** The one place that chooses between the plans. */
import { OptionError, type Precision } from "../core/index.ts";
import { AutoPlan } from "./autoPlan.ts";
import { loadKernelsNow, worthGenerating } from "./loadKernels.ts";
import type { Plan, PlanSpec } from "./plan.ts";
import { ScalarPlan } from "./scalarPlan.ts";
import type { SimdOptions } from "./simdPlan.ts";

/** "auto" takes the fastest plan for the work that the engine can run; every plan gives the same bits. */
export type KernelChoice = "auto" | "scalar" | "simd";

export interface PlanOptions extends SimdOptions {
  /** Multiplications to be expected in all, so that fast code is made at once; by default they are counted as they come. */
  readonly work?: number | undefined;
}

/** A function of one vector of sixteen bytes: the smallest module that only engines with SIMD accept. */
const SIMD_MODULE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 0, 1, 0x7b],
  ...[3, 2, 1, 0],
  ...[10, 8, 1, 6, 0, 0x41, 0, 0xfd, 0x0f, 0x0b],
);

let supported: boolean | undefined;

/** Whether WebAssembly with SIMD is there. */
function simdIsSupported(): boolean {
  supported ??= typeof WebAssembly !== "undefined" && WebAssembly.validate(SIMD_MODULE);
  return supported;
}

/** Whether a run of so many multiplications, in all, would want the fast kernels: then `loadKernels` comes first. */
export function wantsFastKernels(precision: Precision, kernels: KernelChoice, work: number): boolean {
  if (kernels === "scalar" || precision === "float64" || !simdIsSupported()) return false;
  return kernels === "simd" || work >= worthGenerating();
}

/** @throws {OptionError} When the plan asked for cannot run here, or not in this precision. */
export function createPlan(spec: PlanSpec, kernels: KernelChoice = "auto", o: PlanOptions = {}): Plan {
  if (kernels === "scalar") return new ScalarPlan(spec);
  if (kernels === "auto") {
    if (spec.precision === "float64" || !simdIsSupported()) return new ScalarPlan(spec);
    return new AutoPlan(spec, o, (o.work ?? 0) >= worthGenerating());
  }
  if (kernels !== "simd") {
    throw new OptionError(
      "kernels",
      `kernels is ${JSON.stringify(kernels)}, expected "auto", "scalar" or "simd"; leave the option away for the fastest.`,
    );
  }
  if (spec.precision === "float64") {
    throw new OptionError(
      "kernels",
      'kernels is "simd", but the network\'s precision is "float64", for which there is readable code only; pass "auto" or ' +
        'take precision "float32".',
    );
  }
  if (!simdIsSupported()) {
    throw new OptionError(
      "kernels",
      'kernels is "simd", but this engine has no WebAssembly SIMD; pass "auto", which does the same with scalar code.',
    );
  }
  const fast = loadKernelsNow();
  if (fast !== undefined) return fast.fastPlan(spec, o);
  throw new OptionError(
    "kernels",
    'kernels is "simd", but the generated kernels are not loaded yet; write await loadKernels() before, or pass "auto", which ' +
      "works in the meantime.",
  );
}
