import fc from "fast-check";
import { doctor, objective } from "talweg";
import { symmetricEigenvalues } from "talweg/core";
import { afterEach, expect, test } from "vitest";
import { symmetricEigenvectors } from "../../lab/engine/eigenvectors.ts";
import { TrainingRun } from "../../lab/engine/run.ts";
import { createThinker, localMind, type MakeMind, type Thinker } from "../../lab/engine/thinker.ts";
import { datasetOf, lossOf, networkOf, presets } from "../../lab/state/setting.ts";
import type { Setting } from "../../lab/state/types.ts";
import { small } from "./stateMaterial.ts";

const open: Thinker[] = [];

function thinker(make: MakeMind = localMind): Thinker {
  const made = createThinker(make);
  open.push(made);
  return made;
}

afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

function startOf(setting: Setting): Float32Array {
  return networkOf(setting, datasetOf(setting, "train")).parameters.slice() as Float32Array;
}

/** The library's loss, with the penalty. */
function lossAt(setting: Setting, parameters: Float32Array): number {
  const data = datasetOf(setting, "train");
  const n = networkOf(setting, data);
  return objective(n, lossOf(setting, n, data), data, { penalty: setting.trainer.penalty }).value(parameters);
}

const setting: Setting = { ...small, trainer: { ...small.trainer, penalty: 0.01 } };

test("a landscape has the library's loss at each of its places, the parameters on show in the middle", async () => {
  const parameters = startOf(setting);
  const axes = { kind: "parameters", first: 2, second: 9 } as const;
  const found = (await thinker().landscape({ setting, parameters, axes, size: 5 }))!;
  expect(found.first).toHaveLength(5);
  expect(found.first[2]).toBe(0);
  expect(found.loss).toHaveLength(25);
  expect(found.here).toBe(lossAt(setting, parameters));
  for (const [row, b] of found.second.entries()) {
    for (const [column, a] of found.first.entries()) {
      const moved = parameters.slice();
      moved[2]! += a;
      moved[9]! += b;
      expect(found.loss[5 * row + column]).toBe(lossAt(setting, moved));
    }
  }
  expect(JSON.parse(JSON.stringify(found.loss))).toEqual(found.loss);
});

test("the plane of a path holds as much of the path as a plane can", async () => {
  const run = new TrainingRun({ ...setting, trainer: { ...setting.trainer, method: "momentum" } });
  const path: Float32Array[] = [];
  for (let step = 0; step <= 60; step += 5) {
    path.push((await run.frame({ from: step, most: 0, milliseconds: Infinity })).parameters);
  }
  const parameters = path.at(-1)!;
  const found = (await thinker().landscape({ setting, parameters, axes: { kind: "path", path }, size: 9 }))!;
  const [d, e] = found.directions.map((direction) => Float64Array.from(direction)) as [
    Float64Array,
    Float64Array,
  ];
  const inner = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  expect(inner(d, d)).toBeCloseTo(1, 6);
  expect(inner(e, e)).toBeCloseTo(1, 6);
  expect(inner(d, e)).toBeCloseTo(0, 6);
  const steps = path.map((point) => Float64Array.from(point, (x, i) => x - parameters[i]!));
  const total = steps.reduce((sum, step) => sum + inner(step, step), 0);
  const held = found.path.reduce((sum, [a, b]) => sum + a * a + b * b, 0);
  const products = Float64Array.from(steps.flatMap((a) => steps.map((b) => inner(a, b))));
  const [largest, next] = symmetricEigenvalues(products, steps.length).toReversed();
  expect(held / total).toBeCloseTo((largest! + next!) / total, 5);
  expect(found.shares![0] + found.shares![1]).toBeCloseTo(held / total, 5);
  expect(found.path.at(-1)).toEqual([0, 0]);
  const far = Math.max(...found.path.map(([a]) => Math.abs(a)));
  expect(Math.max(...found.first)).toBeGreaterThan(far);
});

test("a path that has not moved has a plane all the same", async () => {
  const parameters = startOf(setting);
  const axes = { kind: "path", path: [parameters, parameters] } as const;
  const found = (await thinker().landscape({ setting, parameters, axes, size: 3 }))!;
  expect(found.loss.every((loss) => loss !== null)).toBe(true);
  expect(found.directions[0]).not.toEqual(found.directions[1]);
});

test("places where the loss is not finite are null", async () => {
  const parameters = startOf(setting).fill(0.5);
  const axes = { kind: "parameters", first: 11, second: 12 } as const;
  const found = (await thinker().landscape({ setting, parameters, axes, size: 3, reach: [1e30, 1] }))!;
  expect(found.loss[0]).toBeNull();
  expect(found.loss[1]).not.toBeNull();
});

