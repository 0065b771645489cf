import fc from "fast-check";
import { expect, test } from "vitest";
import { floatsToText } from "../../lab/state/bits.ts";
import type { Lab, Setting } from "../../lab/state/types.ts";
import { anySetting, labIn, small, still, until } from "./stateMaterial.ts";

/** Until a step has come, or the end before it. */
async function there(lab: Lab, step: number): Promise<void> {
  await until(() => {
    const { step: now, status } = lab.progress();
    return now === step || (status === "ended" && now < step);
  });
}

type Act = (lab: Lab) => void | Promise<void>;

const trainer = (change: Partial<Setting["trainer"]>, merge?: string): Act => {
  return (lab) =>
    lab.change({
      label: "trainer",
      ...(merge === undefined ? {} : { merge }),
      edit: (s) => ({ ...s, trainer: { ...s.trainer, ...change } }),
    });
};

const merge = fc.constantFrom("a", "b");
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(fc.nat(30), fc.double({ min: -5, max: 5, noNaN: true }), merge).map(
    ([index, value, key]) =>
      (lab: Lab) =>
        lab.setParameter(index, value, key),
  ),
  fc
    .tuple(fc.double({ min: 1e-4, max: 1, noNaN: true }), merge)
    .map(([learningRate, key]) => trainer({ learningRate }, key)),
  fc.constantFrom("auto" as const, "armijo" as const, "lbfgs" as const).map((method) => trainer({ method })),
  fc.integer({ min: 1, max: 6 }).map((units) => (lab: Lab) => {
    lab.change({
      label: "layers",
      edit: (s) => ({ ...s, hidden: [...s.hidden.slice(0, 1), { units, activation: "relu" }] }),
    });
  }),
  fc.constant((lab: Lab) =>
    lab.change({ label: "shallow", edit: (s) => ({ ...s, hidden: s.hidden.slice(0, -1) }) }),
  ),
  fc.constantFrom("moons" as const, "parabola" as const).map((kind) => (lab: Lab) => {
    lab.change({ label: "data", edit: (s) => ({ ...s, data: { ...s.data, kind } }) });
  }),
  fc.nat(3).map((seed) => (lab: Lab) => lab.change({ label: "seed", edit: (s) => ({ ...s, seed }) })),
  fc.constantFrom("playground" as const, "digits" as const).map((view) => (lab: Lab) => {
    lab.change({ label: "view", edit: (s) => ({ ...s, view }) });
  }),
  anySetting.map(
    (setting) => (lab: Lab) => lab.change({ label: "link", edit: () => ({ ...setting, step: 0 }) }),
  ),
  fc.nat(12).map((step) => async (lab: Lab) => {
    const wanted = Math.min(step, lab.progress().steps);
    lab.goTo(wanted);
    await there(lab, wanted);
  }),
  fc.constant((lab: Lab) => lab.undo()),
  fc.constant((lab: Lab) => lab.redo()),
);

function seen(lab: Lab): unknown {
  const { view: _, ...setting } = lab.setting();
  return {
    setting,
    parameters: floatsToText(lab.parameters()),
    layers: lab.network().layers,
    loss: lab.loss(),
  };
}

test("undoing everything leads to the first setting, redoing everything to the last, bit by bit", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
      const lab = labIn();
      const first = seen(lab);
      let passed = false;
      for (const one of acts) {
        await one(lab);
        await still(lab);
        passed ||= lab.progress().step > 0 && lab.undoLabel() === null;
      }
      const last = seen(lab);
      let undone = 0;
      for (; lab.undoLabel() !== null; undone++) lab.undo();
      // Time that passed before the first change is no change.
      if (!passed) expect(seen(lab)).toEqual(first);
      for (let redone = 0; redone < undone; redone++) lab.redo();
      expect(seen(lab)).toEqual(last);
      expect(Array.from(lab.network().parameters)).toEqual(Array.from(lab.parameters()));
      lab.close();
    }),
    { numRuns: 60 },
  );
});

test("what is on show after undo can be reached again by training, to the same bits", async () => {
  const lab = labIn();
  lab.goTo(40);
  await there(lab, 40);
  const bits = floatsToText(lab.parameters());
  lab.setParameter(0, 3, "drag");
  lab.goTo(5);
  await there(lab, 5);
  lab.undo();
  expect(floatsToText(lab.parameters())).toBe(bits);
  lab.goTo(39);
  await there(lab, 39);
  lab.goTo(40);
  await there(lab, 40);
  expect(floatsToText(lab.parameters())).toBe(bits);
  lab.close();
});

test("a new change leaves nothing to redo", () => {
  const lab = labIn();
  lab.setParameter(0, 1, "a");
  lab.undo();
  expect(lab.redoLabel()).toBe("weight W1[0,0]");
  lab.setParameter(1, 1, "a");
  expect(lab.redoLabel()).toBeNull();
  lab.redo();
  expect(lab.parameters()[1]).toBe(1);
  lab.close();
});

test("several parameters are set in one change, those that cannot be left as they are", () => {
  const lab = labIn();
  const before = lab.parameters();
  const values = [
    [0, 0.25],
    [3, -0.5],
    [1, Number.NaN],
    [10_000, 1],
  ] as const;
  lab.setParameters(values, "drag");
  const after = lab.parameters();
  expect(after).toEqual(before.map((value, i) => [0.25, value, value, -0.5][i] ?? value));
  expect(lab.undoLabel()).toBe("weight W1[0,0], weight W1[0,3]");
  lab.undo();
  expect(lab.setting()).toEqual(small);
  expect(lab.undoLabel()).toBeNull();
  lab.close();
});

test("a drag is undone at once, and two drags with a run between them one by one", async () => {
  const lab = labIn();
  for (const value of [0.1, 0.2, 0.3]) lab.setParameter(0, value, "drag W1[0,0]");
  lab.goTo(2);
  await there(lab, 2);
  for (const value of [0.4, 0.5]) lab.setParameter(0, value, "drag W1[0,0]");
  lab.undo();
  expect(lab.progress().step).toBe(2);
  expect(lab.setting().step).toBe(2);
  lab.undo();
  expect(lab.setting()).toEqual(small);
  expect(lab.undoLabel()).toBeNull();
  lab.close();
});
