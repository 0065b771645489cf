import { OptionError, ThreadError } from "talweg/core";
import { expect, test } from "vitest";
import { defaultThreadHost, type ThreadHost } from "../../src/kernels/threadHost.ts";
import { WasmModule } from "../../src/kernels/wasmModule.ts";
import { ARGUMENTS, ENDLESS, open, START, TRAP } from "./threadsMaterial.ts";

const node = defaultThreadHost()!;
const remedy = "pass threads: 1 to work on one thread.";

function thrown(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

function expectThreadError(error: unknown, thread: number, message: string): void {
  expect(error).toBeInstanceOf(ThreadError);
  expect(error).toMatchObject({ code: "thread", thread, message });
}

test("a host that refuses to start a worker: the next command tells why, and so does started", async () => {
  const host: ThreadHost = {
    start: () => {
      throw new Error("no more workers");
    },
  };
  const { threads } = open(3, { host });
  const message = `threads: thread 1 of 3 could not be started: Error: no more workers; ${remedy}`;
  expectThreadError(
    thrown(() => threads.run(ARGUMENTS)),
    1,
    message,
  );
  expectThreadError(await threads.started().catch((error: unknown) => error), 1, message);
  threads.close();
});

test("a worker that ends while it starts is told by its exit code", async () => {
  const host: ThreadHost = { start: (_, data, failed) => node.start("() => process.exit(3)", data, failed) };
  const { threads } = open(2, { host });
  const error = await threads.started().catch((reason: unknown) => reason);
  const message = `threads: thread 1 of 2 could not be started: it ended with exit code 3; ${remedy}`;
  expectThreadError(error, 1, message);
  expectThreadError(
    thrown(() => threads.run(ARGUMENTS)),
    1,
    message,
  );
});

test("a worker whose script throws is told by what it threw", async () => {
  const source = '() => { throw new RangeError("too deep"); }';
  const host: ThreadHost = { start: (_, data, failed) => node.start(source, data, failed) };
  const error = await open(2, { host })
    .threads.started()
    .catch((reason: unknown) => reason);
  expectThreadError(error, 1, `threads: thread 1 of 2 could not be started: RangeError: too deep; ${remedy}`);
});

test("a module that a worker cannot instantiate is told to a caller that never waits", () => {
  const larger = new WebAssembly.Module(new WasmModule().finish({ pages: 9, maximum: 9, shared: true }));
  const { threads } = open(2, { others: [larger] });
  const error = thrown(() => {
    for (;;) threads.run(ARGUMENTS);
  });
  expect(error).toBeInstanceOf(ThreadError);
  expect((error as ThreadError).message).toMatch(
    /^threads: thread 1 of 2 could not be started: LinkError: .*memory.*; pass threads: 1 to work on one thread\.$/s,
  );
});

test("workers that never get ready: the caller works alone, and started gives up after patience", async () => {
  const host: ThreadHost = { start: () => ({ stop: () => {} }) };
  const { threads, doubles } = open(2, { host, patience: 30 });
  threads.run(ARGUMENTS, 7);
  expect([...doubles.subarray(START / 8, START / 8 + 2)]).toEqual([1, 7]);
  expectThreadError(
    await threads.started().catch((error: unknown) => error),
    1,
    `threads: thread 1 of 2 could not be started: not ready after 0.03 s; ${remedy}`,
  );
});

test("a worker that traps is told by what it ran into, and later commands throw the same", async () => {
  const { threads } = open(3);
  await threads.started();
  const error = thrown(() => threads.run(TRAP, 2));
  expectThreadError(
    error,
    2,
    `threads: thread 2 of 3 failed: RuntimeError: unreachable in the command trap; ${remedy}`,
  );
  expect(thrown(() => threads.run(ARGUMENTS))).toBe(error);
  expect(threads.active).toBe(1);
});

test.each(["before", "in"])(
  "a worker ended %s a command: the caller waits for patience and no longer",
  async (when) => {
    const stops: (() => void)[] = [];
    const host: ThreadHost = {
      start: (source, data, failed) => {
        const worker = node.start(source, data, failed);
        stops.push(worker.stop);
        return worker;
      },
    };
    const { threads } = open(3, { host, patience: 200 });
    await threads.started();
    if (when === "before") stops[0]!();
    const [command, name] =
      when === "before" ? ([ARGUMENTS, "arguments"] as const) : ([ENDLESS, "endless"] as const);
    const from = performance.now();
    const error = thrown(() => threads.run(command, 1));
    expect(performance.now() - from).toBeLessThan(5000);
    expectThreadError(
      error,
      1,
      `threads: thread 1 of 3 failed: silent for 0.2 s in the command ${name}; ${remedy}`,
    );
  },
);

test("a worker lost between commands is told by the next one", async () => {
  const losses: ((reason: string) => void)[] = [];
  const host: ThreadHost = {
    start: (source, data, failed) => {
      losses.push(failed);
      return node.start(source, data, failed);
    },
  };
  const { threads } = open(2, { host });
  await threads.started();
  losses[0]!("out of memory");
  expectThreadError(
    thrown(() => threads.run(ARGUMENTS)),
    1,
    `threads: thread 1 of 2 failed: out of memory; ${remedy}`,
  );
});

test("a loss that is told after close is none", async () => {
  const losses: ((reason: string) => void)[] = [];
  const host: ThreadHost = {
    start: (_, __, failed) => {
      losses.push(failed);
      return { stop: () => {} };
    },
  };
  const { threads, doubles } = open(2, { host });
  threads.close();
  losses[0]!("late");
  threads.run(ARGUMENTS, 7);
  expect(doubles[START / 8 + 1]).toBe(7);
});

test.each([0, -1, 1.5, 49, Number.NaN])("refuses %d threads", (count) => {
  const error = thrown(() => open(count));
  expect(error).toBeInstanceOf(OptionError);
  expect(error).toMatchObject({
    option: "threads",
    message: `threads is ${count}, expected a whole number from 1 to 48; pass one for each core to be used.`,
  });
});
