/** What axe-core finds in each view and theme, and what the keyboard reaches. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openLab } from "./browser.ts";

const source = readFileSync("node_modules/axe-core/axe.min.js", "utf8");

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/** Serious and critical findings within `part`: the rule, and where. @param rules All of them where none is named. */
async function findings(page: Page, part: string, rules: readonly string[]): Promise<string[]> {
  // Evaluated, since the page's policy refuses added scripts.
  await page.evaluate(source);
  const found = await page.evaluate(
    async ([within, only]) => {
      const { axe } = globalThis as unknown as {
        axe: { run(part: string, o: object): Promise<{ violations: Violation[] }> };
      };
      const { violations } = await axe.run(within, {
        resultTypes: ["violations"],
        ...(only.length === 0 ? {} : { runOnly: only }),
      });
      return violations;
    },
    [part, rules] as const,
  );
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

type Act = (page: Page) => Promise<unknown>;
const leave: Act = (page) => page.keyboard.press("Escape");
const pick =
  (name: string): Act =>
  (page) =>
    page.getByRole("radio", { name, exact: true }).check({ force: true });

/** A state of the page, what of it is new, how to come there, and how to leave. */
const views: readonly (readonly [name: string, part: string, act: Act, end?: Act])[] = [
  ["playground", "html", async () => {}],
  ["examples", ".menu", (page) => page.getByRole("button", { name: "Examples", exact: true }).click(), leave],
  ["drawing", ".playground-in", pick("by hand")],
  ["table", ".playground-in", pick("a table")],
  ["points in a plane", "main", pick("moons")],
  ["keys", "dialog", (page) => page.locator("main").press("?"), leave],
];

test.each([
  ["light", []],
  // Of the rules only this one depends on the theme.
  ["dark", ["color-contrast"]],
] as const)("axe-core finds nothing serious on the %s page", async (colorScheme, rules) => {
  const { page, faults, close } = await openLab("", { colorScheme });
  for (const [name, part, act, end] of views) {
    await act(page);
    await page.waitForTimeout(200);
    expect(await findings(page, part, rules), name).toEqual([]);
    await end?.(page);
  }
  expect(faults).toEqual([]);
  await close();
});

test("the keyboard begins with a way to the network, and what is in focus is never under the bar", async () => {
  const { page, faults, close } = await openLab();
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("To the network");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("content");
  for (let i = 0; i < 25; i += 1) {
    await page.keyboard.press("Tab");
    const hidden = await page.evaluate(() => {
      const node = document.activeElement as HTMLElement;
      const bar = (document.querySelector("section[aria-label=time]") as HTMLElement).getBoundingClientRect();
      const box = node.getBoundingClientRect();
      return node.closest("section[aria-label=time]") === null && box.height > 1 && box.top >= bar.top
        ? node.outerHTML
        : "";
    });
    expect(hidden).toBe("");
  }
  expect(faults).toEqual([]);
  await close();
});
