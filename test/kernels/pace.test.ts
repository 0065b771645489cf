/** Whether work is shared out follows the clock. */
import { expect, test } from "vitest";
import { Pace } from "../../src/kernels/pace.ts";

/** How often of so many calls the work was shared, where each way takes a given time. */
function shares(pace: Pace, calls: number, shared: number, alone: number): number {
  let count = 0;
  for (let i = 0; i < calls; i++) {
    if (pace.shared) count++;
    pace.took(pace.shared ? shared : alone, 1);
  }
  return count / calls;
}

test("threads that pay are used, and one alone is tried now and then", () => {
  const share = shares(new Pace(), 2560, 1, 1.8);
  expect(share).toBeGreaterThan(0.98);
  expect(share).toBeLessThan(1);
});

test("threads that wait longer than they work are left out, and come back when they pay again", () => {
  const pace = new Pace();
  expect(shares(pace, 2560, 3, 1)).toBeLessThan(0.2);
  expect(shares(pace, 2560, 0.5, 1)).toBeGreaterThan(0.8);
});

test("a small difference changes nothing", () => {
  expect(shares(new Pace(), 2560, 1, 0.97)).toBeGreaterThan(0.98);
});
