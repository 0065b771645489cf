import { evaluate, network, objective, parametersSha256, train } from "talweg";
import { expect, test } from "vitest";
import { localEngine } from "../../lab/engine/local.ts";
import type { EngineListener, MakeEngine } from "../../lab/engine/protocol.ts";
import { floatsToText } from "../../lab/state/bits.ts";
import { datasetOf, networkOf, presets, trainOptions, withoutUnit } from "../../lab/state/setting.ts";
import type { Setting } from "../../lab/state/types.ts";
import { at, opened, setTrainer, small, still, until } from "./stateMaterial.ts";

test("a new lab shows what the seed says, and the hash of the library for it", () => {
  const lab = opened();
  const n = networkOf(small, datasetOf(small, "train"));
  expect(lab.parameters()).toEqual(n.parameters);
  expect(lab.network().parameters).toEqual(n.parameters);
  expect(lab.measures().hash).toBe(parametersSha256(n).slice(0, 8));
  expect(lab.setting()).toEqual(small);
  expect(lab.progress()).toMatchObject({ status: "idle", step: 0, steps: 300, epoch: 0, message: "" });
});

test("playing trains to the end, to the bits of the library", async () => {
  const lab = opened();
  lab.play();
  expect(lab.progress().status).toBe("running");
  await still(lab);
  expect(lab.progress()).toMatchObject({ status: "ended", step: 300, epoch: 50 });
  const data = datasetOf(small, "train");
  const n = networkOf(small, data);
  const result = await train(n, data, trainOptions(small));
  expect(lab.measures().hash).toBe(result.parametersSha256.slice(0, 8));
  expect(lab.measures().loss).toBe(result.loss);
  expect(lab.progress().exampleEvaluations).toBe(result.exampleEvaluations);
  expect(lab.runs().at(-1)!.steps).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
  expect(lab.setting().step).toBe(300);
});

test("measures are those of the library for the parameters on show", async () => {
  const lab = opened({ ...small, data: { ...small.data, kind: "moons", noise: 0.1 } });
  await at(lab, 40);
  const n = lab.network();
  const g = new Float32Array(n.parameterCount);
  const loss = objective(n, lab.loss(), lab.dataset()).gradient(lab.parameters(), g);
  const norm = (from: number, to: number): number =>
    Math.sqrt(g.subarray(from, to).reduce((sum, x) => sum + x * x, 0));
  const test = evaluate(n, lab.testset(), { loss: lab.loss() });
  expect(lab.measures()).toEqual({
    loss,
    testLoss: test.loss,
    accuracy: evaluate(n, lab.dataset(), { loss: lab.loss() }).metrics.accuracy,
    testAccuracy: test.metrics.accuracy,
    gradientNorms: [norm(0, 12), norm(12, 17)],
    hash: parametersSha256(n).slice(0, 8),
  });
});

test("time travel comes back to the same bits, and says where it is", async () => {
  const lab = opened();
  const [a, b, c] = [await at(lab, 20), await at(lab, 150), await at(lab, 299)];
  expect(await at(lab, 20)).toBe(a);
  expect(await at(lab, 299)).toBe(c);
  expect(await at(lab, 150)).toBe(b);
  const { steps } = lab.runs().at(-1)!;
  expect(steps).toEqual(Array.from({ length: 299 }, (_, i) => i + 1));
  lab.stepBy("step", -1);
  lab.stepBy("step", -1);
  await until(() => lab.progress().step === 148);
  lab.stepBy("epoch", 1);
  await until(() => lab.progress().step === 150);
  expect(floatsToText(lab.parameters())).toBe(b);
  lab.stepBy("epoch", -1);
  await until(() => lab.progress().step === 144);
  lab.reset();
  await until(() => lab.progress().step === 0);
  expect(floatsToText(lab.parameters())).toBe(
    floatsToText(networkOf(small, lab.dataset()).parameters as Float32Array),
  );
});

test("a setting with a step is replayed to it", async () => {
  const lab = opened({ ...small, step: 77 });
  expect(lab.setting().step).toBe(77);
  expect(lab.progress().status).toBe("replaying");
  await still(lab);
  expect(lab.progress()).toMatchObject({ status: "idle", step: 77 });
  expect(floatsToText(lab.parameters())).toBe(await at(opened(), 77));
});

test("a replay that is paused stays at the start; one that failed goes on with play", async () => {
  const lab = opened({ ...small, step: 77 });
  lab.pause();
  expect(lab.setting().step).toBe(0);
  expect(lab.progress()).toMatchObject({ status: "idle", step: 0 });
  let listener: EngineListener | undefined;
  const engine: MakeEngine = (given) => {
    listener = given;
    return localEngine(given);
  };
  const other = opened({ ...small, step: 77 }, { engine });
  listener!.died("gone");
  expect(other.progress().status).toBe("failed");
  expect(other.setting().step).toBe(77);
  other.play();
  await until(() => other.progress().step === 77);
  expect(other.progress().status).toBe("idle");
});

