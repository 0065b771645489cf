/** The optimizers by the names that the command knows, and the options that each of them takes. */
import type { Command } from "commander";
import type { Seed } from "../core/index.ts";
import {
  adam,
  adamW,
  auto,
  gradientDescent,
  lbfgs,
  levenbergMarquardt,
  momentum,
  nesterov,
  type Optimizer,
  perturb,
  randomGuess,
  rmsProp,
  scheduleNames,
  stochasticArmijo,
} from "../optim/index.ts";
import { number, oneOf } from "./parse.ts";
import { UsageError } from "./usage.ts";

interface Method {
  /** For the help. */
  summary: string;
  /** Options that have a meaning for it, by their names in camel case. */
  options: readonly string[];
  /** Without a learning rate it cannot begin. */
  needsRate?: boolean;
  /** Its steps compare losses, so that it wants the same examples in each of them unless told otherwise. */
  fullBatch?: boolean;
  /** Its losses are those of proposals, most of which it does not keep. */
  guesses?: boolean;
  /** @param o The options that were given, all of them out of `options`. */
  make(o: object, seed: Seed): Optimizer;
}

const everySearch = ["growth", "initial", "largest", "maxTrials"];
const search = ["c1", "shrink", ...everySearch];
const moments = ["beta1", "beta2", "epsilon"];
/** The parts of a schedule that have options of their own, by their names there. */
const scheduleParts: Readonly<Record<string, string>> = {
  warmup: "warmup",
  scheduleEnd: "end",
  scheduleFactor: "factor",
  scheduleEvery: "every",
};
const rate = ["learningRate", "schedule", ...Object.keys(scheduleParts)];

export const methods: Readonly<Record<string, Method>> = {
  auto: {
    summary: "Adam that finds its learning rate by itself; the default",
    options: ["variant"],
    make: (o) => auto(o),
  },
  "gradient-descent": {
    summary: "with a learning rate",
    options: rate,
    needsRate: true,
    make: (o) => gradientDescent(o as { learningRate: number }),
  },
  armijo: {
    summary: "gradient descent that searches each step size by Armijo's condition",
    options: search,
    fullBatch: true,
    make: (o) => gradientDescent({ search: "armijo", ...o }),
  },
  goldstein: {
    summary: "the same by Goldstein's conditions: neither too long nor too short",
    options: ["c", ...everySearch],
    fullBatch: true,
    make: (o) => gradientDescent({ search: "goldstein", ...o }),
  },
  wolfe: {
    summary: "the same by the strong Wolfe conditions: low enough, and where it has become flat",
    options: ["c1", "c2", ...everySearch],
    fullBatch: true,
    make: (o) => gradientDescent({ search: "wolfe", ...o }),
  },
  momentum: {
    summary: "gradient descent with a heavy ball",
    options: [...rate, "momentum"],
    needsRate: true,
    make: (o) => momentum(o as { learningRate: number }),
  },
  nesterov: {
    summary: "momentum with the gradient as if taken ahead",
    options: [...rate, "momentum"],
    needsRate: true,
    make: (o) => nesterov(o as { learningRate: number }),
  },
  "rms-prop": {
    summary: "each gradient over the root of its mean square, with learning rate 0.001 unless told otherwise",
    options: [...rate, "decay", "epsilon"],
    make: (o) => rmsProp(o),
  },
  adam: {
    summary: "with learning rate 0.001 unless told otherwise",
    options: [...rate, ...moments],
    make: (o) => adam(o),
  },
  adamw: {
    summary: "adam, and every parameter decays by itself",
    options: [...rate, ...moments, "weightDecay"],
    make: (o) => adamW(o),
  },
  "stochastic-armijo": {
    summary: "Armijo's condition on each batch, along the gradient or Adam's direction",
    options: ["direction", ...search, ...moments],
    make: (o) => stochasticArmijo(o),
  },
  lbfgs: {
    summary: "quasi-Newton steps on full batches, with a memory of the last steps",
    options: ["memory", "c1", "c2", "maxTrials"],
    fullBatch: true,
    make: (o) => lbfgs(o),
  },
  "levenberg-marquardt": {
    summary: "damped least squares on full batches, for up to 2,000 parameters",
    options: ["damping", "maxTrials"],
    fullBatch: true,
    make: (o) => levenbergMarquardt(o),
  },
  guess: {
    summary: "draws all parameters anew and keeps the best",
    options: ["range"],
    fullBatch: true,
    guesses: true,
    make: (o, seed) => randomGuess({ ...o, seed }),
  },
  perturb: {
    summary: "moves all parameters at random and keeps what is not worse",
    options: ["range"],
    fullBatch: true,
    guesses: true,
    make: (o, seed) => perturb({ ...o, seed }),
  },
};

const methodNames: readonly string[] = Object.keys(methods);

const allOptions = [...new Set(Object.values(methods).flatMap(({ options }) => options))];

