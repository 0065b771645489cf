/** What a command that looks closely works on: a test function from a point, or the loss of a model on data. */
import type { Command } from "commander";
import type { Dataset, Objective, Seed } from "../core/index.ts";
import { selectRows } from "../data/index.ts";
import { type Loss, loadKernels, lossNames } from "../kernels/index.ts";
import { type Network, objective, readParameters, withPrecision } from "../network/index.ts";
import { loadModel } from "../node/index.ts";
import { type FunctionOptions, type TestFunction, testFunctions } from "../optim/index.ts";
import { defaultLoss } from "../train/index.ts";
import { configureData, dataHelp } from "./dataOptions.ts";
import { functionOf } from "./minimizeCommand.ts";
import { modelData } from "./modelData.ts";
import { grouped, plural } from "./numbers.ts";
import { number, numbers, oneOf } from "./parse.ts";
import type { Session } from "./session.ts";
import { UsageError } from "./usage.ts";

export interface Target {
  /** For people: "rosenbrock from (-1.2, 1)", "curve.json on parabola". */
  label: string;
  objective: Objective;
  /** Where to begin, `[objective.dimension]`; a model's own parameters. */
  start: Float64Array;
  /** A number that the function never falls below, where one is known; of a loss 0. */
  lowerBound?: number;
  /** A bound on how fast the gradient changes: ||grad f(x) - grad f(y)|| <= lipschitz ||x - y||, where it is known. */
  lipschitz?: number;
  /** The seed that the data were drawn with; null where nothing was drawn. */
  seed: Seed | null;
}

export interface ModelAndData {
  model: Network;
  data: Dataset;
  loss: Loss;
  seed: Seed;
}

/** Adds --part, --loss and the options of data: what `loadModelAndData` reads. */
export function configureModelData(command: Command): void {
  command
    .option("--part <name>", "of the data: train (default) or test", oneOf("--part", ["train", "test"]))
    .option(
      "--loss <name>",
      "by default the one that the model was trained with",
      oneOf("--loss", lossNames),
    );
  configureData(command);
}

/**
 * A model with the examples that it is to be looked at on, drawn as they were for its training unless options say otherwise.
 *
 * @throws {TalwegError} When either cannot be had.
 */
export async function loadModelAndData(
  path: string,
  dataName: string,
  flags: Record<string, unknown>,
  session: Session,
): Promise<ModelAndData> {
  const model = loadModel(path);
  const { data, seed } = await modelData(model, dataName, { flags, seed: session.seed, part: "train" });
  await loadKernels();
  const loss = (flags.loss as Loss | undefined) ?? model.metadata.loss ?? defaultLoss(model, data);
  return { model, data, loss, seed };
}

/** Adds the operands `[model] [data]` and the options that name a function or choose data: what `targetOf` reads. */
export function configureTarget(command: Command): void {
  command
    .argument("[model]", "a .safetensors or .json file of talweg; or give --function")
    .argument("[data]", dataHelp)
    .option("--function <name>", `instead of a model: ${Object.keys(testFunctions).join(", ")}`)
    .option(
      "--at <point>",
      "for functions: where to begin; by default the customary start",
      numbers("--at", "-1.2,1"),
    )
    .option("--dimension <count>", "for functions of any number of variables", number("--dimension", 10))
    .option(
      "--condition <number>",
      "for quadratic: largest curvature over smallest",
      number("--condition", 100),
    );
  configureModelData(command);
}

const forFunctions = ["at", "dimension", "condition"];
const forModels = ["part", "loss", "rows", "noise", "interval", "folder"];

/**
 * The function that the command line names, with its start.
 *
 * @throws {UsageError} When it names none, two, or gives an option that does not go with it.
 */
export async function targetOf(
  operands: readonly (string | undefined)[],
  flags: Record<string, unknown>,
  session: Session,
): Promise<Target> {
  const [model, data] = operands;
  const name = flags.function as string | undefined;
  if (name !== undefined && model !== undefined) {
    throw new UsageError(
      `got both the model ${model} and --function ${name}, expected one of them; leave one out.`,
    );
  }
  if (name !== undefined) {
    refuse(flags, forModels, `--function ${name}`, "belongs to the data of a model");
    return functionTarget(name, flags);
  }
  if (model === undefined || data === undefined) {
    throw new UsageError(
      `got ${model === undefined ? "no model" : `the model ${model} without data`}, expected a model and its data, ` +
        "or a function; write for example --function rosenbrock --at -1.2,1, or curve.json parabola.",
    );
  }
  refuse(flags, forFunctions, model, "belongs to functions, and a model begins at its own parameters");
  return modelTarget(model, data, flags, session);
}

