/** `talweg experiment`: the open questions of the assignment's last section, asked with numbers. */
import { OptionError } from "../core/index.ts";
import {
  batchNoise,
  type DepthData,
  depth,
  depthData,
  type ExperimentControl,
  localMinima,
} from "../experiment/index.ts";
import { batchNoiseText } from "./batchNoiseText.ts";
import type { CommandSpec } from "./command.ts";
import { batchNoiseFigure, depthFigure, localMinimaFigure } from "./experimentFigures.ts";
import { depthText, localMinimaText } from "./experimentText.ts";
import { number, numbers, oneOf } from "./parse.ts";
import { checkPlotPath, writePlot } from "./plotFile.ts";
import { progress } from "./progress.ts";
import { InterruptedError, type Session } from "./session.ts";
import { suggestion, UsageError } from "./usage.ts";

/** What an experiment came to, ready to be shown. */
interface Findings {
  result: object;
  /** For people, in so many columns. */
  lines: (columns: number) => string[];
  figure: () => Promise<string>;
}

interface Experiment {
  name: string;
  question: string;
  /** The options that it takes, by their names in camel case. */
  flags: readonly string[];
  /** Sizes of --quick: a look in seconds. */
  quick: Record<string, unknown>;
  run: (options: ExperimentControl & { seed: number }) => Promise<Findings>;
}

const experiments: readonly Experiment[] = [
  {
    name: "local-minima",
    question: "why would a local minimum be enough?",
    flags: ["starts", "rows", "hidden", "dimensions", "functions"],
    quick: {
      starts: 12,
      rows: 24,
      hidden: [2, 4],
      dimensions: [1, 2, 3],
      functions: 4,
      searches: 60,
      samples: 300,
    },
    run: async (options) => {
      const result = await localMinima(options);
      return {
        result,
        lines: (columns) => localMinimaText(result, columns),
        figure: () => localMinimaFigure(result),
      };
    },
  },
  {
    name: "batch-noise",
    question: "do batches get out of poor local minima?",
    flags: [
      "starts",
      "seeds",
      "rows",
      "evaluations",
      "hidden",
      "batchSizes",
      "learningRates",
      "runs",
      "rateShare",
    ],
    quick: {
      runs: 20,
      learningRates: [0.1],
      batchSizes: [1, 4],
      evaluations: 2560,
      starts: 16,
      rows: 24,
      sets: 3,
      minima: 1,
      seeds: 3,
    },
    run: async (options) => {
      const result = await batchNoise(options);
      return {
        result,
        lines: (columns) => batchNoiseText(result, columns),
        figure: () => batchNoiseFigure(result),
      };
    },
  },
  {
    name: "depth",
    question: "are more layers always better?",
    flags: ["seeds", "rows", "evaluations", "learningRates", "parameters", "data"],
    quick: { seeds: 3, rows: 100, evaluations: 3000, learningRates: [0.01], parameters: 150 },
    run: async (options) => {
      const result = await depth(options);
      return {
        result,
        lines: (columns) => depthText(result, columns),
        figure: () => depthFigure(result),
      };
    },
  },
];

const names: readonly string[] = experiments.map(({ name }) => name);

const HELP = `
Experiments:
${experiments.map(({ name, question }) => `  ${name.padEnd(14)} ${question}`).join("\n")}

Examples:
  talweg experiment local-minima --plot minima.svg
  talweg experiment batch-noise --learning-rates 0.1 --seeds 50
  talweg experiment depth --data sine --parameters 600`;

