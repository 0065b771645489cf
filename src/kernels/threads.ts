/**
 * Threads that work together on one shared WebAssembly memory.
 *
 * Work is done in commands: exported functions `(thread, threads, a0, a1, …)` that every thread calls with its own number
 * and that do that thread's share. The caller is thread 0. A command begins when all threads have ended the one before, so
 * it sees all that was written. How the threads talk to each other stands in `threadWorker.ts`.
 *
 * No message is ever waited for, so a caller that never returns to its event loop can use threads as well.
 */
import { OptionError, ThreadError } from "../core/index.ts";
import type { ThreadHost } from "./threadHost.ts";
import {
  ARGUMENTS,
  CALLER_SLEEPS,
  COMMAND,
  CONTROL_BYTES,
  DONE,
  END,
  FAILED,
  GENERATION,
  LINE,
  READY,
  REASON,
  REASON_LENGTH,
  SLEEPERS,
  SPINS,
  type WorkerData,
  workerSource,
} from "./threadWorker.ts";

/** Threads that the control block has room for. */
const MOST_THREADS = (CONTROL_BYTES / 4 - DONE) / LINE;

/** Patience is spent in parts, so that a process that was stopped meanwhile, or a computer asleep, loses only one. */
const PARTS = 20;

/** Milliseconds between two looks of `started`. */
const TICK = 2;

type Command = (thread: number, threads: number, ...a: number[]) => void;

export interface ThreadsOptions {
  /** Shared where `threads` is above 1; its first 4,096 bytes belong to the threads. */
  memory: WebAssembly.Memory;
  /** Modules that import nothing but `env.memory`. */
  modules: readonly WebAssembly.Module[];
  /** What the caller's own instances of these modules export. */
  exports: readonly WebAssembly.Exports[];
  /** Names of exported functions; `run` takes their position in this list. */
  commands: readonly string[];
  /** Threads wanted, the caller included. */
  threads: number;
  /** Needed where `threads` is above 1. */
  host?: ThreadHost | undefined;
  /** Milliseconds that the caller waits for a silent thread once its own share is done. */
  patience?: number;
}

export class Threads {
  /**
   * How many threads run the commands: 1 until all workers are ready, then all. It changes at the beginning of `run`, when
   * `started` is fulfilled, and with `close`.
   */
  active = 1;
  private readonly functions: readonly Command[];
  private readonly commands: readonly string[];
  private readonly threads: number;
  private readonly ints: Int32Array;
  private readonly a: Float64Array;
  private readonly patience: number;
  private readonly maySleep: boolean;
  private readonly workers: { stop(): void }[] = [];
  private generation = 0;
  private failure: ThreadError | undefined;
  private closed: boolean;

  /**
   * Starts the workers and does not wait for them: until all are ready, commands run on the caller's thread alone.
   *
   * @throws {OptionError} When `threads` is not a whole number from 1 to 48, or above 1 without a host.
   */
  constructor({ memory, modules, exports, commands, threads, host, patience = 10_000 }: ThreadsOptions) {
    checkThreads(threads, host);
    const all = Object.assign({}, ...exports) as Record<string, Command>;
    this.functions = commands.map((name) => all[name]!);
    this.commands = commands;
    this.threads = threads;
    this.patience = patience;
    this.ints = new Int32Array(memory.buffer, 0, CONTROL_BYTES / 4).fill(0);
    this.a = new Float64Array(memory.buffer, 8 * ARGUMENTS, 12);
    // One thread needs no control block, which may then lie in a memory that is not shared and that moves when it grows.
    this.closed = threads === 1;
    this.maySleep = threads > 1 && maySleep(this.ints);
    for (let thread = 1; thread < threads && !this.closed; thread++) {
      const data: WorkerData = { memory, modules, commands, thread, threads };
      try {
        this.workers.push(host!.start(workerSource, data, (reason) => this.lose(thread, reason)));
      } catch (error) {
        this.lose(thread, String(error));
      }
    }
  }

  /**
   * Fulfilled when all workers are ready; nobody needs to wait for it.
   *
   * @throws {ThreadError} When one of them could not be started, or is not ready after `patience`, or `close` came first.
   */
  async started(): Promise<void> {
    // Counted, not timed: a clock goes on while the caller is busy, and a browser starts workers only when it is not.
    for (let waited = 0; this.active < this.threads; waited += TICK) {
      if (waited > this.patience) this.lose(this.threads - 1, `not ready after ${this.patience / 1000} s`);
      this.lookForWorkers();
      if (this.closed)
        throw new ThreadError(0, "threads: closed before all had started; wait before you close.");
      if (this.active < this.threads) await new Promise((resolve) => setTimeout(resolve, TICK));
    }
  }

