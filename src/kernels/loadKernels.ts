/**
 * The generator of fast code, loaded when there is work for it: a program that only predicts a little, or trains something small,
 * neither loads nor parses it.
 */
import type { fastPlan } from "./fastKernels.ts";

interface FastKernels {
  readonly fastPlan: typeof fastPlan;
}

let loaded: FastKernels | undefined;
let loading: Promise<void> | undefined;

/** What has been loaded so far. */
export function fastKernels(): FastKernels | undefined {
  return loaded;
}

/**
 * Loads the generator of fast code, once; `train` does so by itself. Whoever has much to do without ever awaiting anything, such
 * as `minimize` on a network, awaits this before. It changes the time and no bit.
 */
export function loadKernels(): Promise<void> {
  loading ??= import("./fastKernels.ts").then((kernels) => {
    loaded = kernels;
  });
  return loading;
}