test("a weight that is set begins a run from there, and the old one is kept", async () => {
  const lab = opened();
  await at(lab, 30);
  const before = lab.parameters();
  lab.setParameter(2, 0.5, "drag");
  expect(lab.parameters()[2]).toBe(0.5);
  expect(before[2]).not.toBe(0.5);
  expect(lab.network().parameters[2]).toBe(0.5);
  expect(lab.progress()).toMatchObject({ status: "idle", step: 0 });
  expect(lab.setting()).toEqual({ ...small, start: floatsToText(lab.parameters()) });
  expect(lab.undoLabel()).toBe("weight W1[0,2]");
  expect(lab.runs().map(({ live, label }) => [live, label])).toEqual([
    [false, "Adam 0.01, batch 7"],
    [true, "Adam 0.01, batch 7"],
  ]);
  lab.setParameter(2, 0.75, "drag");
  lab.undo();
  expect(lab.parameters()).toEqual(before);
  expect(lab.progress().step).toBe(30);
  expect(lab.runs()).toHaveLength(1);
  lab.redo();
  expect(lab.parameters()[2]).toBe(0.75);
  expect(lab.redoLabel()).toBeNull();
});

test("numbers that no weight can have are not taken", () => {
  const lab = opened();
  for (const [index, value] of [
    [0, Number.NaN],
    [0, 1e39],
    [-1, 1],
    [99, 1],
    [0.5, 1],
  ] as const) {
    lab.setParameter(index, value, "typed");
  }
  expect(lab.setting()).toEqual(small);
  expect(lab.undoLabel()).toBeNull();
});

test("dragging while the run plays pauses it", async () => {
  const lab = opened();
  lab.setSpeed(1);
  lab.play();
  await until(() => lab.progress().step > 3);
  lab.setParameter(0, 1, "drag");
  const { status, step } = lab.progress();
  expect({ status, step }).toEqual({ status: "idle", step: 0 });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(lab.progress().step).toBe(0);
});

test("what comes late from a run that was left is not taken for the new one", async () => {
  const lab = opened();
  lab.play();
  lab.setParameter(0, 1, "drag");
  const setting = lab.setting();
  lab.play();
  await until(() => lab.progress().step > 0);
  lab.pause();
  const { step } = lab.progress();
  expect(floatsToText(lab.parameters())).toBe(await at(opened(setting), step));
});

test("speed says how many steps a frame takes", async () => {
  const lab = opened();
  lab.setSpeed(3);
  lab.play();
  const seen = new Set<number>();
  await until(() => {
    seen.add(lab.progress().step);
    return lab.progress().step >= 30;
  });
  lab.pause();
  const steps = [...seen];
  // Where a machine is busy, a frame's time may be over before.
  expect(steps.every((step, i) => i === 0 || step - steps[i - 1]! <= 3)).toBe(true);
  expect(lab.progress().status).toBe("idle");
});

test("another trainer goes on from the parameters on show; other data or another seed begin anew", async () => {
  const lab = opened();
  await at(lab, 25);
  const shown = floatsToText(lab.parameters());
  setTrainer(lab, { learningRate: 0.1 });
  expect(lab.setting()).toMatchObject({ start: shown, step: 0 });
  expect(floatsToText(lab.parameters())).toBe(shown);
  lab.change({ label: "seed", edit: (s) => ({ ...s, seed: 4 }) });
  expect(lab.setting()).toMatchObject({ start: null, step: 0, seed: 4 });
  lab.change({ label: "data", edit: (s) => ({ ...s, data: { ...s.data, kind: "spirals" } }) });
  expect(lab.network().inputs).toBe(2);
  expect(lab.dataset().inputs).toBe(2);
  expect(lab.loss()).toBe("binaryCrossEntropy");
});

test("before the first step there is nothing to keep, so that the run stays that of its seed", () => {
  const lab = opened();
  setTrainer(lab, { method: "armijo", batchSize: "full" });
  lab.change({
    label: "layer",
    edit: (s) => ({ ...s, hidden: [...s.hidden, { units: 2, activation: "relu" }] }),
  });
  expect(lab.setting().start).toBeNull();
  const { layers } = lab.network();
  expect(lab.parameters()).toEqual(network(layers, { seed: 3 }).parameters);
});

test("weights that survive a change of layers are kept, new ones come from the seed", async () => {
  const lab = opened();
  await at(lab, 10);
  const before = lab.parameters();
  const widened = (units: number) => (s: Setting) => ({
    ...s,
    hidden: [{ units, activation: "tanh" as const }],
  });
  lab.change({ label: "wider", edit: widened(5) });
  const after = lab.network();
  const fresh = network(after.layers, { seed: 3 });
  expect(after.weights(1).subarray(0, 4)).toEqual(before.subarray(0, 4));
  expect(after.weights(1)[4]).toBe(fresh.weights(1)[4]);
  expect(after.weights(2).subarray(0, 4)).toEqual(before.subarray(8, 12));
  expect(after.biases(2)[0]).toBe(before[12]);
  lab.change({ label: "narrower", edit: widened(4) });
  expect(lab.parameters()).toEqual(before);
  lab.change({
    label: "deeper",
    edit: (s) => ({ ...s, hidden: [...s.hidden, { units: 4, activation: "tanh" }] }),
  });
  expect(lab.network().weights(1)).toEqual(before.slice(0, 4));
  lab.change({ label: "shallower", edit: (s) => ({ ...s, hidden: s.hidden.slice(0, 1) }) });
  expect(lab.network().weights(1)).toEqual(before.slice(0, 4));
});

