/** Where `auto` is stuck on a small problem L-BFGS may take over; nowhere else. */
import {
  auto,
  dense,
  evaluate,
  gradientDescent,
  moons,
  type Network,
  network,
  parabola,
  spirals,
  type TrainEvent,
  type TrainOptions,
  type TrainResult,
  type TrainState,
  train,
  trainEvents,
  xor,
} from "talweg";
import { constantLoss } from "talweg/train";
import { expect, test } from "vitest";

const alone = (): TrainOptions => ({ optimizer: auto({ challenger: false }) });

const xorNetwork = (seed: number): Network =>
  network([dense(2, 3, "sigmoid"), dense(3, 1, "sigmoid")], { seed });
const xorOptions: TrainOptions = { loss: "meanSquaredError", epochs: 2000 };

const spiralNetwork = (seed: number): Network =>
  network([dense(2, 16, "tanh"), dense(16, 16, "tanh"), dense(16, 1, "sigmoid")], { seed });
const spiralOptions: TrainOptions = { epochs: 500, batchSize: 32 };

/** Arms of 1.25 turns from radius 0.1 to 1, 100 points each; shifted by half a step they are for testing. */
function arms(shift: number): { x: number[][]; y: number[][]; classes: string[] } {
  const x = Array.from({ length: 200 }, (_, i) => {
    const t = ((i >> 1) + shift) / 100;
    const angle = 2.5 * Math.PI * t + (i % 2) * Math.PI;
    const radius = 0.1 + 0.9 * t;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return { x, y: x.map((_, i) => [i % 2]), classes: ["one", "other"] };
}

const right = (n: Network): number => evaluate(n, arms(0.5)).metrics.accuracy!;

test("xor with three sigmoid units is solved from eight starts, three of which auto alone is stuck from", async () => {
  let stuck = 0;
  for (let seed = 15; seed < 23; seed++) {
    const without = await train(xorNetwork(seed), xor(), { ...xorOptions, ...alone() });
    const result = await train(xorNetwork(seed), xor(), xorOptions);
    expect(result.loss).toBeLessThan(0.02);
    expect(without.challenger).toBeUndefined();
    if (without.loss > 0.05 * 0.25) {
      stuck++;
      expect(result.challenger).toMatchObject({
        accepted: true,
        rows: 4,
        constantLoss: 0.25,
        loss: without.loss,
      });
    } else expect({ ...result, seconds: 0 }).toEqual({ ...without, seconds: 0 });
  }
  expect(stuck).toBe(3);
});

/** Seeds of which auto alone is stuck on the linear classifier. */
const lost = [0, 1, 5];

test("two spirals are told apart from starts where auto alone stays at the linear classifier", async () => {
  for (const seed of lost) {
    const [without, n] = [spiralNetwork(seed), spiralNetwork(seed)];
    await train(without, arms(0), { ...spiralOptions, ...alone() });
    const result = await train(n, arms(0), spiralOptions);
    expect(right(without)).toBeLessThan(0.9);
    expect(right(n)).toBeGreaterThan(0.98);
    expect(result.challenger).toMatchObject({ accepted: true, rows: 40, starts: 1 });
    expect(result.reason).toBe("epochs");
  }
});

async function collect(
  n: Network,
  data: Parameters<typeof train>[1],
  options: TrainOptions,
): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  for await (const event of trainEvents(n, data, { report: "epoch", ...options })) events.push(event);
  return events;
}

/** A start from which auto alone is stuck on xor. */
const STUCK = 27;

test("the challenge is told as an event before the result, in plain data, and its evaluations are counted", async () => {
  const events = await collect(xorNetwork(STUCK), xor(), xorOptions);
  expect(events.at(-3)).toMatchObject({ event: "epoch", epoch: 2000 });
  const told = events.at(-2) as Extract<TrainEvent, { event: "challenger" }>;
  const result = events.at(-1) as Extract<TrainEvent, { event: "result" }>;
  expect(told.event).toBe("challenger");
  expect(JSON.parse(JSON.stringify(told))).toEqual(told);
  const { event: _event, valueEvaluations, gradientEvaluations, exampleEvaluations, ...figures } = told;
  expect(result.challenger).toEqual(figures);
  expect(result).toMatchObject({ valueEvaluations, gradientEvaluations, exampleEvaluations });
  const without = await train(xorNetwork(STUCK), xor(), { ...xorOptions, ...alone() });
  const spent = gradientEvaluations - without.gradientEvaluations;
  expect(spent).toBeGreaterThan(5);
  // 0.4 of the epochs for each start, and 0.2 to go on.
  expect(spent).toBeLessThanOrEqual(0.4 * 2000 * figures.starts + 0.2 * 2000);
  const evaluations = (x: Pick<TrainResult, "valueEvaluations" | "gradientEvaluations">): number =>
    x.valueEvaluations + x.gradientEvaluations;
  expect(exampleEvaluations - without.exampleEvaluations).toBe(
    4 * (evaluations(result) - evaluations(without)),
  );
});

test("a challenger that is not twice as good is refused, and nothing but the counts changes", async () => {
  // Labels by chance: what the challenger learns of them does not hold on rows that it has not seen.
  const chance = moons({ rows: 200, noise: 3, seed: 4 });
  const make = (): Network => network([dense(2, 12, "tanh"), dense(12, 1, "sigmoid")], { seed: 3 });
  const options: TrainOptions = { epochs: 60, seed: 1 };
  const without = await train(make(), chance, { ...options, ...alone() });
  const result = await train(make(), chance, options);
  expect(result.challenger).toMatchObject({ accepted: false, rows: 40, starts: 1 });
  expect(result.challenger!.challengerLoss).toBeGreaterThan(0.5 * result.challenger!.loss);
  expect(result.parametersSha256).toBe(without.parametersSha256);
  expect(result.gradientEvaluations).toBeGreaterThan(without.gradientEvaluations);
  expect(result.loss).toBe(without.loss);
});

const stuckOnes: [string, TrainOptions][] = [
  ["a challenger that was not wanted", { optimizer: auto({ challenger: false }) }],
  ["another optimizer", { optimizer: gradientDescent({ learningRate: 1e-3 }) }],
  ["fewer than 50 epochs", { epochs: 49 }],
  ["a limit of steps that ends the run", { stop: { steps: 100 } }],
  ["a limit of evaluations that leaves no room", { stop: { evaluations: 2100 } }],
  ["a plateau", { stop: { plateau: 3 } }],
  ["patience", { validation: xor(), patience: 5000 }],
];

test.each(stuckOnes)("there is no challenge with %s", async (_why, options) => {
  const result = await train(xorNetwork(STUCK), xor(), { ...xorOptions, ...options });
  expect(result.loss).toBeGreaterThan(0.05 * 0.25);
  expect(result.challenger).toBeUndefined();
});

test("there is no challenge to the schedule-free form, nor to a network with dropout, nor to one that has learnt, nor on a large problem", async () => {
  const free = { optimizer: auto({ variant: "scheduleFree" }), epochs: 60 };
  const unfinished = await train(spiralNetwork(1), spirals(), free);
  expect(unfinished.loss).toBeGreaterThan(0.05);
  expect(unfinished.challenger).toBeUndefined();
  const dropping = network([dense(2, 3, "sigmoid", { dropout: 0.5 }), dense(3, 1, "sigmoid")], { seed: 1 });
  expect((await train(dropping, xor(), xorOptions)).challenger).toBeUndefined();
  const curve = network([dense(1, 6, "tanh"), dense(6, 1)], { seed: 1 });
  expect(
    (await train(curve, parabola({ rows: 50, interval: [-1, 1] }), { epochs: 100 })).challenger,
  ).toBeUndefined();
  // 64 * (1 + 1 + 64 + ...) parameters times 240 rows are above a million; zero weights stay where they are.
  const wide = network([
    dense(2, 64, "tanh", { init: "zeros" }),
    dense(64, 64, "tanh", { init: "zeros" }),
    dense(64, 1),
  ]);
  expect(wide.parameterCount * 240).toBeGreaterThan(1e6);
  const large = await train(wide, spirals({ rows: 240 }), { epochs: 50, batchSize: "full" });
  expect(large.loss).toBeGreaterThan(0.05);
  expect(large.challenger).toBeUndefined();
});

test("the challenge has the same bits by readable and by generated code, watched or not", async () => {
  const shas = new Set<string>();
  for (const kernels of ["scalar", "simd"] as const) {
    for (const report of ["step", "epoch"] as const) {
      const events = await collect(xorNetwork(STUCK), xor(), { ...xorOptions, kernels, report });
      const result = events.at(-1) as Extract<TrainEvent, { event: "result" }>;
      expect(result.challenger!.accepted).toBe(true);
      shas.add(JSON.stringify({ ...result, seconds: 0 }));
    }
  }
  expect(shas.size).toBe(1);
});

test("a run that is stopped during the challenge keeps what auto ended with, and resumed it ends with the same bits", async () => {
  const without = await train(xorNetwork(STUCK), xor(), { ...xorOptions, ...alone() });
  const whole = await train(xorNetwork(STUCK), xor(), xorOptions);
  /** Runs until the signal has been looked at so often. */
  const until = async (
    looks: number,
  ): Promise<{ asked: number; result: TrainResult; saved?: TrainState; n: Network }> => {
    const n = xorNetwork(STUCK);
    const { signal } = new AbortController();
    let asked = 0;
    Object.defineProperty(signal, "aborted", { get: () => ++asked > looks });
    let saved: TrainState | undefined;
    const onCheckpoint = (state: TrainState): void => {
      saved = structuredClone(state);
    };
    const events = await collect(n, xor(), { ...xorOptions, report: "step", stop: { signal }, onCheckpoint });
    const { event: _event, ...result } = events.at(-1) as Extract<TrainEvent, { event: "result" }>;
    return { asked, result, n, ...(saved === undefined ? {} : { saved }) };
  };
  const { asked } = await until(Infinity);
  for (const looks of [asked - 1, asked - 4, asked - 8]) {
    const { result, saved, n } = await until(looks);
    expect({ ...result, seconds: 0 }).toEqual({ ...without, reason: "signal", seconds: 0 });
    expect(saved).toBeDefined();
    const resumed = await train(n, xor(), { ...xorOptions, resume: saved! });
    expect({ ...resumed, seconds: 0 }).toEqual({ ...whole, seconds: 0 });
  }
});

test("what there is to beat is the variance of the targets, or their entropy", () => {
  const y = Float64Array.of(0, 1, 1, 1);
  const four = { x: Float64Array.of(0, 1, 2, 3), y, rows: 4, inputs: 1, outputs: 1 };
  const entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
  expect(constantLoss("meanSquaredError", four)).toBeCloseTo(0.1875, 14);
  expect(constantLoss("sumOfSquares", four)).toBeCloseTo(0.1875, 14);
  expect(constantLoss("huber", four)).toBeCloseTo(0.1875 / 2, 14);
  expect(constantLoss("binaryCrossEntropy", four)).toBeCloseTo(entropy, 14);
  const labels = { ...four, y: Uint8Array.of(0, 1, 2, 2), outputs: 3 };
  expect(constantLoss("categoricalCrossEntropy", labels)).toBeCloseTo(1.5 * Math.log(2), 14);
  expect(constantLoss("meanSquaredError", labels)).toBeCloseTo((0.1875 + 0.1875 + 0.25) / 3, 14);
  expect(constantLoss("sumOfSquares", labels)).toBeCloseTo(0.1875 + 0.1875 + 0.25, 14);
  const both = { ...four, y: Float64Array.of(1, 1, 1, 1, 1, 1, 1, 1), outputs: 2 };
  expect(constantLoss("categoricalCrossEntropy", both)).toBeCloseTo(2 * Math.log(2), 14);
  const same = { ...four, y: Float64Array.of(1, 1, 1, 1) };
  expect(constantLoss("binaryCrossEntropy", same)).toBe(0);
});

test("a challenger that is neither true nor false is refused", () => {
  expect(() => auto({ challenger: 1 as unknown as boolean })).toThrow(
    "auto: challenger is 1, expected true or false; leave it out for true.",
  );
});
