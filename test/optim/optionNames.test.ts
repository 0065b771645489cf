/** Misspelt options of the optimizers. */
import { OptionError } from "talweg/core";
import {
  adam,
  adamW,
  auto,
  gradientDescent,
  lbfgs,
  levenbergMarquardt,
  momentum,
  nesterov,
  perturb,
  randomGuess,
  rmsProp,
  stochasticArmijo,
} from "talweg/optim";
import { expect, test } from "vitest";

test("an option that does not exist is refused by name, not ignored", () => {
  const calls: [() => unknown, string][] = [
    [
      () => adam({ lr: 0.1 } as never),
      "adam has no option lr, expected some of learningRate, beta1, beta2, epsilon, schedule; mend the name.",
    ],
    [
      () => momentum({ learningRate: 0.1, beta: 0.9 } as never),
      "momentum has no option beta, expected some of learningRate, momentum, schedule; mend the name.",
    ],
    [
      () => nesterov({ learningRate: 0.1, beta: 0.9 } as never),
      "nesterov has no option beta, expected some of learningRate, momentum, schedule; mend the name.",
    ],
    [
      () => rmsProp({ alpha: 0.9 } as never),
      "rmsProp has no option alpha, expected some of learningRate, decay, epsilon, schedule; mend the name.",
    ],
    [
      () => adamW({ decay: 0.1 } as never),
      "adamW has no option decay, expected some of learningRate, beta1, beta2, epsilon, schedule, weightDecay; mend the name.",
    ],
    [
      () => auto({ learningRate: 0.1 } as never),
      "auto has no option learningRate, expected some of variant, challenger; mend the name.",
    ],
    [
      () => gradientDescent({ learningRate: 0.1, decay: 1 } as never),
      "gradientDescent with a learning rate has no option decay, expected some of learningRate, schedule; mend the name.",
    ],
    [
      () => gradientDescent({ search: "armijo", schedule: "linear" } as never),
      "gradientDescent with a search has no option schedule, expected some of search, c1, shrink, initial, growth, largest, maxTrials; mend the name.",
    ],
    [
      () => gradientDescent({ search: "goldstein", c1: 0.1 } as never),
      "gradientDescent with a search has no option c1 (did you mean c?), expected some of search, c, grow, initial, growth, largest, maxTrials; mend the name.",
    ],
    [
      () => gradientDescent({ search: "wolfe", shrink: 0.1 } as never),
      "gradientDescent with a search has no option shrink, expected some of search, c1, c2, expand, initial, growth, largest, maxTrials; mend the name.",
    ],
    [
      () => lbfgs({ learningRate: 1 } as never),
      "lbfgs has no option learningRate, expected some of memory, c1, c2, expand, maxTrials; mend the name.",
    ],
    [
      () => levenbergMarquardt({ lambda: 1 } as never),
      "levenbergMarquardt has no option lambda, expected some of damping, maxTrials; mend the name.",
    ],
    [
      () => stochasticArmijo({ gamma: 2 } as never),
      "stochasticArmijo has no option gamma, expected some of direction, c1, smoothing, shrink, growth, initial, largest, maxTrials, beta1, beta2, epsilon; mend the name.",
    ],
    [
      () => randomGuess({ radius: 1 } as never),
      "randomGuess has no option radius, expected some of seed, range; mend the name.",
    ],
    [
      () => perturb({ radius: 1 } as never),
      "perturb has no option radius, expected some of seed, range; mend the name.",
    ],
  ];
  for (const [call, message] of calls) {
    expect(call).toThrow(OptionError);
    expect(call).toThrow(message);
  }
});
