/** What the formulas show: the library's explanation of one example, made anew with every frame, and ten times a second in a run. */
import { type Accessor, createMemo, createSignal, onCleanup, untrack } from "solid-js";
import { type Dataset, type Explanation, explain, TalwegError } from "talweg";
import type { Lab } from "../state/types.ts";
import { exists, indexOf } from "./parameterPlace.ts";

/** An explanation, or why there is none. */
export type Explained =
  | { readonly explanation: Explanation; readonly refused?: undefined }
  | { readonly explanation?: undefined; readonly refused: string };

/** Milliseconds between two looks while the network trains: numbers that change faster cannot be read. */
const PAUSE = 100;

/** Paths that are listed. */
const PATHS = 6;

/** Of the example and the parameter that are chosen. */
export function createExplained(lab: Lab): Accessor<Explained> {
  const looked = atReadingSpeed(lab);
  return createMemo((): Explained => {
    looked();
    const n = lab.network();
    const data = lab.dataset();
    const selected = lab.selected();
    const place = exists(n, selected) ? selected : { kind: "none" as const };
    const parameter = place.kind === "weight" || place.kind === "bias" ? indexOf(n, place) : undefined;
    const { input, target } = exampleOf(data, lab.example());
    try {
      return { explanation: explain(n, input, { target, loss: lab.loss(), parameter, paths: PATHS }) };
    } catch (error) {
      if (!(error instanceof TalwegError)) throw error;
      return { refused: error.message };
    }
  });
}

/** Changes with the parameters on show: in the same frame, but while the network trains at most every `PAUSE`. */
export function atReadingSpeed(lab: Lab): Accessor<number> {
  const [waited, setWaited] = createSignal(0);
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  return createMemo((looks) => {
    lab.parameters();
    waited();
    const { status } = untrack(lab.progress);
    const wait = last + PAUSE - performance.now();
    if (wait > 0 && (status === "running" || status === "replaying")) {
      timer ??= setTimeout(() => {
        timer = undefined;
        setWaited((count) => count + 1);
      }, wait);
      return looks;
    }
    clearTimeout(timer);
    timer = undefined;
    last = performance.now();
    return looks + 1;
  }, 0);
}

/** One row as the network takes it. */
export function exampleOf(
  { x, y, rows, inputs, outputs, scale = 1 }: Dataset,
  example: number,
): { input: number[]; target: number[] } {
  const row = Math.min(rows - 1, Math.max(0, example));
  const factor = x instanceof Uint8Array ? scale : 1;
  const input = Array.from(x.subarray(row * inputs, (row + 1) * inputs), (value) => value * factor);
  const target =
    y instanceof Uint8Array
      ? Array.from({ length: outputs }, (_, j) => (y[row] === j ? 1 : 0))
      : Array.from(y.subarray(row * outputs, (row + 1) * outputs));
  return { input, target };
}

/** The places of at most `most` numbers: all of them, or the largest, in the order that they stand in; `must` is among them. */
export function largest(sizes: readonly number[], most: number, must?: number): number[] {
  const all = sizes.map((_, i) => i);
  if (all.length <= most) return all;
  const rank = (i: number): number => (i === must ? Infinity : Math.abs(sizes[i]!));
  return [...all]
    .sort((a, b) => rank(b) - rank(a))
    .slice(0, most)
    .sort((a, b) => a - b);
}
