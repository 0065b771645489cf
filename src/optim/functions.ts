/** Functions with known minima, on which optimizers are tried; each file of them names its sources. */

import {
  beale,
  booth,
  himmelblau,
  powellSingular,
  quadratic,
  rosenbrock,
  sphere,
  wood,
} from "./functionsFirst.ts";
import { bard, gaussian, helicalValley, kowalikOsborne } from "./functionsFits.ts";
import { goldsteinPrice, styblinskiTang, threeHumpCamel } from "./functionsLandscapes.ts";
import type { TestFunction } from "./functionsMake.ts";
import {
  box3d,
  brownAlmostLinear,
  brownBadlyScaled,
  brownDennis,
  freudensteinRoth,
  jennrichSampson,
  penalty1,
  powellBadlyScaled,
  trigonometric,
  variablyDimensioned,
} from "./functionsSquares.ts";

export type { FunctionOptions, TestFunction } from "./functionsMake.ts";

export type TestFunctionName =
  | "sphere"
  | "rosenbrock"
  | "beale"
  | "booth"
  | "himmelblau"
  | "powellSingular"
  | "wood"
  | "quadratic"
  | "freudensteinRoth"
  | "powellBadlyScaled"
  | "brownBadlyScaled"
  | "jennrichSampson"
  | "helicalValley"
  | "bard"
  | "gaussian"
  | "box3d"
  | "kowalikOsborne"
  | "brownDennis"
  | "penalty1"
  | "variablyDimensioned"
  | "trigonometric"
  | "brownAlmostLinear"
  | "goldsteinPrice"
  | "styblinskiTang"
  | "threeHumpCamel";

/** By name: `testFunctions.rosenbrock.objective({ dimension: 4 })`. */
export const testFunctions: Readonly<Record<TestFunctionName, TestFunction>> = {
  sphere,
  rosenbrock,
  beale,
  booth,
  himmelblau,
  powellSingular,
  wood,
  quadratic,
  freudensteinRoth,
  powellBadlyScaled,
  brownBadlyScaled,
  jennrichSampson,
  helicalValley,
  bard,
  gaussian,
  box3d,
  kowalikOsborne,
  brownDennis,
  penalty1,
  variablyDimensioned,
  trigonometric,
  brownAlmostLinear,
  goldsteinPrice,
  styblinskiTang,
  threeHumpCamel,
};
