/** Which plane the landscape lies in, and when the map that is there still holds. */
import { type Accessor, createMemo, untrack } from "solid-js";
import type { Landscape, LandscapeAxes, LandscapeRequest } from "../engine/thinker.ts";
import type { Lab, PathPoint, Selected } from "../state/types.ts";
import { objectiveHere } from "./objectiveHere.ts";
import { exists, indexOf } from "./parameterPlace.ts";

export type Plane = "parameters" | "path";

/** The place of each of two parameters; null: chosen by the page. */
export type Wish = readonly [number | null, number | null];

export interface LandscapeQuestion extends LandscapeRequest {
  readonly reach?: readonly [number, number];
}

/** Points along a side: enough for smooth lines. */
const SIZE = 41;
/** A single parameter is varied by so much at least, and by so many times its size. */
const LEAST = 1;
const TIMES = 1.5;
/** The point may come this near to the edge before the map moves on. */
const INSIDE = 0.94;

/** The two parameters: those that are wished for, else the selected one and the one with the largest gradient. */
export function chosenPair(
  lab: Lab,
  wish: Accessor<Wish>,
  selected: Accessor<Selected>,
): Accessor<[number, number]> {
  const f = objectiveHere(lab);
  // As long as network and examples stay the same, so that the map does not leap about while the network trains.
  const steepest = createMemo((): number[] => {
    const n = lab.network();
    lab.dataset();
    const g = new Float32Array(n.parameterCount);
    untrack(() => f().gradient(lab.parameters(), g));
    return Array.from(g.keys())
      .sort((a, b) => Math.abs(g[b]!) - Math.abs(g[a]!))
      .slice(0, 3);
  });
  return createMemo(
    () => {
      const count = lab.network().parameterCount;
      const [a, b] = wish().map((one) => (one !== null && one < count ? one : null)) as [
        number | null,
        number | null,
      ];
      const first = a ?? placeOf(lab, selected()) ?? steepest().find((one) => one !== b) ?? 0;
      const second = b !== null && b !== first ? b : steepest().find((one) => one !== first);
      return [first, second ?? (first + 1) % count] as [number, number];
    },
    undefined,
    { equals: (one, other) => one.join() === other.join() },
  );
}

/** The place of the selected parameter, a neuron's bias for the neuron; undefined where none is selected. */
function placeOf(lab: Lab, selected: Selected): number | undefined {
  const n = lab.network();
  if (selected.kind === "none" || !exists(n, selected) || selected.layer === 0) return undefined;
  return indexOf(n, selected.kind === "neuron" ? { ...selected, kind: "bias" } : selected);
}

/** What is asked of the thinker; the same object as long as the map that was asked for still holds. */
export function landscapeQuestion(
  lab: Lab,
  plane: Accessor<Plane>,
  pair: Accessor<readonly [number, number]>,
  parameters: Accessor<Float32Array>,
): Accessor<LandscapeQuestion | undefined> {
  let held:
    | { question: LandscapeQuestion; path: readonly PathPoint[]; scene: readonly unknown[] }
    | undefined;
  return createMemo(() => {
    const w = parameters();
    if (w.length !== lab.network().parameterCount || w.length < 2) return undefined;
    const path = lab.path();
    const scene = [lab.network(), lab.dataset(), lab.loss(), lab.setting().trainer.penalty];
    const same = held?.scene.every((one, i) => one === scene[i]) === true;
    const axes = axesOf(plane(), pair(), path);
    if (axes === undefined) return undefined;
    if (held !== undefined && same && holds(held.question, held.path, axes, path, w)) return held.question;
    const setting = { ...untrack(lab.setting), start: null, step: 0 };
    const question = { setting, parameters: w, axes, size: SIZE, ...reachOf(axes, w) };
    held = { question, path, scene };
    return question;
  });
}

function axesOf(
  plane: Plane,
  pair: readonly [number, number],
  path: readonly PathPoint[],
): LandscapeAxes | undefined {
  if (plane === "parameters") return { kind: "parameters", first: pair[0], second: pair[1] };
  if (path.length < 3) return undefined;
  return { kind: "path", path: path.map((point) => point.parameters) };
}

function reachOf(axes: LandscapeAxes, w: Float32Array): { reach?: readonly [number, number] } {
  if (axes.kind === "path") return {};
  const around = (index: number): number => Math.max(LEAST, TIMES * Math.abs(w[index]!));
  return { reach: [around(axes.first), around(axes.second)] };
}

/** Whether a map that was asked for earlier shows what is asked now: only the two parameters have moved, and not too far. */
function holds(
  old: LandscapeQuestion,
  oldPath: readonly PathPoint[],
  axes: LandscapeAxes,
  path: readonly PathPoint[],
  w: Float32Array,
): boolean {
  if (axes.kind === "path") return old.axes.kind === "path" && oldPath === path;
  if (old.axes.kind === "path" || old.axes.first !== axes.first || old.axes.second !== axes.second)
    return false;
  const { first, second } = axes;
  for (let i = 0; i < w.length; i += 1) {
    if (i !== first && i !== second && w[i] !== old.parameters[i]) return false;
  }
  const inside = (index: number, reach: number): boolean =>
    Math.abs(w[index]! - old.parameters[index]!) <= INSIDE * reach;
  const [a, b] = old.reach ?? [LEAST, LEAST];
  return inside(first, a) && inside(second, b);
}

/** Where parameters lie on the map, as its axes count: the two parameters themselves, or places along the path's directions. */
export function placeOn(
  question: LandscapeQuestion,
  { directions }: Pick<Landscape, "directions">,
  w: Float32Array,
): [number, number] {
  const { axes, parameters } = question;
  if (axes.kind === "parameters") return [w[axes.first]!, w[axes.second]!];
  const along = (direction: Float32Array): number => {
    let sum = 0;
    for (let i = 0; i < w.length; i += 1) sum += (w[i]! - parameters[i]!) * direction[i]!;
    return sum;
  };
  return [along(directions[0]), along(directions[1])];
}

/** The middle of the map, as its axes count. */
export function middleOf({ axes, parameters }: LandscapeQuestion): [number, number] {
  return axes.kind === "parameters" ? [parameters[axes.first]!, parameters[axes.second]!] : [0, 0];
}
