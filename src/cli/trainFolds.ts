/** `talweg train DATA --folds N`: cross-validation, which says how good such a network is and saves none. */
import type { Seed } from "../core/index.ts";
import { network } from "../network/index.ts";
import { chartFigure } from "../plot/index.ts";
import {
  type CrossValidation,
  crossValidate,
  crossValidateTable,
  type FoldScores,
  listScores,
} from "../train/index.ts";
import type { Outcome } from "./command.ts";
import { plural, short } from "./numbers.ts";
import { kebab } from "./optimizers.ts";
import { checkPlotPath, writePlot } from "./plotFile.ts";
import { foldsChart } from "./scoreFigures.ts";
import { crossValidationLines, scoreName } from "./scoreText.ts";
import { InterruptedError, type Session } from "./session.ts";
import { tableOptions } from "./tableLearning.ts";
import { inWords } from "./tableWords.ts";
import { isTableTraining, rowsToLearnFrom, trainingTable } from "./trainingTable.ts";
import { trainingData } from "./trainPlan.ts";
import { exampleSetup, type TrainFlags } from "./trainSetup.ts";
import { UsageError } from "./usage.ts";

/** Options that save something, or belong to one training. */
export const savingFlags: readonly string[] = [
  "out",
  "run",
  "runs",
  "resume",
  "checkpointEvery",
  "checkpointSeconds",
  "logEvery",
];

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
  const data = trainingData(name, flags);
  const given = savingFlags.find((option) => flags[option] !== undefined);
  if (given !== undefined) {
    throw new UsageError(
      `${kebab(given)} is given with --folds, which trains a network for each fold and saves none; leave one of them out.`,
    );
  }
  await checkPlotPath(plot);
  const signal = session.stopSignal();
  const seed: Seed = session.seed ?? 0;
  const onFold = (fold: FoldScores): void => session.note(foldLine(fold, folds));
  const asked = { data, flags: kept, seed, folds, onFold, signal };
  const isTable = isTableTraining(data, kept);
  const found = await (isTable ? tableFolds(asked, session) : exampleFolds(asked)).catch((error: unknown) => {
    const caught = session.caught();
    if (caught === undefined) throw error;
    throw new InterruptedError(
      caught,
      `stopped by ${caught}; cross-validation saves nothing; fewer --folds or --epochs make it shorter.`,
    );
  });
  session.say(
    session.out.bold(`${plural(found.rows, "example")} of ${data}, ${plural(found.folds.length, "fold")}`),
  );
  for (const line of crossValidationLines(found, session.out.columns())) session.say(line);
  if (plot !== undefined) {
    await writePlot(plot, await chartFigure(foldsChart(found, `Cross-validation on ${data}`)));
    session.say(`\nplot   ${plot}`);
  }
  return { seed, fields: { ...found, ...(plot === undefined ? {} : { plot }) } };
}

/** What is to be cross-validated. */
interface Asked {
  data: string;
  flags: TrainFlags;
  seed: Seed;
  folds: number;
  onFold: (fold: FoldScores) => void;
  signal: AbortSignal;
}

function exampleFolds({ data: name, flags, seed, folds, onFold, signal }: Asked): Promise<CrossValidation> {
  const { data, model, options } = exampleSetup(name, flags, seed);
  const { layers, precision } = model;
  return crossValidate(() => network(layers, { seed, precision }), data, {
    ...options,
    folds,
    onFold,
    stop: { ...options.stop, signal },
  });
}

/** Columns become numbers anew in each fold, from its training rows alone. */
async function tableFolds(
  { data, flags, seed, folds, onFold, signal }: Asked,
  session: Session,
): Promise<CrossValidation> {
  if (flags.stream === true) {
    throw new UsageError(
      "--stream is given with --folds, which needs all rows in memory; leave one of them out.",
    );
  }
  const source = await trainingTable(data, flags);
  const table = await rowsToLearnFrom(source);
  const { stop, ...options } = tableOptions(flags, table.names, seed);
  session.note(`${source.name}: ${plural(table.rows, "row")}, ${plural(table.names.length, "column")}`);
  try {
    return await crossValidateTable(table, { ...options, folds, onFold, stop: { ...stop, signal } });
  } catch (error) {
    throw inWords(error);
  }
}

function foldLine({ fold, rows, epochs, scores }: FoldScores, folds: number): string {
  const first = listScores(scores)[0]!;
  const value = first.value === null ? "unknown" : short(first.value);
  return `fold ${fold} of ${folds}: ${plural(epochs, "epoch")}, ${scoreName(first.name)} ${value} on ${plural(rows, "example")}`;
}
