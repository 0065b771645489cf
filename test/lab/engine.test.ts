import { dense, network, parametersSha256, train } from "talweg";
import { loadData } from "talweg/node";
import { describe, expect, test } from "vitest";
import { TrainingRun } from "../../lab/engine/run.ts";
import { floatsToText } from "../../lab/state/bits.ts";
import { presets } from "../../lab/state/presets.ts";
import {
  checkSetting,
  datasetOf,
  lossOf,
  networkOf,
  plannedSteps,
  trainOptions,
} from "../../lab/state/setting.ts";
import type { DataKind, Method, Setting } from "../../lab/state/types.ts";

const base = presets[0]!.setting;

function settingOf(kind: DataKind, method: Method, more: Partial<Setting["trainer"]> = {}): Setting {
  return checkSetting({
    ...base,
    data: { ...base.data, kind, rows: 60, noise: 0.05, interval: [-1, 1] },
    hidden: [
      { units: 5, activation: "tanh" },
      { units: 3, activation: "tanh" },
    ],
    trainer: { ...base.trainer, method, epochs: 6, batchSize: 16, learningRate: 0.05, ...more },
    seed: 7,
    step: 0,
  });
}

/** Of a run that went to a step at once, in frames of unlimited time. */
async function at(run: TrainingRun, step: number): Promise<string> {
  const frame = await run.frame({ from: step, most: 0, milliseconds: Infinity });
  expect(frame.arrived).toBe(true);
  return floatsToText(frame.parameters);
}

/** What the library makes of the same setting with `talweg train`'s words, stopped at a step. */
async function trained(setting: Setting, steps: number): Promise<string> {
  const data = datasetOf(setting, "train");
  const n = networkOf(setting, data);
  if (steps > 0) await train(n, data, { ...trainOptions(setting), stop: { steps } });
  return floatsToText(n.parameters as Float32Array);
}

const methods: [Method, Partial<Setting["trainer"]>][] = [
  ["auto", {}],
  ["adam", { penalty: 0.001 }],
  ["armijo", { batchSize: "full" }],
  ["lbfgs", {}],
  ["gradientDescent", {}],
  ["momentum", {}],
  ["stochasticArmijo", {}],
  ["guess", { batchSize: "full" }],
  ["perturb", {}],
];
const kinds: DataKind[] = ["parabola", "moons", "xor"];

describe.each(methods)("a run by %s", (method, more) => {
  test.each(kinds)("of %s has at each step the bits of the library's run stopped there", async (kind) => {
    const setting = settingOf(kind, method, more);
    const steps = plannedSteps(setting, 60);
    const run = new TrainingRun(setting, 3);
    for (const step of [1, 3, steps - 1, steps, steps - 2, 2, 5, 0, steps, steps - 1]) {
      expect(await at(run, step), `step ${step}`).toBe(await trained(setting, step));
    }
    await run.close();
  });
});

test("the last step of a run is the result of training, the challenger's parameters included", async () => {
  const setting = checkSetting({
    ...settingOf("circle", "auto", { epochs: 60, batchSize: 32 }),
    hidden: [{ units: 2, activation: "tanh" }],
  });
  const data = datasetOf(setting, "train");
  const n = networkOf(setting, data);
  const result = await train(n, data, trainOptions(setting));
  expect(result.challenger).toBeDefined();
  const run = new TrainingRun(setting);
  const frame = await run.frame({ from: 0, most: Infinity, milliseconds: Infinity });
  expect(frame.ended).toMatch(/L-BFGS/);
  expect(frame.mark.exampleEvaluations).toBe(result.exampleEvaluations);
  // Going to the last step is the same, with all that comes after it.
  const again = await new TrainingRun(setting).frame({ from: run.steps, most: 0, milliseconds: Infinity });
  expect({ ...again, losses: null }).toEqual({ ...frame, losses: null });
  expect(floatsToText(frame.parameters)).toBe(floatsToText(n.parameters as Float32Array));
});

