/** How `talweg train` is called. */
import { type Command, Option } from "commander";
import { activationNames, lossNames } from "../kernels/index.ts";
import { initNames } from "../network/index.ts";
import { metricNames } from "../train/index.ts";
import { configureData, dataHelp } from "./dataOptions.ts";
import { configureOptimizer } from "./optimizers.ts";
import { batchSize, number, numbers, oneOf, words } from "./parse.ts";
import { configureSql } from "./sqlOptions.ts";
import { configureStop } from "./stopOptions.ts";
import { configureLearning, configureReading, tableHelp } from "./tableOptions.ts";

const EXAMPLES = `
A table is read from a file; what its columns are, the network and how long it learns are chosen from its rows, shown, and
written into the model. Above 100 MB it is read anew for each epoch.

Examples:
  talweg train sales.csv --target price
  talweg train animals.tsv --target species --drop id,note --types zip=category --validation 0.2
  talweg train sales.csv --target price --folds 5
  talweg train parabola --layers 12,12 --epochs 200 --plot parabola.svg
  talweg train mnist --layers 128 --epochs 10 --batch-size 128 --out mnist.safetensors
  talweg train --resume mnist.checkpoint.safetensors
  talweg train moons --folds 5
  talweg train moons --run runs/moons
  talweg resume runs/moons

Ctrl-C saves the state and says how to go on; a run with a folder goes on after a kill and a full disk too.
With --json every event is a line: start, step, epoch, warning, result;
--quiet-steps leaves the steps out.`;

/** Softmax mixes the units of a layer, which only makes sense at the end. */
const hidden = activationNames.filter((name) => name !== "softmax");

export function configureTrain(command: Command): void {
  command
    .description("Train a network and save it as a file.")
    .argument("[data]", `${tableHelp}; or ${dataHelp}`);
  // Some ninety options want to be found.
  command.optionsGroup("Tables:");
  configureLearning(command);
  configureReading(command);
  configureSql(command);
  command.optionsGroup("Data:");
  configureData(command);
  command
    .optionsGroup("Network:")
    .option(
      "--layers <widths>",
      "units of the hidden layers; 16,16, for images 128, for tables as shown",
      numbers("--layers", "12,12"),
    )
    .option(
      "--activation <name>",
      `of the hidden layers; relu, for tables tanh; ${hidden.join(", ")}`,
      oneOf("--activation", hidden),
    )
    .option(
      "--output-activation <name>",
      "of the last layer, softmax too; linear for numbers, sigmoid for two classes, softmax for more",
      oneOf("--output-activation", activationNames),
    )
    .option(
      "--init <name>",
      `how weights start; by the activation; ${initNames.join(", ")}`,
      oneOf("--init", initNames),
    )
    .option(
      "--dropout <share>",
      "of the hidden activations, set to zero in training",
      number("--dropout", 0.2),
    )
    .option(
      "--precision <name>",
      "float32 (default) or float64",
      oneOf("--precision", ["float32", "float64"]),
    );
  command
    .optionsGroup("Training:")
    .option("--loss <name>", `by the last layer; ${lossNames.join(", ")}`, oneOf("--loss", lossNames))
    .option(
      "--epochs <count>",
      "passes over the examples; 30, with full batches 500, for tables as shown",
      number("--epochs", 30),
    )
    .option(
      "--batch-size <rows>",
      "examples of a step; 32, or full, as it is by default for armijo, guess and perturb",
      batchSize,
    )
    .option("--no-shuffle", "take the examples in their order")
    .option(
      "--validation <share>",
      "share of the examples to watch and not to learn; none, for tables as shown",
      number("--validation", 0.1),
    )
    .option(
      "--folds <count>",
      "cross-validate: train and test so many times, and save nothing",
      number("--folds", 5),
    )
    .option(
      "--patience <epochs>",
      "stop after so many without a better validation loss",
      number("--patience", 10),
    )
    .option("--penalty <factor>", "weight decay; none, for tables as shown", number("--penalty", 1e-4))
    .option("--clip-norm <norm>", "shorten longer gradients to this norm", number("--clip-norm", 1))
    .option("--clip-value <size>", "hold each number of a gradient to this size", number("--clip-value", 0.5))
    .option("--metrics <names>", `with commas between; ${metricNames.join(", ")}`, words);
  configureStop(command);
  command.optionsGroup("Optimizer:");
  configureOptimizer(command, "--optimizer");
  command.optionsGroup("Machine:");
  configureMachine(command);
  command
    .optionsGroup("Files and runs:")
    .option(
      "--out <file>",
      "the model: .safetensors or .json; by default the name of the data and .safetensors",
    )
    .option("--plot <file>", "the curve of the loss: .svg or .png")
    .option(
      "--run <folder>",
      "keep the run in this new folder: run.json, metrics.jsonl, checkpoints, the model",
    )
    .option("--runs <folder>", "the same, in a folder made inside of this one, named by date and data")
    .option(
      "--log-every <steps>",
      "with a run folder: steps between two lines of metrics.jsonl; 10",
      number("--log-every", 10),
    );
  configureSaving(command);
  command
    .option("--resume <path>", "go on with a stopped run, to the same bits: its folder or its checkpoint")
    .option("--quiet-steps", "with --json: no lines for steps")
    .addHelpText("after", EXAMPLES);
}

/** How fast the arithmetic is, which changes no bit. */
export function configureMachine(command: Command): void {
  command
    .option(
      "--threads <count>",
      "threads of the arithmetic, by default as many as pay; changes no bit",
      number("--threads", 2),
    )
    .addOption(
      new Option(
        "--kernels <name>",
        "which arithmetic: auto, scalar (readable) or simd (generated); changes no bit",
      ).argParser(oneOf("--kernels", ["auto", "scalar", "simd"])),
    )
    .option(
      "--wide",
      "let Node 24 and later pair SIMD lanes, an experimental pass of V8; elsewhere without effect; changes no bit",
    );
}

/** How often the state is saved, which changes no bit. */
export function configureSaving(command: Command): void {
  command
    .option("--checkpoint-every <steps>", "save the state so often", number("--checkpoint-every", 1000))
    .option(
      "--checkpoint-seconds <seconds>",
      "save the state so often; with a run folder 30, where --checkpoint-every is not given",
      number("--checkpoint-seconds", 30),
    );
}
