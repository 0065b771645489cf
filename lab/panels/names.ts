// What the library's names are called on the page.
import type { Activation, Init, Loss } from "talweg";
import type { DataKind, Method } from "../state/types.ts";

export const dataTitles: Readonly<Record<DataKind, string>> = {
  parabola: "x²",
  sine: "sine",
  xor: "xor",
  circle: "disk",
  moons: "moons",
  spirals: "spirals",
  drawn: "by hand",
  table: "a table",
};

export const methodTitles: Readonly<Record<Method, string>> = {
  auto: "auto",
  guess: "guess",
  perturb: "guess and perturb",
  gradientDescent: "gradient descent",
  armijo: "descent with Armijo",
  momentum: "momentum",
  adam: "Adam",
  lbfgs: "L-BFGS",
  stochasticArmijo: "stochastic Armijo",
};

const written: Readonly<Record<string, string>> = {
  relu: "ReLU",
  leakyRelu: "leaky ReLU",
  elu: "ELU",
  selu: "SELU",
  gelu: "GELU",
  silu: "SiLU",
  he: "He",
  heUniform: "He, uniform",
  glorot: "Glorot",
  glorotUniform: "Glorot, uniform",
  lecun: "LeCun",
  lecunUniform: "LeCun, uniform",
  document: "from 0 to 1",
  meanSquaredError: "mean squared error",
  sumOfSquares: "sum of squares",
  binaryCrossEntropy: "binary cross-entropy",
  categoricalCrossEntropy: "cross-entropy",
  huber: "Huber",
};

/** A name of the library as it stands in a list. */
export const titleOf = (name: Activation | Init | Loss): string => written[name] ?? name;
