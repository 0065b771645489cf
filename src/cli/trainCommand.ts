/** `talweg train`: trains a network, shows how it goes, and saves what came out. */
import type { Command } from "commander";
import type { Network } from "../network/index.ts";
import { saveModel } from "../node/index.ts";
import { evaluate, type TrainResult, type TrainState } from "../train/index.ts";
import type { CommandSpec, Outcome } from "./command.ts";
import { dataFlagsOf } from "./dataOptions.ts";
import { doneRun, tellDone } from "./doneRun.ts";
import { lossCurve } from "./lossCurve.ts";
import { checkExtension, checkModelPath, MODEL_FORMATS } from "./outputs.ts";
import { checkPlotPath, writePlot } from "./plotFile.ts";
import { InterruptedError, type Session } from "./session.ts";
import { readingFlagsOf } from "./tableOptions.ts";
import { repeatCommand, tableSetup } from "./tableTraining.ts";
import { trainFolds } from "./trainFolds.ts";
import { isTableTraining } from "./trainingTable.ts";
import { type Keeper, keeperFor } from "./trainKeeper.ts";
import { configureTrain } from "./trainOptions.ts";
import { planOf, type TrainPlan } from "./trainPlan.ts";
import { summary, trainFigure } from "./trainReport.ts";
import { type TrainSetup, trainSetup } from "./trainSetup.ts";
import type { SavedRun } from "./trainState.ts";
import { trainView } from "./trainView.ts";

export const trainCommand: CommandSpec = {
  name: "train",
  configure: (command: Command) => configureTrain(command),
  async run([data], flags, session): Promise<Outcome> {
    // Commander sets what a --no option denies.
    if (flags.shuffle === true) delete flags.shuffle;
    if (flags.folds !== undefined) return trainFolds(data, flags, session);
    const done = doneRun(data, flags, session.seed);
    if (done !== undefined) return tellDone(done, session);
    const plan = planOf(data, flags, session.seed);
    const keeper = keeperFor(plan, session);
    try {
      checkOut(plan);
      await checkPlotPath(plan.plot);
      return await train(plan, session, keeper, flags.quietSteps === true);
    } catch (error) {
      keeper.failed(error);
      throw error;
    } finally {
      keeper.close();
    }
  },
};

/** @throws {TalwegError} When the model cannot be written; a folder that is still to be made is not looked at. */
function checkOut({ out, run }: TrainPlan): void {
  if (run === undefined || run.out !== null || run.folder !== undefined) checkModelPath(out);
  else checkExtension("--out", out, MODEL_FORMATS);
}

async function train(
  plan: TrainPlan,
  session: Session,
  keeper: Keeper,
  quietSteps: boolean,
): Promise<Outcome> {
  const signal = session.stopSignal();
  const setup = await setupOf(plan, session);
  const { model, options } = setup;
  const curve = plan.saved?.curve ?? lossCurve();
  const validation = plan.saved?.validation ?? { steps: [], losses: [] };
  const onCheckpoint = (state: TrainState): void => {
    const caught = session.caught();
    if (caught === undefined && !keeper.periodic) return;
    const path = keeper.save(model, savedRun(plan, setup, { curve, validation, train: state }));
    if (caught === undefined) return;
    throw new InterruptedError(
      caught,
      `stopped by ${caught} after step ${state.step}; the state is saved in ${path}.\nGo on with: ${keeper.goOn}`,
      { checkpoint: path, steps: state.step, ...keeper.fields },
    );
  };
  const view = trainView(session, setup, options, {
    curve,
    validation,
    quietSteps,
    begun: plan.saved?.train.step ?? 0,
  });
  let result: TrainResult | undefined;
  try {
    const resume = plan.saved === undefined ? {} : { resume: plan.saved.train };
    const running = {
      ...options,
      ...keeper.often,
      ...resume,
      onCheckpoint,
      stop: { ...options.stop, signal },
    };
    for await (const event of setup.events(model, running)) {
      if (event.event === "result") {
        result = withoutName(event);
        continue;
      }
      view.show(event);
      if (event.event === "start") keeper.begin(model, setup.sha256(), event);
      else keeper.add(event);
    }
  } finally {
    view.end();
  }
  const done = { model, result: result as TrainResult, setup, curve, validation };
  return finish(plan, session, keeper, done);
}

