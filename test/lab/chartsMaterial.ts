/** What the tests of the charts share: the same run in this thread, and a figure's numbers as the page saves them. */
import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { presets } from "../../lab/state/presets.ts";
import type { Lab } from "../../lab/state/types.ts";
import { labIn, still } from "./stateMaterial.ts";

/** The lab as the page opens it, without a browser: x², 60 steps. */
export async function opened(): Promise<Lab> {
  const lab = labIn(presets[0]!.setting);
  await still(lab);
  return lab;
}

/** Waits until the page has come to the step that it opens with, and a figure is there. */
export async function figure(page: Page, title: string): Promise<Locator> {
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>("input.dock-line")?.value === "60",
  );
  const found = page.locator("figure", { has: page.getByText(title, { exact: true }) });
  // To the top of the window, where the bar at the bottom covers nothing of it.
  await found.evaluate((node) => node.scrollIntoView());
  return found;
}

/** The rows that the figure's menu saves. */
export async function savedRows(page: Page, found: Locator): Promise<Record<string, string>[]> {
  await found.locator(".frame-more").click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: /CSV/ }).click(),
  ]);
  const [head = "", ...lines] = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\r\n");
  const names = cells(head);
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, i) => [names[i], cell])));
}

/** Cells of a line of CSV: names have commas and quotes. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'),
  );
}
