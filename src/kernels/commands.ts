/**
 * The functions of generated code by name, on all threads or on the caller's own.
 *
 * A vector operation is a command of its own and costs all threads a meeting, so that short vectors are left to one thread.
 */
import type { Threads } from "./threads.ts";

/** What generated code exports: every function takes thread and threads first. */
type Exported = Record<string, (thread: number, threads: number, ...a: number[]) => number | undefined>;

/** Below so many numbers a vector operation takes less time than it takes threads to meet. */
const SHORT = 16_384;

export class Commands {
  readonly memory: WebAssembly.Memory;
  /** What the caller's own instances export. */
  readonly own: Readonly<Exported>;
  private readonly threads: Threads;
  private readonly numbers: Readonly<Record<string, number>>;
  /** Whether commands are shared out at all. */
  shared = true;

  /** @param names In the order in which `threads` numbers them. */
  constructor(
    memory: WebAssembly.Memory,
    exports: readonly WebAssembly.Exports[],
    threads: Threads,
    names: readonly string[],
  ) {
    this.memory = memory;
    this.own = Object.assign({}, ...exports) as Exported;
    this.threads = threads;
    this.numbers = Object.fromEntries(names.map((name, i) => [name, i]));
  }

  /** On all threads that are ready, if it is shared out. */
  run(name: string, a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0, a6 = 0, a7 = 0, a8 = 0): void {
    if (this.shared) this.threads.run(this.numbers[name]!, a0, a1, a2, a3, a4, a5, a6, a7, a8);
    else this.own[name]!(0, 1, a0, a1, a2, a3, a4, a5, a6, a7, a8);
  }

  /** Whether there are threads to share with by now. */
  get manned(): boolean {
    return this.threads.active > 1;
  }

  /** An operation on vectors of n numbers. */
  vectors(
    name: string,
    n: number,
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
  ): void {
    if (n < SHORT || !this.shared) this.own[name]!(0, 1, n, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10);
    else this.threads.run(this.numbers[name]!, n, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10);
  }

  /** A function that one thread carries out, and its result. */
  ask(name: string, a0 = 0, a1 = 0): number {
    return this.own[name]!(a0, a1) as number;
  }

  started(): Promise<void> {
    return this.threads.started();
  }

  close(): void {
    this.threads.close();
  }
}
