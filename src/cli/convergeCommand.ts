/** `talweg converge`: gradient descent with Armijo's step size, beside every line of its proof of convergence. */
import type { Command } from "commander";
import {
  type Convergence,
  type ConvergeOptions,
  converge,
  type GalleryExample,
  type GalleryName,
  galleryExample,
  galleryNames,
} from "../explain/index.ts";
import type { CommandSpec, Outcome } from "./command.ts";
import { convergeFigure } from "./convergeFigure.ts";
import { convergeText } from "./convergeText.ts";
import { exampleText, galleryText } from "./galleryText.ts";
import { kebab } from "./optimizers.ts";
import { number, oneOf } from "./parse.ts";
import { checkPlotPath, writePlot } from "./plotFile.ts";
import type { Session } from "./session.ts";
import { configureTarget, targetOf } from "./target.ts";
import { UsageError } from "./usage.ts";

const MODEL_STEPS = 200;

const HELP = `
It ends with 1 when a line of the proof does not hold, as can be with ReLU networks, whose gradient jumps. The gallery
breaks one hypothesis after the other on purpose.

Examples:
  talweg converge --function quadratic --condition 10 --plot converge.svg
  talweg converge --function rosenbrock --steps 20000
  talweg converge parabola.safetensors parabola --rows 100 --growth 2
  talweg converge --gallery
  talweg converge --example saddle`;

export const convergeCommand: CommandSpec = {
  name: "converge",
  configure(command) {
    command.description(
      "Run gradient descent with Armijo's step size and check every line of its proof of convergence in every step.",
    );
    configureTarget(command);
    configureDescent(command);
    command
      .option("--plot <file>", "f, gradient, steps and the sum of line 4: .svg or .png")
      .option("--gallery", "list runs that break one hypothesis of the proof each")
      .option("--example <name>", "run one of them", oneOf("--example", galleryNames))
      .addHelpText("after", HELP);
  },
  async run(operands, flags, session) {
    const plot = flags.plot as string | undefined;
    await checkPlotPath(plot);
    if (flags.gallery === true || flags.example !== undefined) {
      return gallery(operands, flags, plot, session);
    }
    const { objective, start, label, lipschitz, lowerBound, seed } = await targetOf(operands, flags, session);
    // A step of a network costs some hundred times as much.
    const limit = flags.function === undefined ? { steps: MODEL_STEPS } : {};
    const run = converge(objective, start, { lipschitz, lowerBound, ...limit, ...descentOptions(flags) });
    if (plot !== undefined) await writePlot(plot, await convergeFigure(run, label));
    for (const line of convergeText(run, label, session.out)) session.say(line);
    const exitCode = run.lines.every(({ holds }) => holds) ? 0 : 1;
    return { seed, fields: { ...told(run, session), ...(plot === undefined ? {} : { plot }) }, exitCode };
  },
};

function configureDescent(command: Command): void {
  command
    .option("--c1 <share>", "share of the promised decrease; 1e-4 by default", number("--c1", 1e-4))
    .option("--shrink <factor>", "from one trial to the next; 0.5 by default", number("--shrink", 0.5))
    .option("--initial <step>", "first trial of a search; 1 by default", number("--initial", 1))
    .option("--growth <factor>", "first trial over the last step; 1 by default", number("--growth", 2))
    .option("--max-trials <count>", "trials of a search; 100 by default", number("--max-trials", 100))
    .option(
      "--steps <count>",
      `steps at most; 1000 by default, of a model ${MODEL_STEPS}`,
      number("--steps", 1000),
    )
    .option("--gradient-norm <number>", "where to stop; 1e-6 by default", number("--gradient-norm", 1e-6))
    .option(
      "--lipschitz <number>",
      "the largest curvature, for line 9; known of sphere, booth and quadratic",
      number("--lipschitz", 100),
    );
}

const names = ["c1", "shrink", "initial", "growth", "maxTrials", "steps", "gradientNorm", "lipschitz"];

function descentOptions(flags: Record<string, unknown>): ConvergeOptions {
  return Object.fromEntries(
    names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  ) as ConvergeOptions;
}

/** Steps are events of their own; the result has their number. */
function told({ steps, ...run }: Convergence, session: Session): Record<string, unknown> {
  for (const step of steps) session.event({ event: "step", ...step });
  return { ...run, steps: steps.length };
}

async function gallery(
  operands: readonly (string | undefined)[],
  flags: Record<string, unknown>,
  plot: string | undefined,
  session: Session,
): Promise<Outcome> {
  const name = flags.example as GalleryName | undefined;
  const beside = Object.keys(flags).filter((flag) => !["gallery", "example", "plot"].includes(flag));
  const other = operands.find((word) => word !== undefined) ?? beside.map(kebab)[0];
  if (other !== undefined || (name === undefined && plot !== undefined)) {
    throw new UsageError(
      `the gallery takes nothing beside ${name === undefined ? "--example and its --plot" : "--plot"}, but ${other ?? "--plot"} is given, ` +
        "since each of its runs has its own function and constants; leave it out.",
    );
  }
  if (name === undefined) {
    const examples = galleryNames.map((each) => galleryExample(each));
    for (const line of galleryText(examples, session.out)) session.say(line);
    return { seed: null, fields: { examples: examples.map(listed) } };
  }
  const example = galleryExample(name);
  if (plot !== undefined) {
    if (example.run === null) {
      throw new UsageError(`${name} has no step to draw; leave --plot out.`);
    }
    await writePlot(plot, await convergeFigure(example.run, example.formula));
  }
  for (const line of exampleText(example, session.out)) session.say(line);
  const { run, ...rest } = example;
  const fields = { ...rest, run: run === null ? null : told(run, session) };
  return { seed: null, fields: { ...fields, ...(plot === undefined ? {} : { plot }) } };
}

function listed({ run, refusal: _refusal, ...rest }: GalleryExample): Record<string, unknown> {
  return { ...rest, steps: run?.steps.length ?? 0, value: run?.value ?? null };
}