test("a layer that goes takes its own weights with it, and those on both sides stay", async () => {
  const layer = (units: number) => ({ units, activation: "tanh" as const });
  const lab = opened({ ...small, hidden: [layer(4), layer(3), layer(4), layer(2)] });
  await at(lab, 10);
  const before = [1, 4, 5].map((i) => Array.from(lab.network().weights(i)));
  lab.change({ label: "less", edit: (s) => ({ ...s, hidden: s.hidden.toSpliced(1, 1) }) });
  const after = [1, 3, 4].map((i) => Array.from(lab.network().weights(i)));
  expect(after).toEqual(before);
});

test("one unit can be taken out with its weights alone", async () => {
  const lab = opened();
  await at(lab, 10);
  const n = lab.network();
  const [w1, b1, w2] = [n.weights(1).slice(), n.biases(1).slice(), n.weights(2).slice()];
  const start = floatsToText(withoutUnit(n, lab.parameters(), 1, 1));
  lab.change({
    label: "unit",
    edit: (s) => ({ ...s, hidden: [{ units: 3, activation: "tanh" }], start }),
  });
  const without = (v: ArrayLike<number>): number[] => Array.from(v).filter((_, i) => i !== 1);
  expect(Array.from(lab.network().weights(1))).toEqual(without(w1));
  expect(Array.from(lab.network().biases(1))).toEqual(without(b1));
  expect(Array.from(lab.network().weights(2))).toEqual(without(w2));
});

test("a preset is taken as it stands, whatever was there before", async () => {
  const lab = opened();
  for (const { setting } of [...presets, ...presets]) {
    lab.change({ label: "preset", edit: () => setting });
    await still(lab);
    expect(lab.setting()).toEqual(setting);
  }
});

test("a change that cannot be is refused with the reason, and nothing has happened", () => {
  const lab = opened();
  setTrainer(lab, { learningRate: Number.NaN });
  expect(lab.progress().message).toMatch(/learningRate is NaN, expected a number from/);
  expect(lab.setting()).toEqual(small);
  expect(lab.undoLabel()).toBeNull();
  setTrainer(lab, { learningRate: 0.5 });
  expect(lab.progress().message).toBe("");
});

test("a loss that does not go with new data is left to them", () => {
  const lab = opened({
    ...small,
    data: { ...small.data, kind: "moons" },
    output: "sigmoid",
    loss: "binaryCrossEntropy",
  });
  lab.change({
    label: "data",
    edit: (s) => ({ ...s, data: { ...s.data, kind: "parabola", interval: [-2, 2] } }),
  });
  expect(lab.setting()).toMatchObject({ loss: null, output: "sigmoid" });
  expect(lab.loss()).toBe("meanSquaredError");
});

test("one step is walked operation by operation, forwards and backwards", async () => {
  const lab = opened();
  const passes: string[] = [];
  const walk = async (direction: 1 | -1): Promise<void> => {
    const before = lab.operation();
    lab.stepBy("operation", direction);
    await until(() => lab.operation() !== before);
    const { pass, layer } = lab.operation() ?? { pass: "none", layer: 0 };
    passes.push(`${lab.progress().step} ${pass} ${layer}`);
  };
  for (let i = 0; i < 7; i++) await walk(1);
  expect(passes).toEqual([
    "0 forward 1",
    "0 forward 2",
    "0 loss 2",
    "0 backward 2",
    "0 backward 1",
    "1 update 0",
    "1 forward 1",
  ]);
  const there = [...passes];
  passes.length = 0;
  for (let i = 0; i < 6; i++) await walk(-1);
  expect(passes).toEqual(there.slice(0, -1).reverse());
  await walk(-1);
  expect(lab.operation()).toBeNull();
});

test("points drawn by hand are all for training: there is no test set beside them, and no loss of one", () => {
  const points = Array.from({ length: 30 }, (_, i) => [i / 30, (i / 30) ** 2]);
  const lab = opened({ ...small, data: { ...small.data, kind: "drawn", rows: 30, points } });
  expect(lab.testset()).toBe(lab.dataset());
  expect(lab.measures().testLoss).toBeNull();
  lab.change({ label: "data", edit: (s) => ({ ...s, data: small.data }) });
  expect(lab.testset()).not.toBe(lab.dataset());
  expect(lab.measures().testLoss).not.toBeNull();
});
