/** The network that a table needs: widths and outputs by its columns, and only such outputs and losses as give answers. */
import { OptionError, type Seed } from "../core/index.ts";
import { outputCount, type Preprocessing } from "../data/index.ts";
import type { Activation, Loss } from "../kernels/index.ts";
import { type DenseOptions, dense, type Layer, type Network, network } from "../network/index.ts";
import type { TableDefaults } from "./tableDefaults.ts";
import type { TableOptions } from "./tableOptions.ts";

/** What a network for these targets ends in, and the loss that belongs to it. */
export interface TableOutput {
  outputs: number;
  activation: Activation;
  loss: Loss;
  /** What the outputs are, for people. */
  meaning: string;
}

/**
 * The last layer and the loss for the targets.
 *
 * @throws {OptionError} When the options name others, whose outputs could not be read as answers.
 */
export function tableOutput(
  p: Preprocessing,
  { outputActivation, loss }: Pick<TableOptions, "outputActivation" | "loss">,
): TableOutput {
  const outputs = outputCount(p);
  const [first] = p.targets;
  const found = first?.kind === "class" ? classOutput(first.classes.length, outputs) : numberOutput(outputs);
  const { activation, losses, meaning, why } = found;
  if (outputActivation !== undefined && outputActivation !== activation) {
    throw new OptionError(
      "outputActivation",
      `outputActivation is ${JSON.stringify(outputActivation)}, expected ${JSON.stringify(activation)}, since the outputs are ${meaning}, ${why}; leave it out.`,
    );
  }
  const [usual] = losses;
  if (loss !== undefined && !losses.includes(loss)) {
    throw new OptionError(
      "loss",
      `loss is ${JSON.stringify(loss)}, expected one of ${losses.join(", ")}, since the outputs are ${meaning}; leave it out for ${usual}.`,
    );
  }
  return { outputs, activation, loss: loss ?? usual!, meaning };
}

interface OutputRule {
  activation: Activation;
  /** The usual one first. */
  losses: readonly Loss[];
  meaning: string;
  why: string;
}

function classOutput(classes: number, outputs: number): OutputRule {
  if (outputs === 1) {
    return {
      activation: "sigmoid",
      losses: ["binaryCrossEntropy", "meanSquaredError", "sumOfSquares", "huber"],
      meaning: "the probability of the second of two classes",
      why: "which lies from 0 to 1",
    };
  }
  return {
    activation: "softmax",
    losses: ["categoricalCrossEntropy", "meanSquaredError", "sumOfSquares", "huber"],
    meaning: `the probabilities of ${classes} classes`,
    why: "which lie from 0 to 1 and add up to 1",
  };
}

function numberOutput(outputs: number): OutputRule {
  return {
    activation: "linear",
    losses: ["meanSquaredError", "sumOfSquares", "huber"],
    meaning: outputs === 1 ? "a standardized number" : `${outputs} standardized numbers`,
    why: "which lie on both sides of 0 and have no bound",
  };
}

/**
 * A fresh network from the encoded columns to the targets.
 *
 * @throws {OptionError} When a layer cannot be made so.
 */
export function tableNetwork(
  p: Preprocessing,
  output: TableOutput,
  { layers, activation }: Pick<TableDefaults, "layers" | "activation">,
  { init, dropout = 0, precision = "float32" }: TableOptions,
  seed: Seed,
): Network {
  if (activation === "softmax") {
    throw new OptionError(
      "activation",
      'activation is "softmax", expected one for hidden layers such as "relu" or "tanh", since softmax makes shares, which only the last layer gives; leave it out.',
    );
  }
  const start: DenseOptions = init === undefined ? {} : { init };
  let inputs = p.inputs;
  const made: Layer[] = layers.map((units) => {
    const layer = dense(inputs, units, activation, { ...start, dropout });
    inputs = units;
    return layer;
  });
  made.push(dense(inputs, output.outputs, output.activation, start));
  return network(made, { seed, precision });
}