/** Adds the options of all optimizers. @param flag "--optimizer" or "--method". */
export function configureOptimizer(command: Command, flag: string): void {
  const list = methodNames.map((name) => `${name}: ${methods[name]?.summary}`).join("; ");
  command
    .option(`${flag} <name>`, list, oneOf(flag, methodNames))
    .option(
      "--learning-rate <number>",
      "for gradient-descent, momentum, nesterov, rms-prop, adam, adamw",
      number("--learning-rate", 0.01),
    );
  configureSchedule(command);
  command
    .option("--momentum <share>", "for momentum and nesterov; 0.9 by default", number("--momentum", 0.9))
    .option(
      "--decay <share>",
      "for rms-prop: share kept of the mean square; 0.9 by default",
      number("--decay", 0.9),
    )
    .option(
      "--weight-decay <share>",
      "for adamw: lost in each step, times the learning rate; 0.01 by default",
      number("--weight-decay", 0.01),
    )
    .option(
      "--beta1 <share>",
      "for adam, adamw and stochastic-armijo; 0.9 by default",
      number("--beta1", 0.9),
    )
    .option("--beta2 <share>", "for the same; 0.999 by default", number("--beta2", 0.999))
    .option("--epsilon <number>", "for the same and rms-prop; 1e-8 by default", number("--epsilon", 1e-8))
    .option(
      "--c1 <share>",
      "for armijo, wolfe, lbfgs: share of the promised decrease; 1e-4 by default",
      number("--c1", 1e-4),
    )
    .option(
      "--c2 <share>",
      "for wolfe, lbfgs: share of the slope that may be left; 0.9 by default",
      number("--c2", 0.9),
    )
    .option(
      "--c <share>",
      "for goldstein: share of the promised decrease, below 0.5; 0.25 by default",
      number("--c", 0.25),
    )
    .option("--memory <pairs>", "for lbfgs: steps that it remembers; 30 by default", number("--memory", 30))
    .option(
      "--damping <share>",
      "for levenberg-marquardt: the first damping over the largest curvature; 0.001 by default",
      number("--damping", 1e-3),
    )
    .option(
      "--shrink <factor>",
      "for armijo: from one trial to the next; 0.5 by default",
      number("--shrink", 0.5),
    )
    .option(
      "--growth <factor>",
      "for armijo, goldstein, wolfe: first trial over the last step; 1 by default",
      number("--growth", 2),
    )
    .option("--initial <step>", "for the same: first trial; 1 by default", number("--initial", 1))
    .option("--largest <step>", "for the same: longest first trial", number("--largest", 1e10))
    .option(
      "--max-trials <count>",
      "for the same, lbfgs and levenberg-marquardt: trials of a step",
      number("--max-trials", 40),
    )
    .option(
      "--direction <name>",
      "for stochastic-armijo: gradient or adam",
      oneOf("--direction", ["gradient", "adam"]),
    )
    .option("--range <number>", "for guess and perturb: how far they draw", number("--range", 1))
    .option(
      "--variant <name>",
      "for auto: decay or scheduleFree",
      oneOf("--variant", ["decay", "scheduleFree"]),
    );
}

function configureSchedule(command: Command): void {
  command
    .option(
      "--schedule <name>",
      `how the learning rate falls: ${scheduleNames.join(", ")}`,
      oneOf("--schedule", scheduleNames),
    )
    .option("--warmup <steps>", "steps in which the learning rate rises from 0", number("--warmup", 100))
    .option(
      "--schedule-end <share>",
      "for linear, cosine (0 by default) and exponential (0.01): what is left of the rate at the end",
      number("--schedule-end", 0.01),
    )
    .option(
      "--schedule-factor <factor>",
      "for steps: what the rate is multiplied by; 0.1 by default",
      number("--schedule-factor", 0.1),
    )
    .option(
      "--schedule-every <steps>",
      "for steps: how often; by default twice in the run",
      number("--schedule-every", 1000),
    );
}

/**
 * The optimizer that the options describe.
 *
 * @throws {UsageError} When an option does not go with it, or the learning rate is missing.
 * @throws {OptionError} When a number is out of range.
 */
export function makeOptimizer(name: string, flags: Record<string, unknown>, seed: Seed): Optimizer {
  const method = methods[name] as Method;
  const given = allOptions.filter((option) => flags[option] !== undefined);
  for (const option of given) {
    if (method.options.includes(option)) continue;
    const takers = methodNames.filter((other) => methods[other]?.options.includes(option));
    const why = option === "learningRate" ? ", since it finds its step sizes by itself" : "";
    throw new UsageError(
      `${name} takes no ${kebab(option)}${why}; leave it out, or choose one that does: ${takers.join(", ")}.`,
    );
  }
  if (method.needsRate === true && flags.learningRate === undefined) {
    throw new UsageError(
      `${name} needs a learning rate, since the gradient says where to go and not how far; ` +
        "write for example --learning-rate 0.1, or choose auto or armijo, which find theirs.",
    );
  }
  return method.make(optionsOf(given, flags), seed);
}

/** The options as the library takes them: parts of a schedule become one object. */
function optionsOf(given: readonly string[], flags: Record<string, unknown>): Record<string, unknown> {
  const parts = given.filter((option) => scheduleParts[option] !== undefined);
  const rest = given.filter((option) => scheduleParts[option] === undefined);
  const options = Object.fromEntries(rest.map((option) => [option, flags[option]]));
  if (parts.length === 0) return options;
  const shape = Object.fromEntries(parts.map((option) => [scheduleParts[option], flags[option]]));
  return { ...options, schedule: { name: flags.schedule ?? "constant", ...shape } };
}

/** "learningRate" as "--learning-rate". */
export function kebab(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