function withoutName({ event: _event, ...result }: { event: string } & TrainResult): TrainResult {
  return result;
}

/** Data of any sort, with what learns from them. */
function setupOf(plan: TrainPlan, session: Session): TrainSetup | Promise<TrainSetup> {
  if (isTableTraining(plan.data, plan.flags)) return tableSetup(plan, session);
  return trainSetup(plan.data, plan.flags, plan.seed, plan.model);
}

function savedRun(
  plan: TrainPlan,
  { table, sha256 }: TrainSetup,
  { curve, validation, train: state }: Pick<SavedRun, "curve" | "validation" | "train">,
): SavedRun {
  const { data, flags, seed, out, plot } = plan;
  return {
    kind: "talweg train",
    data,
    flags,
    seed,
    out,
    plot: plot ?? null,
    curve,
    validation,
    train: state,
    ...(table === undefined ? {} : { tableSha256: sha256() }),
  };
}

export interface Finished {
  model: Network;
  result: TrainResult;
  setup: TrainSetup;
  curve: SavedRun["curve"];
  validation: SavedRun["validation"];
}

async function finish(plan: TrainPlan, session: Session, keeper: Keeper, done: Finished): Promise<Outcome> {
  const { model, result, setup } = done;
  const { test, table } = setup;
  const tested = test === undefined ? undefined : evaluate(model, test, testOptions(plan));
  // What the model was trained on goes into its file, so that it can be tested on the same data.
  model.metadata.options = {
    ...model.metadata.options,
    data: {
      name: plan.data,
      ...dataFlagsOf(plan.flags),
      // By it evaluate knows rows that were learned from.
      ...(table === undefined ? {} : { ...readingFlagsOf(plan.flags), sha256: setup.sha256() }),
    },
    ...(table === undefined ? {} : { command: repeatCommand(plan, table) }),
  };
  const scores = table?.scores(model);
  const trainingScores = table?.trainingScores(model);
  const { reason, failure } = result;
  // Where no step was good there is nothing to save, and there may be a good model of that name.
  const saved = failure === undefined || result.steps > 0;
  if (saved) saveModel(model, plan.out);
  if (plan.plot !== undefined) await writePlot(plan.plot, await trainFigure(plan, done));
  const { accuracy, ...metrics } = tested?.metrics ?? {};
  const fields = {
    ...result,
    ...(tested === undefined ? {} : { testLoss: tested.loss }),
    ...(accuracy === undefined ? {} : { testAccuracy: accuracy }),
    ...(Object.keys(metrics).length === 0 ? {} : { testMetrics: metrics }),
    ...(table === undefined ? {} : { scores: scores ?? null, refusedRows: table.refused() }),
    ...(trainingScores === undefined ? {} : { trainingScores }),
    ...(saved ? { model: plan.out } : {}),
    ...(plan.plot === undefined ? {} : { plot: plan.plot }),
  };
  keeper.done(fields);
  for (const line of summary(plan, done, { tested, scores, trainingScores }, saved, session))
    session.say(line);
  if (failure !== undefined) {
    const what = saved ? "The last good parameters are saved." : "Nothing is saved, since no step was good.";
    session.note(`talweg: ${failure.message} ${what}`);
  }
  return {
    seed: plan.seed,
    fields: { ...fields, ...keeper.fields },
    exitCode: reason === "notFinite" ? 1 : 0,
  };
}

function testOptions({ flags }: TrainPlan): { metrics?: string[] } {
  return flags.metrics === undefined ? {} : { metrics: flags.metrics };
}