export const experimentCommand: CommandSpec = {
  name: "experiment",
  configure(command) {
    command
      .description(
        "Repeatable experiments on the questions that the assignment leaves open, with numbers and a plot each.",
      )
      .argument("<name>", names.join(", "))
      .option("--quick", "small sizes, for a look in seconds; options given beside it count")
      .option("--starts <count>", "random starts: local-minima, batch-noise", number("--starts", 100))
      .option("--seeds <count>", "runs of each kind: batch-noise, depth", number("--seeds", 20))
      .option("--rows <count>", "examples", number("--rows", 40))
      .option(
        "--evaluations <count>",
        "examples that each run may go over: batch-noise, depth",
        number("--evaluations", 20_000),
      )
      .option(
        "--hidden <counts>",
        "hidden units: some for local-minima, one for batch-noise",
        numbers("--hidden", "2,4,8"),
      )
      .option("--dimensions <counts>", "numbers of variables: local-minima", numbers("--dimensions", "1,2,3"))
      .option(
        "--functions <count>",
        "random functions of each number of variables: local-minima",
        number("--functions", 40),
      )
      .option(
        "--runs <count>",
        "between two valleys, with each batch size: batch-noise",
        number("--runs", 200),
      )
      .option(
        "--batch-sizes <counts>",
        "beside the full batch: batch-noise",
        numbers("--batch-sizes", "1,4,16"),
      )
      .option("--learning-rates <rates>", "batch-noise, depth", numbers("--learning-rates", "0.02,0.1"))
      .option(
        "--rate-share <share>",
        "of the largest rate that the full batch stands, for the network: batch-noise",
        number("--rate-share", 0.6),
      )
      .option("--parameters <count>", "of each network: depth", number("--parameters", 300))
      .option("--data <name>", `${depthData.join(" or ")}: depth`, oneOf("--data", depthData))
      .option("--plot <file>", "draw what came out: .svg or .png")
      .addHelpText("after", HELP);
  },
  async run(operands, flags, session) {
    const experiment = experimentOf(operands[0] as string);
    const { plot, quick, ...rest } = flags as { plot?: string; quick?: boolean } & Record<string, unknown>;
    refuseForeign(experiment, rest);
    await checkPlotPath(plot);
    const seed = firstSeed(session);
    const options = { ...(quick === true ? experiment.quick : {}), ...libraryOptions(experiment, rest) };
    const { result, lines, figure } = await followed(experiment, { ...options, seed }, session);
    if (plot !== undefined) await writePlot(plot, await figure());
    for (const line of lines(session.out.columns())) session.say(line);
    if (plot !== undefined) session.say(`\nPlot: ${plot}`);
    const { seed: _seed, ...numbersOf } = result as { seed: number };
    return {
      seed,
      fields: { experiment: experiment.name, ...numbersOf, ...(plot === undefined ? {} : { plot }) },
    };
  },
};

function experimentOf(name: string): Experiment {
  const found = experiments.find((experiment) => experiment.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `there is no experiment "${name}"${suggestion(name, names)}, expected one of ${names.join(", ")}.`,
  );
}

/** An option that the experiment does not know would be ignored in silence. */
function refuseForeign({ name, flags }: Experiment, given: Record<string, unknown>): void {
  const kebab = (flag: string): string =>
    `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  for (const flag of Object.keys(given)) {
    if (flags.includes(flag)) continue;
    throw new UsageError(
      `experiment ${name} has no option ${kebab(flag)}, expected some of ${flags.map(kebab).join(", ")}; leave it out.`,
    );
  }
}

/** From flags to the library's options: batch-noise takes one network where local-minima takes some. */
function libraryOptions({ name }: Experiment, given: Record<string, unknown>): Record<string, unknown> {
  const { hidden, data, ...rest } = given as { hidden?: number[]; data?: DepthData };
  if (name === "batch-noise" && hidden !== undefined && hidden.length !== 1) {
    throw new UsageError(
      `--hidden is "${hidden.join(",")}", expected one number of units here, since batch-noise looks at one network; write for example --hidden 4.`,
    );
  }
  return {
    ...rest,
    ...(data === undefined ? {} : { data }),
    ...(hidden === undefined ? {} : { hidden: name === "batch-noise" ? hidden[0] : hidden }),
  };
}

function firstSeed({ seed = 0 }: Session): number {
  if (typeof seed === "number") return seed;
  throw new OptionError(
    "seed",
    `--seed is ${String(seed)}, expected at most 2^53 here, since other seeds are counted up from it; write for example --seed 1.`,
  );
}

/** Runs an experiment with its progress on stderr, until it is done or a signal comes. */
async function followed(
  { name, run }: Experiment,
  options: Record<string, unknown> & { seed: number },
  session: Session,
): Promise<Findings> {
  const shown = progress({ terminal: session.progress, quiet: session.quiet || session.json });
  const signal = session.stopSignal();
  const begun = performance.now();
  let parts = { done: 0, planned: 1 };
  try {
    return await run({
      ...options,
      signal,
      progress: ({ done, planned, text }) => {
        parts = { done, planned };
        shown.update({ done, planned, counted: done, unit: "runs", text }, () => []);
        shown.milestone(`${done}/${planned} ${text}`, done / planned);
      },
    });
  } catch (error) {
    const caught = session.caught();
    if (caught === undefined || !signal.aborted) throw error;
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    throw new InterruptedError(
      caught,
      `experiment ${name}: stopped by ${caught} after ${parts.done} of ${parts.planned} parts in ${seconds} s; nothing is saved. --quick makes it shorter.`,
    );
  } finally {
    shown.end();
  }
}
