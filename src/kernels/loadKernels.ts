/**
 * The generator of fast code, loaded when there is work for it: a page that only predicts a little, or trains something small,
 * neither loads nor parses it.
 */
import type { fastPlan } from "./fastKernels.ts";

interface FastKernels {
  readonly fastPlan: typeof fastPlan;
}

let loaded: FastKernels | undefined;
let loading: Promise<void> | undefined;
let tried = false;

/**
 * Loads the generator of fast code, once; `train` does so by itself. Whoever has much to do without ever awaiting anything, such
 * as `minimize` on a network in a page, awaits this before. It changes the time and no bit.
 */
export function loadKernels(): Promise<void> {
  loading ??= import("./fastKernels.ts").then((kernels) => {
    loaded = kernels;
  });
  // What could not be loaded, as where the network was down, is asked for anew the next time.
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

/** Multiplications that readable code does in the time that generating takes: the first time of a process, when all is cold, and later. */
const WORTH_COLD = 2e7;
const WORTH_WARM = 4e6;

/** From how many multiplications on generated code is worth making. */
export function worthGenerating(): number {
  return loaded === undefined ? WORTH_COLD : WORTH_WARM;
}

/** `loadKernels` for who cannot wait: at once in Node, where files can be loaded so; elsewhere it comes later. */
export function loadKernelsNow(): FastKernels | undefined {
  if (loaded === undefined && !tried) {
    tried = true;
    loaded = required();
    // Without it the readable code goes on, to the same bits.
    if (loaded === undefined) loadKernels().catch(() => {});
  }
  return loaded;
}

/** By the require of Node, which loads ES modules too; undefined in browsers and in bundles, where the file lies elsewhere. */
function required(): FastKernels | undefined {
  try {
    const modules = globalThis.process?.getBuiltinModule?.("node:module");
    return modules?.createRequire(import.meta.url)("./fastKernels.js") as FastKernels | undefined;
  } catch {
    return undefined;
  }
}
