/** What stands on the page, for tests that follow a reader. */
import type { Page } from "playwright-core";

/** A number of the bar at the bottom, as it is written there. */
const fact = async (page: Page, name: string): Promise<string> =>
  (await page.locator(`.dock .fact:has(dt:text-is("${name}")) dd`).textContent()) ?? "";

export const stepOf = async (page: Page): Promise<number> =>
  Number.parseInt((await fact(page, "step")).replace(/\s/g, ""), 10);

export const lossOf = async (page: Page): Promise<number> =>
  Number((await fact(page, "loss")).replaceAll("−", "-"));

export const hashOf = async (page: Page): Promise<string> =>
  (await page.locator(".top-hash").textContent()) ?? "";

/** Waits until the page shows this step. */
export async function arriveAt(page: Page, step: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelector<HTMLInputElement>("input.dock-line")?.value === String(wanted),
    step,
  );
}

/** Waits until the run on show has taken all its steps. */
export async function arriveAtEnd(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const line = document.querySelector<HTMLInputElement>("input.dock-line");
    return line !== null && line.value === line.max;
  });
}

/** Waits until what was done before has been laid out and drawn. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

/** Diagram, fit, loss and formula, as text that changes when they do. */
export function figures(page: Page): Promise<Record<"diagram" | "fit" | "loss" | "formula", string>> {
  return page.evaluate(() => {
    const text = (node: Element | null | undefined): string => node?.textContent ?? "";
    return {
      diagram: [...document.querySelectorAll(".diagram-edges path, .diagram-words")]
        .map((node) => `${node.getAttribute("stroke-width")} ${node.textContent}`)
        .join(),
      fit: document.querySelector(".fit [role=slider]")?.getAttribute("aria-valuetext") ?? "",
      loss: text(document.querySelector(".dock .fact-strong dd")),
      formula: text(document.querySelector(".formula-parts")),
    };
  });
}
