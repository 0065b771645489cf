import { expect, test } from "vitest";
import { openLab } from "./browser.ts";

test("a worker that dies is told of, the page works on, and run starts a new one", async () => {
  const { page, faults, close } = await openLab();
  const line = page.locator("input.dock-line");
  const message = page.locator(".heading-message");
  await page.waitForFunction(() => {
    const line = document.querySelector<HTMLInputElement>("input.dock-line");
    return Number(line?.value) === 60;
  });
  const worker = page.workers().find((one) => /\/worker-/.test(one.url()))!;
  // Thrown outside of any question, as when memory is short.
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error("power cut");
    });
  });
  await message.filter({ hasText: "has stopped" }).waitFor();
  expect(await message.textContent()).toMatch(/The worker that trains has stopped: .*power cut/);
  expect(await line.inputValue()).toBe("60");
  await page.locator("main").focus();
  await page.keyboard.press("Space");
  await page.waitForFunction(
    () => Number(document.querySelector<HTMLInputElement>("input.dock-line")?.value) > 60,
  );
  expect(await message.count()).toBe(0);
  expect(faults.filter((fault) => !fault.includes("power cut"))).toEqual([]);
  await close();
});
