/** A small module whose commands show what threads do, and threads that run it. */
import { defaultThreadHost, type ThreadHost } from "../../src/kernels/threadHost.ts";
import { Threads } from "../../src/kernels/threads.ts";
import { WasmModule } from "../../src/kernels/wasmModule.ts";
import { Double, Int } from "../../src/kernels/wasmValues.ts";

/** Numbers of the commands. */
export const TURN = 0;
export const ARGUMENTS = 1;
export const TRAP = 2;
export const ENDLESS = 3;
const commands = ["turn", "arguments", "trap", "endless"];

/** Where the commands write. */
export const START = 4096;
const TWELVE = Array.from({ length: 12 }, () => Double);

export const pages = { pages: 2, maximum: 2, shared: true };

function build(): WebAssembly.Module {
  const module = new WasmModule();
  // to[i] = from[i + 1] + step for a thread's share of i: most of what a thread reads, another one wrote.
  const turn = [Int, Int, Int, Int, Int, Double] as const;
  module.export("turn", turn, undefined, (f, thread, threads, from, to, count, step) => {
    const i = f.local(Int, thread);
    f.if(i.lessUnsigned(count), () =>
      f.loop(() => {
        const next = Int.of(0).where(i.plus(1).equals(count), i.plus(1));
        f.store(to.plus(i.shiftLeft(3)), 0, Double.at(from.plus(next.shiftLeft(3))).plus(step));
        i.set(i.plus(threads));
        return i.lessUnsigned(count);
      }),
    );
    return undefined;
  });
  // Each thread stores how many they are and its arguments, at START + 128 * thread.
  module.export("arguments", [Int, Int, ...TWELVE], undefined, (f, thread, threads, ...a) => {
    const at = f.local(Int, (thread as Int).shiftLeft(7));
    f.store(at, START, Double.fromInt(threads as Int));
    a.forEach((value, i) => {
      f.store(at, START + 8 + 8 * i, value);
    });
    return undefined;
  });
  // Thread `where` alone runs into trouble.
  module.export("trap", [Int, Int, Int] as const, undefined, (f, thread, _, where) => {
    f.if(thread.equals(where), () => f.run([0x00]));
    return undefined;
  });
  module.export("endless", [Int, Int, Int] as const, undefined, (f, thread, _, where) => {
    f.if(thread.equals(where), () => f.loop(() => Int.of(1)));
    return undefined;
  });
  return new WebAssembly.Module(module.finish(pages));
}

const module = build();

export interface Opened {
  threads: Threads;
  ints: Int32Array;
  doubles: Float64Array;
}

export function open(
  threads: number,
  {
    host = defaultThreadHost(),
    patience = 10_000,
    others = [],
  }: { host?: ThreadHost | undefined; patience?: number; others?: WebAssembly.Module[] } = {},
): Opened {
  const memory = new WebAssembly.Memory({ initial: pages.pages, maximum: pages.maximum, shared: true });
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const options = {
    memory,
    modules: [module, ...others],
    exports: [instance.exports],
    commands,
    threads,
    host,
  };
  return {
    threads: new Threads({ ...options, patience }),
    ints: new Int32Array(memory.buffer),
    doubles: new Float64Array(memory.buffer),
  };
}
