/** `talweg train DATA --folds N`: cross-validation, which says how good such a network is and saves none. */
import type { Seed } from "../core/index.ts";
import { network } from "../network/index.ts";
import { chartFigure } from "../plot/index.ts";
import { crossValidate, type FoldScores, listScores } from "../train/index.ts";
import type { Outcome } from "./command.ts";
import { checkDataName } from "./dataOptions.ts";
import { plural, short } from "./numbers.ts";
import { kebab } from "./optimizers.ts";
import { checkPlotPath, writePlot } from "./plotFile.ts";
import { foldsChart } from "./scoreFigures.ts";
import { crossValidationLines, scoreName } from "./scoreText.ts";
import { InterruptedError, type Session } from "./session.ts";
import { type TrainFlags, trainSetup } from "./trainSetup.ts";
import { UsageError } from "./usage.ts";

/** What saves something, or belongs to one training. */
const refused = ["out", "run", "runs", "resume", "checkpointEvery", "checkpointSeconds", "logEvery"];

/** @throws {UsageError} When no data are named, or an option belongs to a training that is saved. */
export async function trainFolds(
  name: string | undefined,
  flags: Record<string, unknown>,
  session: Session,
): Promise<Outcome> {
  const {
    folds,
    plot,
    quietSteps: _,
    ...kept
  } = flags as TrainFlags & {
    folds: number;
    plot?: string;
    quietSteps?: boolean;
  };
  if (name === undefined) {
    throw new UsageError("train: no data are named; write for example talweg train moons --folds 5.");
  }
  checkDataName(name);
  const given = refused.find((option) => flags[option] !== undefined);
  if (given !== undefined) {
    throw new UsageError(
      `${kebab(given)} is given with --folds, which trains a network for each fold and saves none; leave one of them out.`,
    );
  }
  await checkPlotPath(plot);
  const signal = session.stopSignal();
  const seed: Seed = session.seed ?? 0;
  const { data, model, options } = trainSetup(name, kept, seed);
  const { layers, precision } = model;
  const onFold = (fold: FoldScores): void => session.note(foldLine(fold, folds));
  const found = await crossValidate(() => network(layers, { seed, precision }), data, {
    ...options,
    folds,
    onFold,
    stop: { ...options.stop, signal },
  }).catch((error: unknown) => {
    const caught = session.caught();
    if (caught === undefined) throw error;
    throw new InterruptedError(
      caught,
      `stopped by ${caught}; cross-validation saves nothing; fewer --folds or --epochs make it shorter.`,
    );
  });
  session.say(
    session.out.bold(`${plural(data.rows, "example")} of ${name}, ${plural(found.folds.length, "fold")}`),
  );
  for (const line of crossValidationLines(found, session.out.columns())) session.say(line);
  if (plot !== undefined) {
    await writePlot(plot, await chartFigure(foldsChart(found, `Cross-validation on ${name}`)));
    session.say(`\nplot   ${plot}`);
  }
  return { seed, fields: { ...found, ...(plot === undefined ? {} : { plot }) } };
}

function foldLine({ fold, rows, epochs, scores }: FoldScores, folds: number): string {
  const first = listScores(scores)[0]!;
  const value = first.value === null ? "unknown" : short(first.value);
  return `fold ${fold} of ${folds}: ${plural(epochs, "epoch")}, ${scoreName(first.name)} ${value} on ${plural(rows, "example")}`;
}
