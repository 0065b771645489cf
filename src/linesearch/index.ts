export { type ArmijoOptions, armijo, checkArmijoConstants } from "./armijo.ts";
export { checkGoldsteinConstants, type GoldsteinOptions, goldstein } from "./goldstein.ts";
export type { Search, Trial } from "./types.ts";
export { checkWolfeConstants, type WolfeOptions, wolfe } from "./wolfe.ts";