test("of questions in a row the newest is answered, the others with null", async () => {
  const mind = thinker();
  const parameters = startOf(setting);
  const ask = (first: number): ReturnType<Thinker["landscape"]> =>
    mind.landscape({ setting, parameters, axes: { kind: "parameters", first, second: 9 }, size: 5 });
  const answers = await Promise.all([ask(0), ask(1), mind.doctor({ setting, parameters }), ask(2)]);
  expect(answers.map((answer) => answer === null)).toEqual([true, true, false, false]);
  expect(answers[3]).toEqual(await ask(2));
});

test("a line search is the library's, at the parameters on show", async () => {
  const parameters = startOf(setting);
  const found = (await thinker().lineSearch({ setting, parameters, initial: 8, c1: 0.3, shrink: 0.7 }))!;
  expect(found.constants).toMatchObject({ initial: 8, c1: 0.3, shrink: 0.7 });
  expect(found.value).toBe(lossAt(setting, parameters));
  const [trial] = found.trials;
  const g = new Float32Array(parameters.length);
  const data = datasetOf(setting, "train");
  const n = networkOf(setting, data);
  objective(n, lossOf(setting, n, data), data, { penalty: 0.01 }).gradient(parameters, g);
  const moved = parameters.map((w, i) => w - 8 * g[i]!);
  expect(trial!.value).toBeCloseTo(lossAt(setting, moved), 5);
  expect(found.accepted).toBe(true);
});

test("a question that the library refuses is refused with its reason", async () => {
  const flat: Setting = {
    ...small,
    init: "zeros",
    hidden: [{ units: 2, activation: "relu" }],
    output: "relu",
  };
  const parameters = startOf(flat);
  await expect(thinker().lineSearch({ setting: flat, parameters })).rejects.toThrow(/gradient/);
});

test("the doctor is the library's, and knows the learning rate", async () => {
  const overshoot = presets.find(({ id }) => id === "overshoot")!.setting;
  const run = new TrainingRun({ ...overshoot, trainer: { ...overshoot.trainer, method: "armijo" } });
  const { parameters } = await run.frame({ from: 150, most: 0, milliseconds: Infinity });
  const found = await thinker().doctor({ setting: overshoot, parameters });
  const data = datasetOf(overshoot, "train");
  const n = networkOf(overshoot, data);
  n.parameters.set(parameters);
  const rate = { loss: lossOf(overshoot, n, data), learningRate: 0.7 };
  expect(found).toEqual(doctor(n, data, { ...rate, test: datasetOf(overshoot, "test") }).findings);
  expect(found!.map(({ code }) => code)).toContain("learning-rate-too-large");
});

test("a mind that dies is told of, and the next question has a new one", async () => {
  let made = 0;
  let kill: ((message: string) => void) | undefined;
  const make: MakeMind = (reply, died) => {
    kill = died;
    made++;
    return made === 1 ? { ask: () => {}, close: () => {} } : localMind(reply, died);
  };
  const mind = thinker(make);
  const subject = { setting, parameters: startOf(setting) };
  const lost = mind.doctor(subject);
  kill!("power");
  await expect(lost).rejects.toThrow("power");
  expect(await mind.doctor(subject)).not.toBeNull();
  expect(made).toBe(2);
});

test("eigenvectors are orthonormal, and the matrix stretches each by its eigenvalue", () => {
  const number = fc.double({ min: -5, max: 5, noNaN: true });
  const square = fc.integer({ min: 1, max: 6 }).chain((m) => {
    const row = fc.array(number, { minLength: m, maxLength: m });
    return fc.array(row, { minLength: m, maxLength: m });
  });
  fc.assert(
    fc.property(square, (rows) => {
      const a = rows.map((row, i) => row.map((x, j) => x + rows[j]![i]!));
      const pairs = symmetricEigenvectors(a, a.length);
      for (const [k, { value, vector }] of pairs.entries()) {
        for (const [i, row] of a.entries()) {
          const stretched = row.reduce((sum, x, j) => sum + x * vector[j]!, 0);
          expect(stretched).toBeCloseTo(value * vector[i]!, 8);
        }
        for (const [l, other] of pairs.entries()) {
          const product = vector.reduce((sum, x, i) => sum + x * other.vector[i]!, 0);
          expect(product).toBeCloseTo(k === l ? 1 : 0, 8);
        }
        if (k > 0) expect(value).toBeLessThanOrEqual(pairs[k - 1]!.value + 1e-12);
      }
    }),
    { numRuns: 60 },
  );
});
