/** Settings worth looking at; each shows one thing, with seeds that were tried. */
import type { DataSetting, LayerSetting, Setting, TrainerSetting } from "./types.ts";

export interface Preset {
  readonly id: string;
  readonly title: string;
  /** What is to be seen, in one sentence. */
  readonly sentence: string;
  readonly setting: Setting;
}

type Parts = Partial<Omit<Setting, "data" | "trainer">> & {
  data: Partial<DataSetting> & Pick<DataSetting, "kind">;
  trainer?: Partial<TrainerSetting>;
};

function setting({ data, trainer, ...rest }: Parts): Setting {
  return {
    version: 1,
    view: "playground",
    data: { rows: 200, noise: 0, interval: data.kind === "sine" ? [-3, 3] : [0, 1], ...data },
    hidden: layers("relu", 12, 12),
    output: null,
    init: null,
    loss: null,
    trainer: { method: "auto", learningRate: 0.1, epochs: 100, batchSize: 32, penalty: 0, ...trainer },
    seed: 1,
    start: null,
    step: 0,
    ...rest,
  };
}

function layers(activation: LayerSetting["activation"], ...units: number[]): LayerSetting[] {
  return units.map((count) => ({ units: count, activation }));
}

/** What a link leaves out. It must stay as it is, or old links would mean something else. */
export const blankSetting: Setting = setting({ data: { kind: "parabola" } });

export const presets: readonly Preset[] = [
  {
    id: "parabola",
    title: "x², half learnt",
    sentence:
      "Between 0 and 1, where the examples lie, the curve is nearly right already; left of 0 nobody told it.",
    setting: setting({ data: { kind: "parabola" }, step: 60 }),
  },
  {
    id: "saturated",
    title: "A saturated start",
    sentence:
      "All weights began between 0 and 1, so the last sigmoid gets numbers far above 0, its slope is about 0, and 2,000 steps have changed nothing.",
    setting: setting({
      data: { kind: "parabola" },
      output: "sigmoid",
      init: "document",
      trainer: { method: "gradientDescent", learningRate: 0.001, batchSize: 1, epochs: 50 },
      step: 2000,
    }),
  },
  {
    id: "dead-relu",
    title: "Dead units",
    sentence:
      "A few steps that were too long have pushed every ReLU below 0 for all examples: no gradient comes back, and the answer is one number for all.",
    setting: setting({
      data: { kind: "parabola" },
      hidden: layers("relu", 10),
      trainer: { method: "gradientDescent", learningRate: 0.5, batchSize: "full", epochs: 200 },
      seed: 0,
      step: 40,
    }),
  },
  {
    id: "overshoot",
    title: "Steps too long",
    sentence:
      "This learning rate leaps over the valley and back: the loss falls, springs up again, and never settles.",
    setting: setting({
      data: { kind: "parabola", interval: [-1, 1] },
      hidden: layers("tanh", 8),
      trainer: { method: "gradientDescent", learningRate: 0.7, batchSize: "full", epochs: 200 },
      seed: 0,
      step: 120,
    }),
  },
  {
    id: "spirals",
    title: "Spirals, by Armijo",
    sentence:
      "Two arms wound around each other: 3,000 steps whose sizes are searched tell all points apart, and nobody chose a learning rate.",
    setting: setting({
      data: { kind: "spirals", rows: 400 },
      hidden: layers("relu", 16, 16),
      trainer: { method: "armijo", batchSize: "full", epochs: 3000 },
      seed: 3,
    }),
  },
  {
    id: "xor",
    title: "Exclusive or",
    sentence: "No single line parts the corners; four units in the middle can.",
    setting: setting({
      data: { kind: "xor", rows: 200, noise: 0.1 },
      hidden: layers("tanh", 4),
      trainer: { method: "lbfgs", batchSize: "full", epochs: 60, penalty: 0.001 },
    }),
  },
  {
    id: "moons",
    title: "Two moons",
    sentence:
      "Two half rings that reach into each other, with noise: watch the border bend, and where it bends too far.",
    setting: setting({
      data: { kind: "moons", rows: 200, noise: 0.15 },
      hidden: layers("tanh", 8, 8),
      trainer: { epochs: 100 },
    }),
  },
  {
    id: "circle",
    title: "A disk in a ring",
    sentence: "Three units are enough: each draws one line, and together they fence the disk in.",
    setting: setting({
      data: { kind: "circle", rows: 200, noise: 0.05 },
      hidden: layers("tanh", 3),
      trainer: { method: "adam", learningRate: 0.03, epochs: 200 },
    }),
  },
];
