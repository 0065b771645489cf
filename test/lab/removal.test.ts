/** A chosen neuron is taken out of the picture, a layer put in or taken out at a chosen place: the other weights stay what they are. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { fromAddress } from "../../lab/state/address.ts";
import { textToFloats } from "../../lab/state/bits.ts";
import { datasetOf } from "../../lab/state/datasetOf.ts";
import { networkOf } from "../../lab/state/networkOf.ts";
import { presets } from "../../lab/state/setting.ts";
import type { Setting } from "../../lab/state/types.ts";
import { sharedLab } from "./browser.ts";

const lab = sharedLab();
const setting: Setting = {
  ...presets[0]!.setting,
  start: null,
  step: 0,
  hidden: [
    { units: 4, activation: "tanh" },
    { units: 3, activation: "tanh" },
  ],
};

/** The weights on show by layer, [inputs][units] and the biases last, as the address has them. */
async function layersAt(page: Page, ...widths: number[]): Promise<number[][][]> {
  const parameters = widths.slice(1).reduce((sum, units, i) => sum + (widths[i]! + 1) * units, 0);
  let floats = new Float32Array(0);
  await expect
    .poll(async () => {
      const { start } = await fromAddress(new URL(page.url()).hash);
      floats = start === null ? floats : textToFloats(start, "start");
      return floats.length;
    })
    .toBe(parameters);
  let at = 0;
  const row = (units: number): number[] => {
    at += units;
    return Array.from(floats.subarray(at - units, at));
  };
  return widths.slice(1).map((units, i) => Array.from({ length: widths[i]! + 1 }, () => row(units)));
}

function layersOf({ hidden }: Setting): number[][][] {
  const n = networkOf({ ...setting, hidden }, datasetOf(setting, "train"));
  return n.layers.map(({ inputs, units }, i) =>
    Array.from({ length: inputs + 1 }, (_, row) =>
      Array.from(
        row === inputs ? n.biases(i + 1) : n.weights(i + 1).subarray(row * units, (row + 1) * units),
      ),
    ),
  );
}

const sizes = (page: Page): Promise<number[]> =>
  page.evaluate(() => {
    const count: number[] = [];
    for (const node of document.querySelectorAll<HTMLElement>("[data-neuron]")) {
      const layer = Number(node.dataset.neuron!.split("-")[0]);
      count[layer] = (count[layer] ?? 0) + 1;
    }
    return count;
  });
const focused = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.neuron);

const before = layersOf(setting);
const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, i) => i !== at);

test("by the Delete key a chosen neuron goes with its own weights and no others, and undo brings it back", async () => {
  const page = await lab.at(setting);
  await page.locator("[data-neuron='1-1']").focus();
  await page.keyboard.press("Delete");
  expect(await sizes(page)).toEqual([1, 3, 3, 1]);
  expect(await focused(page)).toBe("1-1");
  const [first, second, third] = await layersAt(page, 1, 3, 3, 1);
  expect(first).toEqual(before[0]!.map((row) => without(row, 1)));
  expect(second).toEqual(without(before[1]!, 1));
  expect(third).toEqual(before[2]);
  expect(await page.getByRole("button", { name: /^Undo/ }).getAttribute("aria-label")).toBe(
    "Undo: without neuron 1 of layer 1",
  );
  await page.keyboard.press("Control+z");
  expect(await sizes(page)).toEqual([1, 4, 3, 1]);
  await expect.poll(async () => (await fromAddress(new URL(page.url()).hash)).start).toBe(null);
});

test("a neuron that is pressed has a button beside it that takes it out; inputs and outputs have none", async () => {
  const page = await lab.at(setting);
  const press = async (neuron: string): Promise<void> => {
    const box = (await page.locator(`[data-neuron='${neuron}']`).boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  };
  const remove = page.locator(".diagram-remove");
  await page.locator(".diagram-stage").scrollIntoViewIfNeeded();
  await press("2-2");
  await page.getByRole("button", { name: "Remove neuron 2 of layer 2" }).click();
  expect(await sizes(page)).toEqual([1, 4, 2, 1]);
  expect(await focused(page)).toBe("2-1");
  const [, second, third] = await layersAt(page, 1, 4, 2, 1);
  expect(second).toEqual(before[1]!.map((row) => row.slice(0, 2)));
  expect(third).toEqual(without(before[2]!, 2));
  await press("3-0");
  expect(await remove.count()).toBe(0);
  await press("0-0");
  expect(await remove.count()).toBe(0);
});

test("with its last neuron a layer goes, and the button says so before", async () => {
  const page = await lab.at({ ...setting, hidden: [{ units: 1, activation: "tanh" }] });
  await page.locator("[data-neuron='1-0']").focus();
  await page.getByRole("button", { name: "Remove layer 1 with its only neuron" }).waitFor();
  await page.keyboard.press("Delete");
  expect(await sizes(page)).toEqual([1, 1]);
  await page.keyboard.press("Control+z");
  expect(await sizes(page)).toEqual([1, 1, 1]);
});

test("on a phone the button that takes a neuron out is 44 pixels high", async () => {
  const page = await lab.at(setting);
  const client = await page.context().newCDPSession(page);
  await client.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  await page.locator("[data-neuron='1-1']").focus();
  expect((await page.locator(".diagram-remove").boundingBox())!.height).toBeGreaterThanOrEqual(44);
  await client.send("Emulation.setTouchEmulationEnabled", { enabled: false });
});

test("a neuron more and a layer more, wherever it is put, leave the weights that were there", async () => {
  const page = await lab.at(setting);
  // From parameters of its own, so that it is not the seed that says them.
  await page.locator("[data-neuron='1-1']").focus();
  await page.keyboard.press("Delete");
  const [first, second, third] = await layersAt(page, 1, 3, 3, 1);
  const diagram = page.locator(".diagram");
  await diagram.getByRole("button", { name: "One neuron more in layer 2" }).click();
  const wider = await layersAt(page, 1, 3, 4, 1);
  expect(wider[0]).toEqual(first);
  expect(wider[1]!.map((row) => row.slice(0, 3))).toEqual(second);
  expect([...wider[2]!.slice(0, 3), wider[2]!.at(-1)]).toEqual(third);
  await page.keyboard.press("Control+z");
  await layersAt(page, 1, 3, 3, 1);
  await diagram.getByRole("button", { name: "Add a layer before layer 2" }).click();
  expect(await sizes(page)).toEqual([1, 3, 3, 3, 1]);
  const deeper = await layersAt(page, 1, 3, 3, 3, 1);
  expect([deeper[0], deeper[2], deeper[3]]).toEqual([first, second, third]);
  await diagram.getByRole("button", { name: "Remove layer 2", exact: true }).click();
  expect(await layersAt(page, 1, 3, 3, 1)).toEqual([first, second, third]);
});
