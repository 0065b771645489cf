/** `talweg runs`: the runs in a folder, what tells them apart, and their losses in one figure. */
import { type ChartOptions, chartFigure, type Mark } from "../plot/index.ts";
import type { CommandSpec } from "./command.ts";
import { plural } from "./numbers.ts";
import { words } from "./parse.ts";
import { checkPlotPath, writePlot } from "./plotFile.ts";
import { differing, type RunSummary, runsIn } from "./runSummary.ts";
import { runsText } from "./runsText.ts";
import { suggestion, UsageError } from "./usage.ts";

const FOLDER = "runs";
/** More curves than these cannot be told apart. */
const MOST_CURVES = 12;

const HELP = `
States: running, done, stopped (by Ctrl-C), failed, broken off (killed), unreadable.

Examples:
  talweg train moons --runs runs
  talweg train moons --runs runs --layers 4
  talweg runs runs --plot runs.svg
  talweg runs runs/first`;

export const runsCommand: CommandSpec = {
  name: "runs",
  configure(command) {
    command
      .description("List the runs in a folder and compare them.")
      .argument("[folder]", `where the runs are, or one run; ${FOLDER} by default`)
      .option("--only <names>", "of these runs only, with commas between", words)
      .option("--plot <file>", "the losses after each epoch, of all of them: .svg or .png")
      .addHelpText("after", HELP);
  },
  async run([folder = FOLDER], flags, session) {
    const plot = flags.plot as string | undefined;
    await checkPlotPath(plot);
    const runs = chosen(runsIn(folder), flags.only as string[] | undefined, folder);
    if (plot !== undefined) await writePlot(plot, await chartFigure(figureOf(runs, folder)));
    if (runs.length === 0) {
      session.say(`There is no run in ${folder}; begin one with talweg train DATA --runs ${folder}.`);
    } else for (const line of runsText(runs, folder, session.out)) session.say(line);
    if (plot !== undefined) session.say(`\nplot   ${plot}`);
    // The curves are in each run's metrics.jsonl, and would make this line as long as all of those.
    const told = runs.map(({ curve: _, ...run }) => run);
    const fields = {
      folder,
      runs: told,
      differing: differing(runs),
      ...(plot === undefined ? {} : { plot }),
    };
    return { seed: null, fields };
  },
};

function chosen(runs: RunSummary[], only: string[] | undefined, folder: string): RunSummary[] {
  if (only === undefined) return runs;
  return only.map((name) => {
    const found = runs.find((run) => run.name === name);
    if (found !== undefined) return found;
    const names = runs.map((run) => run.name);
    throw new UsageError(
      `--only names "${name}"${suggestion(name, names)}, but there is no such run in ${folder}; ` +
        `there ${names.length === 0 ? "is none" : `are ${names.join(", ")}`}.`,
    );
  });
}

/** Training in strong lines, validation in thin ones of the same color. */
function figureOf(runs: readonly RunSummary[], folder: string): ChartOptions {
  const drawn = runs.filter(({ curve }) => curve.epochs.length > 0);
  if (drawn.length === 0 || drawn.length > MOST_CURVES) {
    throw new UsageError(
      drawn.length === 0
        ? `--plot draws the loss after each epoch, but no run in ${folder} has finished one; leave it out.`
        : `--plot has room for ${MOST_CURVES} curves, but there are ${drawn.length} runs; choose some with --only NAME,NAME.`,
    );
  }
  const marks = drawn.flatMap(({ name, curve }, style): Mark[] => {
    const line = (losses: (number | null)[]) => losses.map((loss) => loss ?? Number.NaN);
    const strong: Mark = { kind: "line", name, x: curve.epochs, y: line(curve.losses), style };
    if (curve.validationLosses.every((loss) => loss === null)) return [strong];
    return [{ kind: "line", x: curve.epochs, y: line(curve.validationLosses), style, thin: true }, strong];
  });
  const losses = new Set(drawn.map(({ options }) => options.loss));
  const data = new Set(drawn.map((run) => run.data));
  const watched = drawn.some(({ curve }) => curve.validationLosses.some((loss) => loss !== null));
  return {
    title: `${plural(drawn.length, "run")}${data.size === 1 ? ` on ${[...data][0]}` : ` in ${folder}`}`,
    ...(watched ? { subtitle: "thin: the validation examples" } : {}),
    x: { label: "epoch", whole: true },
    y: {
      label: losses.size === 1 ? `loss (${[...losses][0]}, per example)` : "loss, per example",
      scale: "log",
    },
    marks,
  };
}
