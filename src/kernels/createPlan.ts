/** The one place that chooses between the plans. */
import { OptionError } from "../core/index.ts";
import { AutoPlan, WORTH_COMPILING } from "./autoPlan.ts";
import type { Plan, PlanSpec } from "./plan.ts";
import { ScalarPlan } from "./scalarPlan.ts";
import { type SimdOptions, SimdPlan } from "./simdPlan.ts";
import { WasmModule } from "./wasmModule.ts";
import { Lanes } from "./wasmValues.ts";
import { widerLanes } from "./wider.ts";

/** "auto" takes the fastest plan for the work that the engine can run; every plan gives the same bits. */
export type KernelChoice = "auto" | "scalar" | "simd";

export interface PlanOptions extends SimdOptions {
  /** Multiplications to be expected in all, so that fast code is made at once; by default they are counted as they come. */
  readonly work?: number | undefined;
}

let supported: boolean | undefined;

/** Whether WebAssembly with SIMD is there. */
function simdIsSupported(): boolean {
  if (supported !== undefined) return supported;
  const module = new WasmModule();
  module.inner([Lanes], Lanes, (_f, x) => x.plus(x));
  const memory = { pages: 1, maximum: 1, shared: false };
  supported = typeof WebAssembly !== "undefined" && WebAssembly.validate(module.finish(memory));
  return supported;
}

/** @throws {OptionError} When the plan asked for cannot run here, or not in this precision. */
export function createPlan(spec: PlanSpec, kernels: KernelChoice = "auto", o: PlanOptions = {}): Plan {
  if (kernels === "scalar") return new ScalarPlan(spec);
  if (kernels === "auto") {
    if (spec.precision === "float64" || !simdIsSupported()) return new ScalarPlan(spec);
    return new AutoPlan(spec, widened(o), (o.work ?? 0) >= WORTH_COMPILING);
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
  return new SimdPlan(spec, widened(o));
}

/** Wide tiles only where the engine has shown that they give the same bits. */
function widened(o: PlanOptions): PlanOptions {
  return o.wide === true ? { ...o, wide: widerLanes() } : o;
}
