/** Training on several threads: the same bits, and an error in plain words when one of them is lost. */
import type { Worker } from "node:worker_threads";
import { adam, dense, type Network, network, type TrainOptions, train, trainEvents } from "talweg";
import { type Dataset, OptionError, ThreadError } from "talweg/core";
import { afterEach, expect, test } from "vitest";

const QUICK = 10_000;

const threads = process.getBuiltinModule("node:worker_threads");
const Original = threads.Worker;
afterEach(() => {
  threads.Worker = Original;
});

/** The workers that are started from now on; `source` may be given another text. */
function watchWorkers(source: (text: string) => string = (text) => text): Worker[] {
  const started: Worker[] = [];
  threads.Worker = class extends Original {
    constructor(...[text, options]: ConstructorParameters<typeof Worker>) {
      super(source(String(text)), options);
      started.push(this);
    }
  };
  return started;
}

const make = (): Network => network([dense(40, 50, "relu"), dense(50, 4, "softmax")], { seed: 1 });
const rows = 300;
const data: Dataset = {
  x: Float32Array.from({ length: rows * 40 }, (_, i) => ((i * 37) % 101) / 101),
  y: Uint8Array.from({ length: rows }, (_, i) => i % 4),
  rows,
  inputs: 40,
  outputs: 4,
};
const endless: TrainOptions = { kernels: "simd", report: "epoch", epochs: 1e6, optimizer: adam() };

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Trains until it throws; between epochs there is time for workers to start. */
async function lost(
  n: Network,
  options: TrainOptions,
  epoch: (count: number) => unknown,
): Promise<ThreadError> {
  let count = 0;
  try {
    for await (const { event } of trainEvents(n, data, { ...endless, ...options })) {
      if (event !== "epoch") continue;
      await epoch(++count);
      if (count < 20) await pause(10);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(ThreadError);
    return error as ThreadError;
  }
  throw new Error("training ended");
}

/** After a lost thread the network is whole and can be trained again. */
async function expectWhole(n: Network): Promise<void> {
  expect(n.parameters.every(Number.isFinite)).toBe(true);
  const { reason } = await train(n, data, { epochs: 1, threads: 1 });
  expect(reason).toBe("epochs");
}

const remedy = "pass threads: 1 to work on one thread.";

test("the number of threads changes no bit, and no worker is left", { timeout: QUICK }, async () => {
  const hashes = new Set<string>();
  for (const count of [1, 2, 3, 5]) {
    const workers = watchWorkers();
    const ended = (): Promise<unknown> =>
      Promise.all(workers.map((w) => new Promise((done) => w.on("exit", done))));
    let exits: Promise<unknown> | undefined;
    for await (const event of trainEvents(make(), data, { ...endless, epochs: 8, threads: count })) {
      exits ??= ended();
      if (event.event === "epoch") await pause(20);
      if (event.event === "result") hashes.add(event.parametersSha256);
    }
    expect(workers).toHaveLength(count - 1);
    await exits;
  }
  expect(hashes.size).toBe(1);
});

test("a reader of events who leaves, or an error of his own, ends the workers", {
  timeout: QUICK,
}, async () => {
  for (const leave of ["break", "throw", "checkpoint"]) {
    const workers = watchWorkers();
    const onCheckpoint = (): void => {
      throw new Error("no space left");
    };
    const more = leave === "checkpoint" ? { onCheckpoint, checkpointEvery: 3 } : {};
    let exit: Promise<unknown> | undefined;
    const run = async (): Promise<void> => {
      for await (const { event } of trainEvents(make(), data, { ...endless, threads: 2, ...more })) {
        exit ??= new Promise((done) => workers[0]!.on("exit", done));
        if (leave === "checkpoint" || event !== "epoch") continue;
        if (leave === "break") break;
        throw new Error("no space left");
      }
    };
    if (leave === "break") await run();
    else await expect(run()).rejects.toThrow("no space left");
    expect(workers).toHaveLength(1);
    await exit;
  }
});

test("a platform that refuses workers is told at the first step", { timeout: QUICK }, async () => {
  threads.Worker = class {
    constructor() {
      throw new Error("no more workers");
    }
  } as unknown as typeof Worker;
  const n = make();
  const error = await lost(n, { threads: 3 }, () => {});
  expect(error.message).toBe(
    `threads: thread 1 of 3 could not be started: Error: no more workers; ${remedy}`,
  );
  threads.Worker = Original;
  await expectWhole(n);
});

test("a worker that ends while it starts is told by its exit code", { timeout: QUICK }, async () => {
  watchWorkers(() => "process.exit(3);");
  const n = make();
  const error = await lost(n, { threads: 2 }, () => {});
  expect(error.message).toBe(
    `threads: thread 1 of 2 could not be started: it ended with exit code 3; ${remedy}`,
  );
  await expectWhole(n);
});

test("a worker that fails in a step is told by why", { timeout: QUICK }, async () => {
  const call = "functions[command](";
  watchWorkers((text) => {
    expect(text).toContain(call);
    return text.replace(call, `if ((a.n = (a.n ?? 0) + 1) > 9) throw new RangeError("too deep");\n${call}`);
  });
  const n = make();
  const error = await lost(n, { threads: 2 }, () => {});
  expect(error.message).toMatch(
    /^threads: thread 1 of 2 failed: RangeError: too deep in the command \w+; pass threads: 1 to work on one thread\.$/,
  );
  expect(error).toMatchObject({ code: "thread", thread: 1 });
  await expectWhole(n);
});

test("a worker that was ended between two epochs is told by the next one", { timeout: QUICK }, async () => {
  const workers = watchWorkers();
  const n = make();
  const error = await lost(n, { threads: 3 }, async (count) => {
    if (count === 20) await workers[1]!.terminate();
    if (count === 20) await pause(10);
  });
  expect(error.message).toBe(`threads: thread 2 of 3 failed: it ended with exit code 1; ${remedy}`);
  await expectWhole(n);
});

test("a worker that is ended in the middle of steps: the run waits ten seconds for it and no longer", {
  timeout: 30_000,
}, async () => {
  const workers = watchWorkers();
  const n = make();
  let from = 0;
  const error = await lost(n, { threads: 2 }, (count) => {
    if (count < 20) return;
    void workers[0]!.terminate();
    from ||= performance.now();
  });
  expect(performance.now() - from).toBeLessThan(15_000);
  expect(error.message).toMatch(
    /^threads: thread 1 of 2 failed: (silent for 10 s in the command \w+|it ended with exit code 1); pass threads: 1/,
  );
  await expectWhole(n);
});

test.each([0, 17, 1.5, Number.NaN])("refuses %d threads", { timeout: QUICK }, async (count) => {
  const error = await train(make(), data, { threads: count }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(OptionError);
  expect((error as Error).message).toBe(
    `threads is ${count}, expected a whole number from 1 to 16; leave it away for as many as pay.`,
  );
});
