/** What axe-core finds in each view and theme, what the keyboard reaches, and what holds at 200 % and where nothing shall move. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openLab, sharedLab } from "./browser.ts";
import { arriveAt, drawn } from "./reading.ts";

const lab = sharedLab();

const source = readFileSync("node_modules/axe-core/axe.min.js", "utf8");

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/** Serious and critical findings within `part`: the rule, and where. @param rules All of them where none is named. */
async function findings(page: Page, part: string, rules: readonly string[]): Promise<string[]> {
  // Evaluated, since the page's policy refuses added scripts.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(source);
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
/** Picks a kind of data, and waits for what only comes with it. */
const pick =
  (name: string, part: string): Act =>
  async (page) => {
    await page.getByRole("radio", { name, exact: true }).check({ force: true });
    await page.locator(part).first().waitFor();
  };

const toDigits: Act = async (page) => {
  await page.getByRole("button", { name: "Digits", exact: true }).click();
  await page.locator(".output.is-answer").waitFor();
};

/** All that is tested has come, a neuron takes no part, and a test image that is misread is on show. */
const intoDigits: Act = async (page) => {
  await page.locator(".neuron-tile").first().click();
  await page.getByRole("checkbox", { name: "it takes part" }).uncheck();
  await page.locator(".confusion").scrollIntoViewIfNeeded();
  await page.locator(".example").first().click();
  await page.locator(".drawing-target").waitFor();
};

/** States of a view one after the other: what of each is new, how to come there, and how to leave. */
type States = readonly (readonly [name: string, part: string, act: Act, end?: Act])[];

const playground: States = [
  ["playground", "html", (page) => page.locator(".landscape").waitFor()],
  ["examples", ".menu", (page) => page.getByRole("button", { name: "Examples", exact: true }).click(), leave],
  ["drawing", ".playground-in", pick("by hand", ".drawn-pad")],
  ["table", ".playground-in", pick("a table", ".drop")],
  ["points in a plane", "main", pick("moons", ".map-canvas")],
  ["keys", "dialog", (page) => page.locator("main").press("?"), leave],
];

const digits: States = [
  ["digits", "html", toDigits],
  ["into the digits", "main", intoDigits],
];

test.each([
  ["playground", playground],
  ["digits", digits],
])("axe-core finds nothing serious in the %s, on the light page and on the dark one", async (_, states) => {
  const page = await lab.at();
  for (const [name, part, act, end] of states) {
    await act(page);
    await drawn(page);
    expect(await findings(page, part, []), `${name}, light`).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await drawn(page);
    // Of the rules only this one depends on the theme.
    expect(await findings(page, part, ["color-contrast"]), `${name}, dark`).toEqual([]);
    await page.emulateMedia({ colorScheme: "light" });
    await end?.(page);
  }
});

test("the keyboard begins with a way to the network, and what is in focus is never under the bar", async () => {
  const page = await lab.at();
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
});

/** What stands beyond the sides of the window: the page itself, or controls that nothing scrolls to. */
function beyondEdge(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const scrolls = (node: Element | null): boolean =>
      node !== null && (/auto|scroll/.test(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
    const outside = [...document.querySelectorAll("button, input, select, a, summary, [tabindex]")].filter(
      (node) => {
        const { left, right, width } = node.getBoundingClientRect();
        return width > 1 && (left < -1 || right > clientWidth + 1) && !scrolls(node);
      },
    );
    return [
      ...(scrollWidth > clientWidth ? [`the page: ${scrollWidth} of ${clientWidth} pixels`] : []),
      ...outside.map((node) => node.outerHTML.slice(0, 200)),
    ];
  });
}

test("at 200 % nothing stands beyond the edge in either view, and the bars leave most of the window free", async () => {
  const { page, faults, close } = await openLab("", {
    viewport: { width: 640, height: 400 },
    deviceScaleFactor: 2,
  });
  await arriveAt(page, 60);
  const free = (): Promise<number> =>
    page.evaluate(() => {
      const stuck = [...document.querySelectorAll("body *")].filter((node) =>
        /sticky|fixed/.test(getComputedStyle(node).position),
      );
      scrollTo(0, 600);
      const bars = stuck.map((node) => node.getBoundingClientRect()).filter(({ width }) => width > 320);
      return 1 - bars.reduce((sum, { height }) => sum + height, 0) / innerHeight;
    });
  for (const act of [async () => {}, toDigits, intoDigits] satisfies Act[]) {
    await act(page);
    await drawn(page);
    expect(await beyondEdge(page)).toEqual([]);
    expect(await free()).toBeGreaterThan(0.5);
  }
  const pad = (await page.locator(".pad").boundingBox())!;
  expect(pad.width).toBeLessThanOrEqual(640);
  expect(pad.height).toBeLessThanOrEqual(400);
  expect(faults).toEqual([]);
  await close();
});

/** What a reader who wants less motion would see move: rules of the sheets that hold now, and what is under way. */
function moving(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = document.getAnimations().map((one) => `an animation: ${one.constructor.name}`);
    const seconds = (text: string): number =>
      Math.max(0, ...text.split(",").map((one) => Number.parseFloat(one) || 0));
    const look = (rules: CSSRuleList): void => {
      for (const rule of rules) {
        if (rule instanceof CSSMediaRule && !matchMedia(rule.conditionText).matches) continue;
        if (rule instanceof CSSStyleRule) {
          const { transitionDuration, animationDuration, scrollBehavior } = rule.style;
          if (seconds(transitionDuration) + seconds(animationDuration) > 0 || scrollBehavior === "smooth")
            found.push(rule.cssText);
        }
        if ("cssRules" in rule) look(rule.cssRules as CSSRuleList);
      }
    };
    for (const sheet of document.styleSheets) look(sheet.cssRules);
    return found;
  });
}

test("for who wants less motion nothing moves by itself, in either view", async () => {
  const page = await lab.at();
  const time = page.locator(".dock-line");
  for (let frame = 0; frame < 10; frame += 1) await drawn(page);
  expect(await time.inputValue()).toBe("60");
  for (const act of [async () => {}, toDigits] satisfies Act[]) {
    await act(page);
    await drawn(page);
    expect(await moving(page)).toEqual([]);
  }
});
