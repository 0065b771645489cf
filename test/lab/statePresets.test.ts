import { doctor, evaluate, type Network, trainEvents } from "talweg";
import { expect, test } from "vitest";
import { checkSetting, datasetOf, networkOf, presets, trainOptions } from "../../lab/state/setting.ts";
import type { Setting } from "../../lab/state/types.ts";

interface Outcome {
  n: Network;
  losses: number[];
  reason: string;
  accuracy: number;
  testAccuracy: number;
  codes: string[];
}

function preset(id: string): Setting {
  return presets.find((one) => one.id === id)!.setting;
}

async function outcome(setting: Setting): Promise<Outcome> {
  const data = datasetOf(setting, "train");
  const n = networkOf(setting, data);
  const losses: number[] = [];
  let reason = "";
  for await (const event of trainEvents(n, data, trainOptions(setting))) {
    if (event.event === "step") losses.push(event.loss);
    if (event.event === "result") reason = event.reason;
  }
  const test = datasetOf(setting, "test");
  return {
    n,
    losses,
    reason,
    accuracy: evaluate(n, data).metrics.accuracy ?? Number.NaN,
    testAccuracy: evaluate(n, test).metrics.accuracy ?? Number.NaN,
    codes: doctor(n, data, { test }).findings.map(({ code }) => code),
  };
}

test.each(presets.map(({ id, setting }) => [id, setting] as const))(
  "%s is a setting as it stands",
  (_, setting) => {
    expect(checkSetting(structuredClone(setting))).toEqual(setting);
  },
);

test("x² is halfway there when the page opens, and right at the end", async () => {
  const setting = preset("parabola");
  const { losses } = await outcome(setting);
  expect(losses[setting.step]!).toBeGreaterThan(5e-4);
  expect(losses[setting.step]!).toBeLessThan(losses[0]! / 50);
  expect(losses.at(-1)!).toBeLessThan(1e-4);
});

test("the saturated start learns nothing", async () => {
  const { n, codes } = await outcome(preset("saturated"));
  const before = networkOf(preset("saturated"), datasetOf(preset("saturated"), "train"));
  const moved = n.parameters.map((w, i) => Math.abs(w - before.parameters[i]!));
  expect(Math.max(...moved)).toBeLessThan(1e-6);
  expect(codes).toContain("saturated");
});

test("dead units answer one number for all", async () => {
  const setting = preset("dead-relu");
  const { n, losses, codes } = await outcome(setting);
  const outputs = n.predict(datasetOf(setting, "train").x as Float32Array);
  expect(Math.max(...outputs) - Math.min(...outputs)).toBe(0);
  expect(losses[setting.step]! / losses.at(-1)!).toBeCloseTo(1, 3);
  expect(codes).toContain("dead-relu");
});

test("too long steps let the loss rise again and again, and do not overflow", async () => {
  const { losses, reason } = await outcome(preset("overshoot"));
  expect(reason).toBe("epochs");
  const leaps = losses.filter((loss, i) => i > 0 && loss > 1.5 * losses[i - 1]!);
  expect(leaps.length).toBeGreaterThan(5);
});

test("Armijo's steps solve the spirals, on points that it never saw too", async () => {
  const { losses, accuracy, testAccuracy } = await outcome(preset("spirals"));
  expect(accuracy).toBe(1);
  expect(testAccuracy).toBeGreaterThan(0.99);
  // Armijo's condition: no step raises the loss.
  expect(losses.every((loss, i) => i === 0 || loss <= losses[i - 1]!)).toBe(true);
});

test.each([
  ["xor", 0.99],
  ["moons", 0.98],
  ["circle", 0.96],
])("%s is learnt", async (id, least) => {
  const { accuracy, testAccuracy } = await outcome(preset(id));
  expect(accuracy).toBeGreaterThanOrEqual(least);
  expect(testAccuracy).toBeGreaterThanOrEqual(least);
});