function refuse(flags: Record<string, unknown>, names: readonly string[], what: string, why: string): void {
  const given = names.find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  throw new UsageError(`--${given} is given with ${what}, but it ${why}; leave it out.`);
}

/** Bounds on the curvature that hold everywhere: the largest eigenvalue of a constant Hessian. */
const lipschitzOf: Readonly<Record<string, (n: number, o: FunctionOptions) => number>> = {
  sphere: () => 2,
  // Its Hessian is ((10, 8), (8, 10)).
  booth: () => 18,
  quadratic: (n, { condition = 100 }) => (n === 1 ? 1 : condition),
};

function functionTarget(name: string, flags: Record<string, unknown>): Target {
  const chosen = functionOf(name);
  const at = flags.at as number[] | undefined;
  const dimension = flags.dimension as number | undefined;
  if (at !== undefined) checkPoint(chosen, at, dimension);
  const size = dimension ?? at?.length;
  const condition = flags.condition as number | undefined;
  if (condition !== undefined && chosen.name !== "quadratic") {
    throw new UsageError(
      `--condition is given with ${chosen.name}, but only quadratic has one; leave it out.`,
    );
  }
  const options: FunctionOptions = {
    ...(size === undefined ? {} : { dimension: size }),
    ...(condition === undefined ? {} : { condition }),
  };
  const made = chosen.objective(options);
  const start = at === undefined ? chosen.start(size) : Float64Array.from(at);
  const lipschitz = lipschitzOf[chosen.name]?.(start.length, options);
  return {
    label: `${chosen.name} from ${pointText(start)}`,
    objective: made,
    start,
    // Other published minima are rounded.
    ...(chosen.minimum === 0 ? { lowerBound: 0 } : {}),
    ...(lipschitz === undefined ? {} : { lipschitz }),
    seed: null,
  };
}

/** @throws {UsageError} When the point has not one number for each variable. */
function checkPoint(chosen: TestFunction, at: readonly number[], dimension: number | undefined): void {
  const fixed = chosen.leastDimension === undefined ? chosen.dimension : dimension;
  const wanted = fixed ?? Math.max(at.length, chosen.leastDimension ?? 1);
  if (at.length === wanted) return;
  throw new UsageError(
    `--at has ${at.length} ${at.length === 1 ? "number" : "numbers"}, expected ${wanted}${fixed === undefined ? " or more" : ""}, ` +
      `one for each variable of ${chosen.name}; write for example --at ${Array.from(chosen.start(wanted)).join(",")}.`,
  );
}

/** Rows times parameters of one value of the loss: a few milliseconds of the readable code, hundreds of which are asked for. */
const WORK = 2e6;

async function modelTarget(
  path: string,
  dataName: string,
  flags: Record<string, unknown>,
  session: Session,
): Promise<Target> {
  const { model, data, loss, seed } = await loadModelAndData(path, dataName, flags, session);
  const model64 = withPrecision(model, "float64");
  const rows = flags.rows === undefined ? Math.max(1, Math.floor(WORK / model64.parameterCount)) : data.rows;
  const few = rows < data.rows;
  if (few) {
    session.note(
      `Looking at the first ${plural(rows, "example")} of ${grouped(data.rows)}, since every value goes over all of them; --rows takes more.`,
    );
  }
  const seen = few
    ? selectRows(
        data,
        Uint32Array.from({ length: rows }, (_, row) => row),
      )
    : data;
  return {
    label: `${path} on ${few ? `${plural(rows, "example")} of ` : ""}${dataName}, ${loss}`,
    objective: objective(model64, loss, seen),
    start: Float64Array.from(readParameters(model64)),
    lowerBound: 0,
    seed,
  };
}

/** "(1, 2, 3)", of many numbers the first four. */
export function pointText(point: ArrayLike<number>, digits: (x: number) => string = String): string {
  const shown = Array.from(point).slice(0, 4).map(digits);
  return `(${shown.join(", ")}${point.length > 4 ? ", …" : ""})`;
}
