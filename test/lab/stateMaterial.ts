/** A lab without a browser: the same code, the workers' parts in this thread. */
import fc from "fast-check";
import { activationNames, initNames, lossNames, TalwegError } from "talweg";
import { onTestFinished } from "vitest";
import { localEngine } from "../../lab/engine/local.ts";
import { createThinker, localMind } from "../../lab/engine/thinker.ts";
import { floatsToText } from "../../lab/state/bits.ts";
import { createLab, type Workers } from "../../lab/state/createLab.ts";
import { presets } from "../../lab/state/presets.ts";
import { checkSetting } from "../../lab/state/setting.ts";
import type { Lab, Setting } from "../../lab/state/types.ts";

/** Small and quick: 1-4-1 on 40 points of x², 6 steps an epoch. */
export const small: Setting = checkSetting({
  ...presets[0]!.setting,
  data: { kind: "parabola", rows: 40, noise: 0, interval: [-1, 1] },
  hidden: [{ units: 4, activation: "tanh" }],
  trainer: { method: "adam", learningRate: 0.01, epochs: 50, batchSize: 7, penalty: 0 },
  seed: 3,
  step: 0,
});

export function labIn(setting: Setting = small, workers: Workers = {}): Lab {
  return createLab(setting, { engine: localEngine, thinker: createThinker(localMind), ...workers });
}

/** Waits until something holds; the test's own limit ends it. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

export function still(lab: Lab): Promise<void> {
  return until(() => lab.progress().status !== "running" && lab.progress().status !== "replaying");
}

/** As `labIn`, closed when the test is over. */
export function opened(...given: Parameters<typeof labIn>): Lab {
  const lab = labIn(...given);
  onTestFinished(() => lab.close());
  return lab;
}

/** Goes to a step; the parameters there as text. */
export async function at(lab: Lab, step: number): Promise<string> {
  lab.goTo(step);
  await until(() => lab.progress().step === step && lab.progress().status !== "replaying");
  return floatsToText(lab.parameters());
}

export function setTrainer(lab: Lab, change: Partial<Setting["trainer"]>, merge?: string): void {
  lab.change({
    label: "trainer",
    ...(merge === undefined ? {} : { merge }),
    edit: (s) => ({ ...s, trainer: { ...s.trainer, ...change } }),
  });
}

const sometimes = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ arbitrary: fc.constant(null), weight: 6 }, { arbitrary: one, weight: 1 });

const float = fc.double({ min: -50, max: 50, noNaN: true });
const kinds = ["parabola", "sine", "xor", "circle", "moons", "spirals"] as const;

const computed = fc.record({
  kind: fc.constantFrom(...kinds),
  rows: fc.integer({ min: 4, max: 60 }),
  noise: fc.double({ min: 0, max: 1, noNaN: true }),
  interval: fc.tuple(fc.double({ min: -9, max: 0, noNaN: true }), fc.double({ min: 1, max: 9, noNaN: true })),
});

const drawn = fc.integer({ min: 1, max: 3 }).chain((inputs) =>
  fc.record({
    kind: fc.constantFrom("drawn" as const, "table" as const),
    rows: fc.constant(1),
    noise: fc.constant(0),
    interval: fc.constant([0, 1] as [number, number]),
    points: fc.array(fc.array(float, { minLength: inputs + 1, maxLength: inputs + 1 }), {
      minLength: 1,
      maxLength: 30,
    }),
    names: fc.array(fc.string({ maxLength: 9 }), { minLength: inputs + 1, maxLength: inputs + 1 }),
  }),
);

const layer = fc.record({
  units: fc.integer({ min: 1, max: 6 }),
  activation: fc.constantFrom(...activationNames.filter((name) => name !== "softmax")),
});

const trainer = fc.record({
  method: fc.constantFrom(
    "auto",
    "guess",
    "perturb",
    "gradientDescent",
    "armijo",
    "momentum",
    "adam",
    "lbfgs",
  ),
  learningRate: fc.double({ min: 1e-6, max: 10, noNaN: true }),
  epochs: fc.integer({ min: 1, max: 20 }),
  batchSize: fc.oneof(fc.constant("full"), fc.integer({ min: 1, max: 40 })),
  penalty: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** Settings that pass the check. */
export const anySetting: fc.Arbitrary<Setting> = fc
  .record({
    version: fc.constant(1),
    view: fc.constantFrom("playground", "digits"),
    data: fc.oneof(computed, drawn),
    hidden: fc.array(layer, { maxLength: 3 }),
    output: sometimes(fc.constantFrom(...activationNames)),
    init: sometimes(fc.constantFrom(...initNames)),
    loss: sometimes(fc.constantFrom(...lossNames)),
    trainer,
    seed: fc.maxSafeNat(),
    start: fc.constant(null),
    step: fc.nat(20),
  })
  .map((given) => {
    try {
      return checkSetting(given);
    } catch (error) {
      if (error instanceof TalwegError) return small;
      throw error;
    }
  });
