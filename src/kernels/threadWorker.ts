/**
 * The worker's side of `threads.ts`: what it runs, and the block of memory through which it and the caller talk.
 *
 *     caller   arguments, generation + 1, wakes sleepers | its share | waits until done = generation for all
 *     worker   waits until the generation changes        | its share | done = generation
 *
 * Waiting is spinning for a while, which answers within a fraction of a microsecond, and then sleeping, which takes no
 * processor time but some ten microseconds to wake from. Nobody sleeps unseen: a sleeper says so and then sleeps on a number
 * that must be unchanged; who changes that number does so first and looks for sleepers then.
 *
 * The control block is the first 4,096 bytes of the memory. What different threads write lies on different lines of the
 * cache, and what a waiting thread watches has a line of its own:
 *
 *   0      generation: counts the commands
 *   64     number of the command, and from 72 on its arguments, twelve float64
 *   192    how many workers sleep
 *   256    whether the caller sleeps
 *   320    how many workers are ready
 *   384    the thread that failed (0 nobody, -1 about to be told), how many letters its reason has, from 400 on these
 *   1024   done: for each thread a line, with the generation of the command that it did last
 *
 * Numbers below are indices into views of int32, ARGUMENTS of float64 and REASON of uint16.
 */
export const CONTROL_BYTES = 4096;
export const GENERATION = 0;
export const COMMAND = 16;
export const ARGUMENTS = 9;
export const SLEEPERS = 48;
export const CALLER_SLEEPS = 64;
export const READY = 80;
export const FAILED = 96;
export const REASON_LENGTH = 97;
export const REASON = 200;
export const DONE = 256;
export const LINE = 16;

/** Room for the letters of a reason. */
const MOST_LETTERS = 300;

/** Number of the command that ends a worker. */
export const END: number = -1;

/** How often a waiting thread looks before it sleeps: some tens of microseconds. */
export const SPINS = 4000;

/** What a worker is given. */
export interface WorkerData {
  readonly memory: WebAssembly.Memory;
  readonly modules: readonly WebAssembly.Module[];
  readonly commands: readonly string[];
  readonly thread: number;
  readonly threads: number;
}

/** What a worker does with it. A text and not a function, whose text compilers and minifiers may change. */
export const workerSource: string = `({ memory, modules, commands, thread, threads }) => {
  const ints = new Int32Array(memory.buffer, 0, ${CONTROL_BYTES / 4});
  const a = new Float64Array(memory.buffer, ${8 * ARGUMENTS}, 12);
  const done = ${DONE} + ${LINE} * thread;

  // The first to fail tells why.
  const fail = (reason) => {
    if (Atomics.compareExchange(ints, ${FAILED}, 0, -1) !== 0) return;
    const letters = new Uint16Array(memory.buffer, ${2 * REASON}, ${MOST_LETTERS});
    const length = Math.min(reason.length, ${MOST_LETTERS});
    for (let i = 0; i < length; i++) letters[i] = reason.charCodeAt(i);
    ints[${REASON_LENGTH}] = length;
    Atomics.store(ints, ${FAILED}, thread);
  };

  let functions;
  try {
    const exports = modules.map((module) => new WebAssembly.Instance(module, { env: { memory } }).exports);
    const all = Object.assign({}, ...exports);
    functions = commands.map((name) => all[name]);
  } catch (error) {
    return fail(String(error));
  }
  Atomics.add(ints, ${READY}, 1);

  for (let last = 0, generation = 0; ; last = generation) {
    for (let n = 0; (generation = Atomics.load(ints, ${GENERATION})) === last; n++) {
      if (n < ${SPINS}) continue;
      Atomics.add(ints, ${SLEEPERS}, 1);
      Atomics.wait(ints, ${GENERATION}, last);
      Atomics.sub(ints, ${SLEEPERS}, 1);
    }
    const command = ints[${COMMAND}];
    if (command === ${END}) return;
    try {
      functions[command](thread, threads, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11]);
    } catch (error) {
      fail(error + " in the command " + commands[command]);
    }
    Atomics.store(ints, done, generation);
    if (Atomics.load(ints, ${CALLER_SLEEPS}) !== 0) Atomics.notify(ints, done);
  }
}`;
