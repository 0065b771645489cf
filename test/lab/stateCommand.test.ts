import { expect, test } from "vitest";
import { checkSetting, commandOf, datasetOf, presets } from "../../lab/state/setting.ts";
import type { Setting } from "../../lab/state/types.ts";
import { last, talweg } from "../cli/command.ts";
import { labIn, small, until } from "./stateMaterial.ts";

function lineOf(setting: Setting): string | null {
  return commandOf(setting, datasetOf(setting, "train"));
}

function preset(id: string): Setting {
  return presets.find((one) => one.id === id)!.setting;
}

const settings: [string, Setting][] = [
  ["x² by auto at step 60", preset("parabola")],
  ["the saturated start, with an output and a start of its own", { ...preset("saturated"), step: 70 }],
  ["the spirals by Armijo", { ...preset("spirals"), step: 30 }],
  ["xor by L-BFGS with a penalty, to the end", { ...preset("xor"), step: 60 }],
  [
    "a sine by Adam with another loss",
    { ...small, data: { ...small.data, kind: "sine", noise: 0.1 }, loss: "huber", step: 9 },
  ],
  [
    "moons by stochastic Armijo",
    { ...preset("moons"), trainer: { ...preset("moons").trainer, method: "stochasticArmijo" }, step: 11 },
  ],
];

test.each(settings)("the command's line for %s gives the hash that the page shows", async (_, given) => {
  const setting = checkSetting(given);
  const line = lineOf(setting)!;
  expect(line).toMatch(/^talweg train [a-z]+ /);
  const { stdout, code } = await talweg([...line.split(" ").slice(1), "--json", "--quiet-steps"]);
  expect(code).toBe(0);
  const lab = labIn(setting);
  await until(() => lab.progress().step === setting.step);
  expect(last(stdout).parametersSha256).toMatch(new RegExp(`^${lab.measures().hash}`));
  lab.close();
});

test("there is no line for what the command has no words for", () => {
  const drawn: Setting = checkSetting({
    ...small,
    data: {
      ...small.data,
      kind: "drawn",
      points: [
        [0, 1],
        [1, 0],
      ],
    },
  });
  expect(lineOf(drawn)).toBeNull();
  expect(lineOf({ ...small, start: "AAAA" })).toBeNull();
  expect(lineOf({ ...small, hidden: [] })).toBeNull();
  expect(
    lineOf({
      ...small,
      hidden: [
        { units: 2, activation: "relu" },
        { units: 2, activation: "tanh" },
      ],
    }),
  ).toBeNull();
});

test("the line spells every choice out", () => {
  expect(lineOf({ ...small, output: "tanh", init: "he", loss: "huber", step: 5 })).toBe(
    "talweg train parabola --rows 40 --noise 0 --interval=-1,1 --layers 4 --activation tanh --output-activation tanh " +
      "--init he --loss huber --optimizer adam --learning-rate 0.01 --batch-size 7 --epochs 50 --seed 3 --stop-steps 5",
  );
});