test("a step that is not finite ends the run, and its number leads to the last good parameters", async () => {
  const setting = settingOf("parabola", "gradientDescent", {
    learningRate: 1e4,
    batchSize: "full",
    epochs: 50,
  });
  const linear = checkSetting({ ...setting, hidden: [{ units: 4, activation: "relu" }] });
  const run = new TrainingRun(linear);
  const end = await run.frame({ from: 0, most: Infinity, milliseconds: Infinity });
  expect(end.ended).toMatch(/^step 5: .* finite/);
  expect(end.mark.step).toBe(5);
  const data = datasetOf(linear, "train");
  const n = networkOf(linear, data);
  const result = await train(n, data, trainOptions(linear));
  expect(result.reason).toBe("notFinite");
  expect(floatsToText(end.parameters)).toBe(floatsToText(n.parameters as Float32Array));
  await run.frame({ from: 1, most: 0, milliseconds: Infinity });
  expect(await at(run, end.mark.step)).toBe(floatsToText(end.parameters));
  // The same from a link, which knows nothing of the end.
  expect(await at(new TrainingRun(linear), end.mark.step)).toBe(floatsToText(end.parameters));
});

test("small frames add up to the same run, and each step is told of once", async () => {
  const setting = settingOf("moons", "auto");
  const steps = plannedSteps(setting, 60);
  const run = new TrainingRun(setting);
  const seen: number[] = [];
  let from = 0;
  for (let frames = 0; from < steps && frames < 1000; frames++) {
    const { mark, losses } = await run.frame({ from, most: 5, milliseconds: 0 });
    seen.push(...losses.steps);
    from = mark.step;
  }
  expect(seen).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
  expect(await at(run, steps)).toBe(await trained(setting, steps));
});

test("a long way is gone in pieces, each of which says how far it has come", async () => {
  const setting = settingOf("spirals", "auto", { epochs: 400 });
  const run = new TrainingRun(setting);
  const goal = 1500;
  const first = await run.frame({ from: goal, most: 10, milliseconds: 1 });
  expect(first.arrived).toBe(false);
  expect(first.mark.step).toBeLessThan(goal);
  let frame = first;
  for (let i = 0; i < 10_000 && !frame.arrived; i++) {
    frame = await run.frame({ from: goal, most: 10, milliseconds: 5 });
  }
  expect(frame.mark.step).toBeGreaterThanOrEqual(goal);
  expect(await at(run, goal)).toBe(await trained(setting, goal));
});

test("training begins at the start of the setting, and an edited start gives another run", async () => {
  const setting = settingOf("parabola", "adam");
  const data = datasetOf(setting, "train");
  const start = networkOf(setting, data).parameters.slice() as Float32Array;
  start[3] = 0.25;
  const edited = checkSetting({ ...setting, start: floatsToText(start) });
  const n = networkOf(setting, data);
  n.parameters.set(start);
  await train(n, data, { ...trainOptions(edited), stop: { steps: 9 } });
  expect(await at(new TrainingRun(edited), 9)).toBe(floatsToText(n.parameters as Float32Array));
  expect(await at(new TrainingRun(setting), 9)).not.toBe(floatsToText(n.parameters as Float32Array));
});

test("data, network and loss are those of the command for the same words", async () => {
  const setting = settingOf("moons", "auto");
  const data = datasetOf(setting, "train");
  expect(data).toEqual(loadData("moons", { rows: 60, noise: 0.05, seed: 7, part: "train" }));
  const n = networkOf(setting, data);
  const layers = [dense(2, 5, "tanh"), dense(5, 3, "tanh"), dense(3, 1, "sigmoid")];
  expect(parametersSha256(n)).toBe(parametersSha256(network(layers, { seed: 7 })));
  await train(n, data, { ...trainOptions(setting), stop: { steps: 1 } });
  expect(n.metadata.loss).toBe(lossOf(setting, n, data));
});
