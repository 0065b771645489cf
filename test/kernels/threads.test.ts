import { afterEach, expect, test } from "vitest";
import { availableThreads } from "../../src/kernels/threadHost.ts";
import { SLEEPERS } from "../../src/kernels/threadWorker.ts";
import { ARGUMENTS, type Opened, open, START, TRAP, TURN } from "./threadsMaterial.ts";

const opened: Opened[] = [];
function opening(threads: number): Opened {
  const made = open(threads);
  opened.push(made);
  return made;
}
afterEach(() => {
  for (const { threads } of opened.splice(0)) threads.close();
});

const COUNT = 37;
const OTHER = START + 1024;

/** Turns the numbers by one place so often, each time with another step. */
function turns({ threads }: Opened, times: number): void {
  for (let k = 0; k < times; k++) {
    threads.run(TURN, k % 2 === 0 ? START : OTHER, k % 2 === 0 ? OTHER : START, COUNT, k / 4);
  }
}

/** What `turns` leaves, for an even number of times, where all began at 0. */
function turned(times: number): number[] {
  return Array.from({ length: COUNT }, () => (times * (times - 1)) / 8);
}

function numbers({ doubles }: Opened): number[] {
  return [...doubles.subarray(START / 8, START / 8 + COUNT)];
}

/** Until all workers sleep. */
async function asleep({ ints }: Opened, workers: number): Promise<void> {
  while (Atomics.load(ints, SLEEPERS) !== workers) await new Promise((resolve) => setTimeout(resolve, 1));
}

test.each([1, 2, 3, 8])("%i threads do the same as one over thousands of commands", async (count) => {
  const team = opening(count);
  const start = Array.from({ length: COUNT }, (_, i) => i);
  team.doubles.set(start, START / 8);
  await team.threads.started();
  expect(team.threads.active).toBe(count);
  const times = count <= 2 ? 10_000 : 1000;
  turns(team, times);
  const places = Array.from({ length: COUNT }, (_, i) => (i + times) % COUNT);
  expect(numbers(team)).toEqual(turned(times).map((sum, i) => sum + places[i]!));
});

test("every thread gets all twelve arguments, whole or not", async () => {
  const team = opening(3);
  await team.threads.started();
  const a = [1, -2, 3.5, 2 ** 31, -0, Number.NaN, 1e300, 8, 9, 10, 11, 0.1] as const;
  team.threads.run(ARGUMENTS, ...a);
  for (let thread = 0; thread < 3; thread++) {
    const at = (START + 128 * thread) / 8;
    expect([...team.doubles.subarray(at, at + 13)]).toEqual([3, ...a]);
  }
  team.threads.run(ARGUMENTS, 5);
  const at = (START + 128) / 8;
  expect([...team.doubles.subarray(at, at + 3)], "what is not given is 0").toEqual([3, 5, 0]);
});

test("commands run on the caller's thread until all are ready, and on all from then on", async () => {
  const team = opening(2);
  team.threads.run(ARGUMENTS, 7);
  expect(team.threads.active).toBe(1);
  expect([...team.doubles.subarray(START / 8, START / 8 + 2)]).toEqual([1, 7]);
  expect(team.doubles[(START + 128) / 8]).toBe(0);
  await team.threads.started();
  expect(team.threads.active).toBe(2);
  team.threads.run(ARGUMENTS, 7);
  expect([...team.doubles.subarray(START / 8, START / 8 + 2)]).toEqual([2, 7]);
  expect(team.doubles[(START + 128) / 8]).toBe(2);
});

test("workers join a caller that never returns to its event loop", () => {
  const team = opening(2);
  while (team.threads.active === 1) team.threads.run(ARGUMENTS, 7);
  expect(team.doubles[(START + 128) / 8]).toBe(2);
});

test("idle workers go to sleep, and wake up for the next command", async () => {
  const team = opening(3);
  await team.threads.started();
  for (let k = 1; k <= 20; k++) {
    await asleep(team, 2);
    turns(team, 10);
    expect(numbers(team)).toEqual(turned(10).map((sum) => k * sum));
  }
});

test("what the caller's own share throws comes through, and the threads stay", async () => {
  const team = opening(2);
  expect(() => team.threads.run(TRAP, 0)).toThrow(WebAssembly.RuntimeError);
  await team.threads.started();
  expect(() => team.threads.run(TRAP, 0)).toThrow(WebAssembly.RuntimeError);
  turns(team, 100);
  expect(team.threads.active).toBe(2);
  expect(numbers(team)).toEqual(turned(100));
});

test("after close, twice or not, the memory stays and the caller works alone", async () => {
  const team = opening(2);
  await team.threads.started();
  turns(team, 10);
  team.threads.close();
  team.threads.close();
  expect(team.threads.active).toBe(1);
  expect(numbers(team)).toEqual(turned(10));
  turns(team, 10);
  expect(numbers(team)).toEqual(turned(10).map((sum) => 2 * sum));
});

test("closed while they start, they tell who waits for them", async () => {
  const team = opening(2);
  const started = team.threads.started();
  team.threads.close();
  await expect(started).rejects.toThrow("threads: closed before all had started");
  turns(team, 10);
  expect(numbers(team)).toEqual(turned(10));
});

test("one thread needs neither a host nor a shared memory", async () => {
  const { Threads } = await import("../../src/kernels/threads.ts");
  const memory = new WebAssembly.Memory({ initial: 1 });
  const calls: number[][] = [];
  const exports = { note: (...a: number[]) => calls.push(a) };
  const threads = new Threads({ memory, modules: [], exports: [exports], commands: ["note"], threads: 1 });
  memory.grow(1);
  await threads.started();
  threads.run(0, 4, 5);
  threads.close();
  threads.run(0);
  expect(calls).toEqual([
    [0, 1, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ]);
});

test("knows how many threads can run at the same time", () => {
  expect(availableThreads()).toBeGreaterThanOrEqual(1);
});
