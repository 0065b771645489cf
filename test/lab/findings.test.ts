/** The doctor's findings on the page. */
import { expect, test } from "vitest";
import { toAddress } from "../../lab/state/address.ts";
import { presets } from "../../lab/state/setting.ts";
import type { Setting } from "../../lab/state/types.ts";
import { openLab } from "./browser.ts";

const linkTo = async (id: string, change: Partial<Setting> = {}): Promise<string> => {
  const setting = { ...presets.find((preset) => preset.id === id)!.setting, ...change };
  return `#${(await toAddress(setting)).replace(/^#/, "")}`;
};

test("dead neurons are found, explained, and one of them is shown", async () => {
  const { page, faults, close } = await openLab(
    // With this seed neuron 0 lives and neuron 2 is the first dead one.
    await linkTo("parabola", { seed: 2, start: null, step: 0 }),
  );
  const finding = page.locator(".finding", { hasText: "Dead neurons" }).first();
  await finding.waitFor();
  expect(await finding.textContent()).toMatch(/units? (is|are) dead.*What helps:/s);
  await finding.getByRole("button", { name: /^Show layer/ }).click();
  expect(await page.locator(".formula .frame-title").textContent()).toMatch(
    /^Calculation: neuron 2 of layer/,
  );
  expect(await page.locator('.formula [data-number="a"]').textContent()).toMatch(/=0$/);
  expect(faults).toEqual([]);
  await close();
});

test("where all is well it says so", async () => {
  const { page, faults, close } = await openLab(await linkTo("xor"));
  await page.getByText("Nothing stands in the way of learning").waitFor();
  expect(faults).toEqual([]);
  await close();
});
