/** `talweg explain`: why a number of a network is what it is, with every product, or the chain rule of one parameter. */
import type { Dataset, Seed } from "../core/index.ts";
import { chain, chainExample, type ExplainOptions, type Explanation, explain } from "../explain/index.ts";
import type { Loss } from "../kernels/index.ts";
import type { Network } from "../network/index.ts";
import { loadModel } from "../node/index.ts";
import type { CommandSpec } from "./command.ts";
import { explainFigure } from "./explainFigure.ts";
import { deltaTrees, lossTree } from "./explainLossText.ts";
import { parameterTrees, printedTable } from "./explainParameterText.ts";
import { forwardTrees, headLines } from "./explainText.ts";
import { number, numbers } from "./parse.ts";
import { checkPlotPath, writePlot } from "./plotFile.ts";
import type { Session } from "./session.ts";
import { configureModelData, loadModelAndData } from "./target.ts";
import { treeLines } from "./tree.ts";
import { UsageError } from "./usage.ts";

const EXAMPLES = `
W3[0,1] is the weight of layer 3 from unit 0 below to unit 1, b2[4] the bias of unit 4 of layer 2. Numbers are float64;
beside them stands what a float32 network computes itself.

Examples:
  talweg explain --chain --parameter W1[0,0]
  talweg explain --chain --parameter W3[0,0] --as-printed
  talweg explain parabola.safetensors --input 0.5 --target 0.25 --parameter W2[3,0]
  talweg explain mnist.safetensors --data mnist --part test --row 17`;

export const explainCommand: CommandSpec = {
  name: "explain",
  configure(command) {
    command
      .description(
        "Show how a network comes to its outputs, number by number, or the chain rule of one parameter.",
      )
      .argument("[model]", 'a .safetensors or .json file of talweg, or "chain"')
      .option("--chain", "the chain of three sigmoids of the source, with its numbers, in place of a model")
      .option("--input <numbers>", "one row of inputs, with commas between", numbers("--input", "0.5,0.25"))
      .option(
        "--target <numbers>",
        "what the outputs should be: explains the loss too",
        numbers("--target", "0.25"),
      )
      .option("--data <name>", "take input and target from data, such as mnist")
      .option("--row <number>", "which of its examples, from 0; 0 by default", number("--row", 17))
      .option(
        "--parameter <name>",
        "the derivative of the loss by W3[0,1], b2[4] or a place in the flat vector",
      )
      .option(
        "--paths <count>",
        "how many paths to the loss are listed; 5, with --json 20",
        number("--paths", 20),
      )
      .option(
        "--most <count>",
        "how many products, units and outputs of wide layers are shown; 4",
        number("--most", 10),
      )
      .option("--as-printed", "beside the factors those that the source prints; for chains")
      .option(
        "--plot <file>",
        "activations and deltas by layer, or with --parameter the largest paths: .svg or .png",
      );
    configureModelData(command);
    command.addHelpText("after", EXAMPLES);
  },
  async run(operands, flags, session) {
    const plot = flags.plot as string | undefined;
    await checkPlotPath(plot);
    const { model, input, options, example } = await subjectOf(operands[0], flags, session);
    const most = wholeOf("--most", flags.most, 4);
    const paths = wholeOf("--paths", flags.paths, session.json ? 20 : 5);
    const explanation = explain(model, input, {
      ...options,
      paths,
      parameter: parameterOf(flags.parameter as string | undefined),
      asPrinted: flags.asPrinted === true,
    });
    if (plot !== undefined) await writePlot(plot, await explainFigure(explanation, operands[0] ?? "chain"));
    if (!session.json) {
      if (example !== undefined) session.say(`row ${example.row} of ${example.data}`);
      for (const line of text(explanation, { most, paths }, session)) session.say(line);
    }
    const { seed = null, ...place } = example ?? {};
    return { seed, fields: { ...place, ...explanation, ...(plot === undefined ? {} : { plot }) } };
  },
};

interface Subject {
  model: Network;
  input: ArrayLike<number>;
  options: ExplainOptions;
  /** Where the example stands, if it comes from data. */
  example?: { data: string; row: number; seed: Seed };
}