  /**
   * Runs a command on all threads and returns when all have done their share. What the caller's own share throws is thrown
   * again after that.
   *
   * @param command Position in `commands`.
   * @throws {ThreadError} When a thread could not be started, failed, or is silent for longer than `patience`. The threads
   *   are closed then, and every later command throws the same; what the command should have written is not to be used.
   */
  // One parameter each: a rest parameter would make an array for every command.
  run(
    command: number,
    a0 = 0,
    a1 = 0,
    a2 = 0,
    a3 = 0,
    a4 = 0,
    a5 = 0,
    a6 = 0,
    a7 = 0,
    a8 = 0,
    a9 = 0,
    a10 = 0,
    a11 = 0,
  ): void {
    const { a, threads } = this;
    const own = this.functions[command]!;
    if (this.active === 1) {
      this.lookForWorkers();
      if (this.active === 1) {
        own(0, 1, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11);
        return;
      }
    }
    a[0] = a0;
    a[1] = a1;
    a[2] = a2;
    a[3] = a3;
    a[4] = a4;
    a[5] = a5;
    a[6] = a6;
    a[7] = a7;
    a[8] = a8;
    a[9] = a9;
    a[10] = a10;
    a[11] = a11;
    this.announce(command);
    try {
      own(0, threads, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11);
    } finally {
      this.waitForAll(command);
    }
  }

  /** Ends the workers. The memory stays, and commands that follow run on the caller's thread alone. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.active = 1;
    this.announce(END);
    for (const worker of this.workers) worker.stop();
    this.workers.length = 0;
  }

  /** Throws what went wrong, or takes the workers in if all are ready. */
  private lookForWorkers(): void {
    if (!this.closed && Atomics.load(this.ints, FAILED) > 0) this.lose(0, "");
    if (this.failure !== undefined) throw this.failure;
    if (!this.closed && Atomics.load(this.ints, READY) === this.threads - 1) this.active = this.threads;
  }

  private announce(command: number): void {
    const { ints } = this;
    this.generation = (this.generation + 1) | 0;
    ints[COMMAND] = command;
    Atomics.store(ints, GENERATION, this.generation);
    if (Atomics.load(ints, SLEEPERS) !== 0) Atomics.notify(ints, GENERATION);
  }

  private waitForAll(command: number): void {
    const { ints, generation, threads } = this;
    for (let thread = 1; thread < threads; thread++) {
      if (Atomics.load(ints, DONE + LINE * thread) === generation) continue;
      if (this.waitFor(DONE + LINE * thread, generation)) continue;
      const seconds = this.patience / 1000;
      this.lose(thread, `silent for ${seconds} s in the command ${this.commands[command]}`);
      break;
    }
    if (Atomics.load(ints, FAILED) > 0) this.lose(0, "");
    if (this.failure !== undefined) throw this.failure;
  }

  /** Spins, then sleeps; false when patience runs out. */
  private waitFor(done: number, generation: number): boolean {
    const { ints } = this;
    for (let n = 0; n < SPINS; n++) if (Atomics.load(ints, done) === generation) return true;
    Atomics.store(ints, CALLER_SLEEPS, 1);
    for (let part = 0; part < PARTS; part++) {
      const last = Atomics.load(ints, done);
      if (last === generation) break;
      this.rest(done, last, this.patience / PARTS);
    }
    Atomics.store(ints, CALLER_SLEEPS, 0);
    return Atomics.load(ints, done) === generation;
  }

  /** Sleeps until the number is another or the time is over; a page, which must not sleep, looks again and again. */
  private rest(index: number, last: number, milliseconds: number): void {
    const { ints } = this;
    if (this.maySleep) {
      Atomics.wait(ints, index, last, milliseconds);
      return;
    }
    const end = performance.now() + milliseconds;
    while (performance.now() < end) {
      for (let n = 0; n < SPINS; n++) if (Atomics.load(ints, index) !== last) return;
    }
  }

  /** Closes, and keeps why for the next command: what a thread itself has told, else `reason`. */
  private lose(thread: number, reason: string): void {
    if (this.closed) return;
    const { ints, threads } = this;
    const told = Atomics.load(ints, FAILED) > 0;
    const who = told ? ints[FAILED]! : thread;
    const why = told ? this.toldReason() : reason;
    const what = this.active === threads ? "failed" : "could not be started";
    this.failure = new ThreadError(
      who,
      `threads: thread ${who} of ${threads} ${what}: ${why}; pass threads: 1 to work on one thread.`,
    );
    this.close();
  }

  private toldReason(): string {
    const letters = new Uint16Array(this.ints.buffer, 2 * REASON, this.ints[REASON_LENGTH]);
    return String.fromCharCode(...letters);
  }
}

function checkThreads(threads: number, host: ThreadHost | undefined): void {
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw new OptionError(
      "threads",
      `threads is ${threads}, expected a whole number from 1 to ${MOST_THREADS}; pass one for each core to be used.`,
    );
  }
  if (threads > 1 && host === undefined) {
    throw new OptionError(
      "threads",
      `threads is ${threads}, but threads cannot share memory here; pass threads: 1, or serve the page with the headers ` +
        "that make it cross-origin isolated.",
    );
  }
}

/** A page's own thread may not: there `Atomics.wait` throws. */
function maySleep(ints: Int32Array): boolean {
  try {
    Atomics.wait(ints, GENERATION, ints[GENERATION]! + 1, 0);
    return true;
  } catch {
    return false;
  }
}
