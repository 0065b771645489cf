/**
 * A setting from anywhere, looked through: links are made by strangers.
 *
 * What comes back has the known fields only, each within its limits, and the network, loss and data go together. The same
 * part that was checked before is known by its identity and not looked through again.
 */
import { activationNames, initNames, lossNames, OptionError } from "talweg";
import { checkData } from "./checkData.ts";
import { choice, fields, oneOrNull, real, refuse, shown, whole } from "./checks.ts";
import { datasetOf } from "./datasetOf.ts";
import { limits } from "./limits.ts";
import { networkOf, startOf } from "./networkOf.ts";
import { checkTraining, plannedSteps } from "./training.ts";
import type { LayerSetting, Setting, TrainerSetting, View } from "./types.ts";

const views: readonly View[] = ["playground", "digits"];
const methods: readonly TrainerSetting["method"][] = [
  "auto",
  "guess",
  "perturb",
  "gradientDescent",
  "armijo",
  "momentum",
  "adam",
  "lbfgs",
  "stochasticArmijo",
];
/** Softmax mixes the units of a layer, which only makes sense at the end. */
const hiddenActivations = activationNames.filter((name) => name !== "softmax");

const known = new WeakSet<Setting>();

/**
 * @returns A setting that the library takes as it is.
 * @throws {OptionError} With the field to blame, what it was, what is expected and how to mend it.
 * @throws {DataError | ShapeError} When drawn points or a table cannot be learnt from.
 */
export function checkSetting(given: unknown): Setting {
  if (known.has(given as Setting)) return given as Setting;
  const { version, view, data, hidden, output, init, loss, trainer, seed, start, step } = fields(
    "setting",
    given,
  );
  if (version !== 1) {
    throw new OptionError(
      "version",
      `setting: version is ${shown(version)}, expected 1, the only one that this page reads; open the link in the page that made it.`,
    );
  }
  const setting: Setting = {
    version,
    view: choice("view", view, views),
    data: checkData(data),
    hidden: checkHidden(hidden),
    output: oneOrNull("output", output, activationNames),
    init: oneOrNull("init", init, initNames),
    loss: oneOrNull("loss", loss, lossNames),
    trainer: checkTrainer(trainer),
    seed: whole("seed", seed, limits.seed),
    start: start === null ? null : text("start", start),
    step: whole("step", step, [0, Number.MAX_SAFE_INTEGER]),
  };
  checkTogether(setting);
  known.add(setting);
  return setting;
}

function checkHidden(given: unknown): LayerSetting[] {
  if (!Array.isArray(given) || given.length > limits.layers) {
    throw refuse("hidden", given, `a list of at most ${limits.layers} hidden layers`, "take layers out");
  }
  return Array.from(given, (layer: unknown, i) => {
    const name = `hidden layer ${i + 1}`;
    const { units, activation } = fields(name, layer);
    return {
      units: whole(`${name}: units`, units, limits.units),
      activation: choice(`${name}: activation`, activation, hiddenActivations),
    };
  });
}

function checkTrainer(given: unknown): TrainerSetting {
  const { method, learningRate, epochs, batchSize, penalty } = fields("trainer", given);
  return {
    method: choice("method", method, methods),
    learningRate: real("learningRate", learningRate, limits.learningRate),
    epochs: whole("epochs", epochs, limits.epochs),
    batchSize: batchSize === "full" ? batchSize : whole("batchSize", batchSize, limits.batchSize),
    penalty: real("penalty", penalty, limits.penalty),
  };
}

function text(name: string, given: unknown): string {
  // A number of float32 takes six characters at most.
  if (typeof given === "string" && given.length <= 60_000) return given;
  throw refuse(name, given, "float32 numbers as base64url text, or null", "copy the link again");
}

/** @throws {TalwegError} When parts that are right by themselves do not go together. */
function checkTogether(setting: Setting): void {
  const data = datasetOf(setting, "train");
  datasetOf(setting, "test");
  const n = networkOf(setting, data);
  startOf(setting, n);
  checkTraining(setting, n, data);
  const steps = plannedSteps(setting, data.rows);
  if (setting.step <= steps) return;
  throw new OptionError(
    "step",
    `setting: step is ${setting.step}, expected at most ${steps}, the steps of ${setting.trainer.epochs} epochs; ` +
      "take fewer steps or more epochs.",
  );
}
