/** A WebAssembly module under construction: functions over one imported memory, `env.memory`. */
import { type Locals, WasmFunction } from "./wasmFunction.ts";
import { type Code, type Kind, unsigned, type Value } from "./wasmValues.ts";

/** A function of the module, to be called from others. */
export interface Callable<P extends readonly Kind[], R extends Value | undefined> {
  /** The result as a value; of a function without one, the code for `WasmFunction.run`. */
  call(...values: Arguments<P>): R extends Value ? R : Code;
}

type Arguments<P extends readonly Kind[]> = {
  [I in keyof P]: P[I] extends Kind<infer V> ? V : never;
};

interface Defined {
  readonly name: string | undefined;
  readonly type: number;
  readonly code: Code;
}

/** Where bytes gather. */
class Bytes {
  private bytes = new Uint8Array(4096);
  length = 0;

  write(code: Code): void {
    for (const part of code) {
      if (part instanceof Uint8Array) {
        this.reserve(part.length);
        this.bytes.set(part, this.length);
        this.length += part.length;
      } else if (typeof part !== "number") this.write(part);
      else {
        this.reserve(1);
        this.bytes[this.length++] = part;
      }
    }
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(2 * (this.length + more));
    larger.set(this.bytes);
    this.bytes = larger;
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the overloads say what goes with what.
type Build = (f: WasmFunction, ...p: any[]) => unknown;

/** Code with its length before it. */
function sized(code: Code): Code {
  const bytes = new Bytes();
  bytes.write(code);
  return [unsigned(bytes.length), bytes.take()];
}

const text = (s: string): Code => [unsigned(s.length), [...s].map((c) => c.charCodeAt(0))];
const list = (items: readonly Code[]): Code => [unsigned(items.length), items];

export class WasmModule {
  private readonly types: { key: string; code: Code }[] = [];
  private readonly functions: Defined[] = [];

  /** A function that JavaScript can call by its name. */
  export<const P extends readonly Kind[]>(
    name: string,
    parameters: P,
    result: undefined,
    build: (f: WasmFunction, ...p: Locals<P>) => void,
  ): Callable<P, undefined>;
  export<const P extends readonly Kind[], R extends Value>(
    name: string,
    parameters: P,
    result: Kind<R>,
    build: (f: WasmFunction, ...p: Locals<P>) => R,
  ): Callable<P, R>;
  export(name: string, parameters: readonly Kind[], result: Kind | undefined, build: Build): unknown {
    return this.define(name, parameters, result, build);
  }

  /** A function for others of the module. */
  inner<const P extends readonly Kind[]>(
    parameters: P,
    result: undefined,
    build: (f: WasmFunction, ...p: Locals<P>) => void,
  ): Callable<P, undefined>;
  inner<const P extends readonly Kind[], R extends Value>(
    parameters: P,
    result: Kind<R>,
    build: (f: WasmFunction, ...p: Locals<P>) => R,
  ): Callable<P, R>;
  inner(parameters: readonly Kind[], result: Kind | undefined, build: Build): unknown {
    return this.define(undefined, parameters, result, build);
  }

  private define(
    name: string | undefined,
    parameters: readonly Kind[],
    result: Kind | undefined,
    build: Build,
  ): unknown {
    const f = new WasmFunction(parameters.length);
    const value = build(f, ...parameters.map((kind, i) => f.at(kind, i)));
    const code = f.finish(result === undefined ? undefined : (value as Value));
    const index = this.functions.length;
    this.functions.push({ name, type: this.type(parameters, result), code });
    const call = (...values: Value[]): unknown => {
      const made: Code = [values.map((v) => v.code), 0x10, unsigned(index)];
      return result === undefined ? made : new result(made);
    };
    return { call };
  }

  private type(parameters: readonly Kind[], result: Kind | undefined): number {
    const results = result === undefined ? [] : [result];
    const key = `${parameters.map(({ type }) => type).join()}:${result?.type ?? ""}`;
    const found = this.types.findIndex((type) => type.key === key);
    if (found >= 0) return found;
    const code = [0x60, list(parameters.map(({ type }) => [type])), list(results.map(({ type }) => [type]))];
    return this.types.push({ key, code }) - 1;
  }

  /**
   * The module in binary form.
   *
   * @param memory Pages of 64 KiB of the memory that it will be given; `shared` for one that threads share.
   */
  finish(memory: { pages: number; maximum: number; shared: boolean }): Uint8Array<ArrayBuffer> {
    const limits = [memory.shared ? 3 : 1, unsigned(memory.pages), unsigned(memory.maximum)];
    const exported = this.functions.flatMap(({ name }, i): Code[] =>
      name === undefined ? [] : [[text(name), 0, unsigned(i)]],
    );
    const out = new Bytes();
    out.write([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    const section = (id: number, items: readonly Code[]): void => out.write([id, sized(list(items))]);
    section(
      1,
      this.types.map(({ code }) => code),
    );
    section(2, [[text("env"), text("memory"), 2, limits]]);
    section(
      3,
      this.functions.map(({ type }) => unsigned(type)),
    );
    section(7, exported);
    section(
      10,
      this.functions.map(({ code }) => sized(code)),
    );
    return out.take();
  }
}
