import { expect, test } from "vitest";
import { localEngine } from "../../lab/engine/local.ts";
import type { EngineListener, MakeEngine } from "../../lab/engine/protocol.ts";
import { floatsToText } from "../../lab/state/bits.ts";
import { presets } from "../../lab/state/setting.ts";
import { at, opened, setTrainer, small, until } from "./stateMaterial.ts";

test("at most eight runs are kept beside the one at hand", async () => {
  const lab = opened();
  for (let i = 0; i < 11; i++) {
    await at(lab, 2);
    setTrainer(lab, { learningRate: 0.01 * (i + 2) });
  }
  expect(lab.runs()).toHaveLength(9);
  expect(lab.runs().filter(({ live }) => live)).toHaveLength(1);
  lab.forgetRuns();
  expect(lab.runs()).toHaveLength(1);
});

test("an engine that dies is told of, the page works on, and the next run has a new one", async () => {
  let made = 0;
  let listener: EngineListener | undefined;
  const engine: MakeEngine = (given) => {
    made++;
    listener = given;
    return localEngine(given);
  };
  const lab = opened(small, { engine });
  lab.setSpeed(2);
  lab.play();
  await until(() => lab.progress().step >= 10);
  listener!.died("The worker has stopped: power.");
  expect(lab.progress()).toMatchObject({ status: "failed", message: "The worker has stopped: power." });
  lab.setParameter(0, 0.5, "drag");
  expect(lab.progress()).toMatchObject({ status: "idle", message: "" });
  lab.undo();
  lab.play();
  await until(() => lab.progress().step >= 20);
  lab.pause();
  expect(made).toBe(2);
  const step = lab.progress().step;
  expect(floatsToText(lab.parameters())).toBe(await at(opened(), step));
});

test("the doctor's findings come a little later than what they are about", async () => {
  const saturated = presets.find(({ id }) => id === "saturated")!.setting;
  const lab = opened({ ...saturated, step: 0 });
  expect(lab.findingsStale()).toBe(true);
  await until(() => !lab.findingsStale());
  expect(lab.findings().map(({ code }) => code)).toContain("saturated");
  lab.setParameter(0, 2, "drag");
  expect(lab.findingsStale()).toBe(true);
});

test("what is selected or shown as example goes where it is no more", () => {
  const lab = opened();
  lab.select({ kind: "neuron", layer: 1, unit: 3 });
  lab.showExample(39);
  expect(lab.selected()).toEqual({ kind: "neuron", layer: 1, unit: 3 });
  lab.change({
    label: "smaller",
    edit: (s) => ({ ...s, data: { ...s.data, rows: 10 }, hidden: [{ units: 3, activation: "tanh" }] }),
  });
  expect(lab.selected()).toEqual({ kind: "none" });
  expect(lab.example()).toBe(9);
  lab.select({ kind: "weight", layer: 1, input: 1, unit: 0 });
  expect(lab.selected()).toEqual({ kind: "none" });
});
