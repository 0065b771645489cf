/** `talweg linesearch`: one line search in full, as a table and a figure. */
import type { Command } from "commander";
import { explainLineSearch, type LineSearchOptions, type SearchName } from "../explain/index.ts";
import type { CommandSpec } from "./command.ts";
import { linesearchFigure } from "./linesearchFigure.ts";
import { linesearchText } from "./linesearchText.ts";
import { number, numbers, oneOf } from "./parse.ts";
import { checkPlotPath, writePlot } from "./plotFile.ts";
import { configureTarget, targetOf } from "./target.ts";

const searches: readonly SearchName[] = ["armijo", "goldstein", "wolfe"];

const HELP = `
A model begins at its own parameters, a function at --at.

Examples:
  talweg linesearch --function rosenbrock --at -1.2,1 --plot search.svg
  talweg linesearch --function quadratic --condition 10 --at 1,1 --c1 0.1 --search wolfe
  talweg linesearch parabola.safetensors parabola`;

export const linesearchCommand: CommandSpec = {
  name: "linesearch",
  configure(command) {
    command.description(
      "Search one step along a direction and show every trial, what was allowed, and which steps would have been.",
    );
    configureTarget(command);
    configureSearch(command);
    command.addHelpText("after", HELP);
  },
  async run(operands, flags, session) {
    const plot = flags.plot as string | undefined;
    await checkPlotPath(plot);
    const target = await targetOf(operands, flags, session);
    const found = explainLineSearch(target.objective, target.start, searchOptions(flags));
    if (plot !== undefined) await writePlot(plot, await linesearchFigure(found, target.label));
    for (const line of linesearchText(found, target.label, session.out)) session.say(line);
    return { seed: target.seed, fields: { ...found, ...(plot === undefined ? {} : { plot }) } };
  },
};

function configureSearch(command: Command): void {
  command
    .option("--search <name>", `${searches.join(", ")}; armijo by default`, oneOf("--search", searches))
    .option(
      "--direction <numbers>",
      "along which to search; by default minus the gradient",
      numbers("--direction", "1,0"),
    )
    .option("--initial <step>", "first trial; 1 by default", number("--initial", 1))
    .option(
      "--c1 <share>",
      "share of the promised decrease; 1e-4 by default, for goldstein 0.25",
      number("--c1", 1e-4),
    )
    .option("--c2 <share>", "for wolfe: share of the slope that may be left; 0.9", number("--c2", 0.9))
    .option("--shrink <factor>", "for armijo: from one trial to the next; 0.5", number("--shrink", 0.5))
    .option("--max-trials <count>", "trials of the search; 40 by default", number("--max-trials", 40))
    .option("--samples <count>", "steps at which f is looked at; 200 by default", number("--samples", 200))
    .option("--plot <file>", "f along the direction, bound and trials: .svg or .png");
}

const names = ["search", "direction", "initial", "c1", "c2", "shrink", "maxTrials", "samples"];

function searchOptions(flags: Record<string, unknown>): LineSearchOptions {
  return Object.fromEntries(
    names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  ) as LineSearchOptions;
}
