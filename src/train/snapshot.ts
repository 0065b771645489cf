/** Copies of plain data with typed arrays: the state of an optimizer, as it was some steps ago. */
import type { Vector } from "../core/index.ts";

/**
 * The same data in vectors of their own. Unlike `structuredClone` it copies no more of a buffer than a vector shows, and
 * copies shared memory too.
 *
 * @param vector Gives the vector that a copy is written to.
 */
export function copyPlainData<T>(data: T, vector: (like: Vector) => Vector = (like) => like.slice()): T {
  if (data instanceof Float32Array || data instanceof Float64Array) {
    const copy = vector(data);
    copy.set(data);
    return copy as T;
  }
  if (ArrayBuffer.isView(data)) return (data as unknown as Uint8Array).slice() as T;
  if (Array.isArray(data)) return data.map((item) => copyPlainData(item, vector)) as T;
  if (typeof data !== "object" || data === null) return data;
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data)) copy[name] = copyPlainData(value, vector);
  return copy as T;
}

type Plain = Record<string, unknown>;

/** Writes `from` over `to`, data of the same form; vectors keep their place. */
function overwrite(to: Plain, from: Plain): void {
  for (const name of Object.keys(from)) {
    const [mine, its] = [to[name], from[name]];
    if (ArrayBuffer.isView(mine) && ArrayBuffer.isView(its)) (mine as Vector).set(its as Vector);
    else if (typeof mine === "object" && mine !== null && typeof its === "object" && its !== null) {
      overwrite(mine as Plain, its as Plain);
    } else to[name] = its;
  }
}

/** What a run of steps changes, at the moment of `take`, to go back to by `restore`. */
export class Snapshot {
  private readonly live: Plain;
  private copy: Plain | undefined;

  /** @param live Plain data whose form stays as it is. */
  constructor(live: object) {
    this.live = live as Plain;
  }

  take(): void {
    if (this.copy === undefined) this.copy = copyPlainData(this.live);
    else overwrite(this.copy, this.live);
  }

  restore(): void {
    if (this.copy !== undefined) overwrite(this.live, this.copy);
  }
}
