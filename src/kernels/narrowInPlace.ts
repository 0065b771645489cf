/** Inner functions written out where they are called: for short ones, whose call would cost as much as they do. */
import type { Local, Locals, WasmFunction } from "./wasmFunction.ts";
import { type Callable, WasmModule } from "./wasmModule.ts";
import type { Kind, Value } from "./wasmValues.ts";

/** Stands for the module while code is made for the body of one function. */
export class InPlace extends WasmModule {
  private readonly f: WasmFunction;

  constructor(f: WasmFunction) {
    super();
    this.f = f;
  }

  override inner<const P extends readonly Kind[], R extends Value = never>(
    parameters: P,
    result: Kind<R> | undefined,
    build: (f: WasmFunction, ...p: Locals<P>) => R | undefined,
  ): Callable<P, [R] extends [never] ? undefined : R> {
    const { f } = this;
    const call = (...values: Value[]): unknown => {
      const locals = values.map((value, i): Local<Value> => f.local(parameters[i]!, value));
      const made = build(f, ...(locals as unknown as Locals<P>));
      return result === undefined ? [] : f.local(result, made as R);
    };
    return { call } as Callable<P, [R] extends [never] ? undefined : R>;
  }
}
