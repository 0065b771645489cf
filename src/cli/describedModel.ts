/** Models of other programs: safetensors files whose layers the command line describes. */
import type { Command } from "commander";
import { OptionError } from "../core/index.ts";
import type { DescribedOptions, Layout } from "../formats/index.ts";
import { activationNames } from "../kernels/index.ts";
import { dense, type Layer, type Network } from "../network/index.ts";
import { loadModel } from "../node/index.ts";
import { kebab } from "./optimizers.ts";
import { checkExtension } from "./outputs.ts";
import { numbers, oneOf } from "./parse.ts";
import { UsageError } from "./usage.ts";

export const layouts: readonly Layout[] = ["talweg", "torch"];

const hidden = activationNames.filter((name) => name !== "softmax");

/** What the argument of a command says that takes such models. */
export const modelHelp = "a .safetensors or .json file of talweg, or with --layers one of another program";

/** Adds --layers, --activation, --output-activation and --read-layout: what `loadDescribed` reads. */
export function configureDescribed(command: Command): void {
  command
    .option(
      "--layers <widths>",
      "reads a safetensors file of another program: its widths from inputs to outputs",
      numbers("--layers", "2,16,1"),
    )
    .option(
      "--activation <name>",
      "with --layers: of the hidden layers; relu by default",
      oneOf("--activation", hidden),
    )
    .option(
      "--output-activation <name>",
      "with --layers: of the last layer; linear by default",
      oneOf("--output-activation", activationNames),
    )
    .option(
      "--read-layout <name>",
      "with --layers: how its weights lie, where all are square",
      oneOf("--read-layout", layouts),
    );
}

/**
 * A model of ours, or with --layers one of another program.
 *
 * @throws {UsageError} When the options do not describe one.
 * @throws {TalwegError} When the file cannot be read or does not fit.
 */
export function loadDescribed(path: string, flags: Record<string, unknown>): Network {
  checkDescribed(flags);
  const widths = flags.layers as number[] | undefined;
  if (widths === undefined) return loadModel(path);
  checkExtension("with --layers the model", path, [".safetensors"]);
  const layout = flags.readLayout as Layout | undefined;
  const described: DescribedOptions = {
    layers: layersOf(widths, flags),
    ...(layout !== undefined && { layout }),
  };
  try {
    return loadModel(path, described);
  } catch (error) {
    if (!(error instanceof OptionError) || error.option !== "layout") throw error;
    throw new UsageError(
      `${path}: with --layers ${widths.join(",")} every layer is square, so the shapes do not tell whether the weights lie as [out, in] or [in, out]; ` +
        "add --read-layout torch for a file from PyTorch, or talweg for [in, out].",
    );
  }
}

/** @throws {UsageError} When a part of the description is given without --layers. */
function checkDescribed(flags: Record<string, unknown>): void {
  const given = ["activation", "outputActivation", "readLayout"].find((key) => flags[key] !== undefined);
  if (flags.layers !== undefined || given === undefined) return;
  throw new UsageError(
    `${kebab(given)} is given without --layers, expected both, since they describe a file of another program; ` +
      "add --layers 2,16,1 or leave it out.",
  );
}

function layersOf(widths: readonly number[], flags: Record<string, unknown>): Layer[] {
  if (widths.length < 2) {
    throw new UsageError(
      `--layers is ${widths.join(",")}, expected at least two widths, inputs and outputs; write for example --layers 2,16,1.`,
    );
  }
  const { activation = "relu", outputActivation = "linear" } = flags as Record<string, Layer["activation"]>;
  return widths.slice(1).map((units, i) => {
    const last = i === widths.length - 2;
    return dense(widths[i] as number, units, last ? outputActivation : activation);
  });
}