/** The model, and the example that the command line names. */
async function subjectOf(
  name: string | undefined,
  flags: Record<string, unknown>,
  session: Session,
): Promise<Subject> {
  const [input, target, data] = [flags.input as number[], flags.target as number[], flags.data as string];
  const loss = flags.loss as Loss | undefined;
  if (flags.chain === true || name === "chain") return chainSubject(name, flags);
  if (name === undefined) {
    throw new UsageError(
      "no model is given, expected a .safetensors or .json file, or --chain; write for example talweg explain --chain.",
    );
  }
  if (data !== undefined) {
    const both = ["input", "target"].find((flag) => flags[flag] !== undefined);
    if (both !== undefined)
      throw new UsageError(`--data and --${both} are both given, expected one of them; leave one out.`);
    const loaded = await loadModelAndData(name, data, flags, session);
    const place = wholeOf("--row", flags.row, 0);
    const { x, y } = rowOf(loaded.data, place, data);
    const options = { target: y, loss: loaded.loss };
    return { model: loaded.model, input: x, options, example: { data, row: place, seed: loaded.seed } };
  }
  refuse(flags, dataFlags, "says which example of data is meant, but there is no --data");
  if (input === undefined) {
    throw new UsageError(
      "no example is given, expected --input with one row of numbers, or --data with a name; write for example --input 0.5 --target 0.25.",
    );
  }
  return { model: loadModel(name), input, options: { target, loss } };
}

const dataFlags = ["row", "part", "rows", "noise", "interval", "folder"];

function refuse(flags: Record<string, unknown>, names: readonly string[], why: string): void {
  const given = names.find((name) => flags[name] !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} is given, which ${why}; leave it out.`);
}

function chainSubject(name: string | undefined, flags: Record<string, unknown>): Subject {
  if (name !== undefined && name !== "chain") {
    throw new UsageError(
      `the model ${name} and --chain are both given, expected one of them; leave one out.`,
    );
  }
  refuse(flags, ["data", ...dataFlags], "chooses data, but the chain has an example of its own");
  return {
    model: chain(),
    input: (flags.input as number[] | undefined) ?? chainExample.input,
    options: {
      target: (flags.target as number[] | undefined) ?? chainExample.target,
      loss: flags.loss as Loss | undefined,
    },
  };
}

/** @throws {UsageError} When the data have no such row. */
function rowOf(data: Dataset, row: number, name: string): { x: Float64Array; y: Float64Array } {
  const { rows, inputs, outputs, scale = 1 } = data;
  if (row >= rows) {
    throw new UsageError(
      `--row is ${row}, expected 0 to ${rows - 1}, the examples of ${name}; give another number.`,
    );
  }
  const bytes = data.x instanceof Uint8Array;
  const x = Float64Array.from({ length: inputs }, (_, i) => data.x[row * inputs + i]! * (bytes ? scale : 1));
  const { y } = data;
  const labels = y instanceof Uint8Array;
  const target = Float64Array.from({ length: outputs }, (_, j) =>
    labels ? Number(y[row] === j) : y[row * outputs + j]!,
  );
  return { x, y: target };
}

function wholeOf(flag: string, given: unknown, fallback: number): number {
  const value = (given as number | undefined) ?? fallback;
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(
    `${flag} is ${value}, expected a whole number from 0 up; write for example ${flag} ${fallback || 17}.`,
  );
}

/** A name, or a place in the flat vector. */
function parameterOf(given: string | undefined): string | number | undefined {
  return given !== undefined && /^\d+$/.test(given) ? Number(given) : given;
}

function text(e: Explanation, { most, paths }: { most: number; paths: number }, { out }: Session): string[] {
  const columns = Math.max(60, out.columns());
  const { parameter } = e;
  const sections =
    parameter !== undefined
      ? [[lossTree(e, most), ...parameterTrees(e, { most: paths, columns })]]
      : [forwardTrees(e, most), e.loss === undefined ? [] : [lossTree(e, most), ...deltaTrees(e, most)]];
  return [
    ...headLines(e, columns),
    ...sections
      .filter((trees) => trees.length > 0)
      .flatMap((trees) => ["", ...treeLines(trees, columns, out.bold)]),
    ...(parameter?.asPrinted === undefined ? [] : ["", ...printedTable(parameter.asPrinted)]),
  ];
}
