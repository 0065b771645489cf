/** What a pointer does on the network's picture: pointing selects, pressing holds the selection, dragging changes a number. */
import type { Accessor, Setter } from "solid-js";
import type { Lab, Selected } from "../state/types.ts";
import { movable } from "./drag.ts";
import { type DiagramLayout, type Hit, hitAt } from "./networkDiagramLayout.ts";
import { indexOf, numberOf, type Place } from "./parameterPlace.ts";

/** What the parts of the picture share while somebody points at it. */
export interface DiagramPointer {
  /** The reader is in the picture, with pointer or focus: what is not selected steps back. */
  readonly active: Accessor<boolean>;
  readonly setActive: Setter<boolean>;
  /** The text that typing begins with; null while nobody types. */
  readonly typing: Accessor<string | null>;
  readonly setTyping: Setter<string | null>;
  /** The selection was pressed, so that mere pointing does not change it until the pointer comes back. */
  pinned: boolean;
}

/** Units of a parameter a pixel, and how near a pointer has to come. */
const PER_PIXEL = 0.01;
const REACH = 7;
const TOUCH_REACH = 22;

let gestures = 0;
/** A name for changes that undo takes back at once. */
export const newGesture = (): string => `diagram-${++gestures}`;

/** Beyond these a drag does not go; a number that is further out may be typed. */
export const limitOf = (value: number): number => Math.max(10, Math.ceil(Math.abs(value)));

const sameSelection = (a: Selected, b: Selected): boolean =>
  a.kind === b.kind &&
  (a.kind === "none" ||
    (b.kind !== "none" &&
      a.layer === b.layer &&
      a.unit === b.unit &&
      (a.kind !== "weight" || (b.kind === "weight" && a.input === b.input))));

/** A drag of one number, from its value at the start. Returns what takes the pixels upwards. */
export function dragOf(lab: Lab, place: Place): (up: number) => void {
  const start = numberOf(lab.network(), lab.parameters(), place);
  const limit = limitOf(start);
  const merge = newGesture();
  return (up) => {
    const value = Math.max(
      -limit,
      Math.min(limit, start + up * PER_PIXEL * Math.max(1, Math.abs(start) / 2)),
    );
    lab.setParameter(indexOf(lab.network(), place), value, merge);
  };
}

/** Follows the pointer over the stage. Returns what undoes it. */
export function pointAtDiagram(
  lab: Lab,
  layout: Accessor<DiagramLayout>,
  stage: HTMLElement,
  pointer: DiagramPointer,
): () => void {
  const under = (
    { clientX, clientY }: { clientX: number; clientY: number },
    reach = REACH,
  ): Hit | undefined => {
    const { left, top } = stage.getBoundingClientRect();
    return hitAt(layout(), clientX - left, clientY - top, reach);
  };
  const select = (hit: Selected): void => {
    if (!sameSelection(hit, lab.selected())) lab.select(hit);
  };
  let drag: ((up: number) => void) | undefined;
  let hovered = "";
  const point = (event: PointerEvent): void => {
    if (drag !== undefined || pointer.typing() !== null || event.pointerType === "touch") return;
    // What lies on the picture is pressed itself, not what is below it.
    if (isOwn(event)) return;
    // A handle is being dragged; to look what lies below would lay the page out before its time.
    if (pointer.pinned && event.buttons !== 0) return;
    const hit = under(event);
    const cursor = hit === undefined ? "" : hit.kind === "neuron" ? "pointer" : "ns-resize";
    if (cursor !== hovered) {
      hovered = cursor;
      stage.style.cursor = cursor;
    }
    if (hit !== undefined && !pointer.pinned) select(hit);
  };
  const isOwn = ({ target }: Event): boolean =>
    target instanceof Element && target.closest("[data-own]") !== null;
  const press = (event: PointerEvent): void => {
    if (event.button !== 0 || isOwn(event) || event.pointerType === "touch") return;
    choose(under(event));
  };
  const tap = (event: MouseEvent): void => {
    if (isOwn(event) || !(event instanceof PointerEvent) || event.pointerType !== "touch") return;
    choose(under(event, TOUCH_REACH));
  };
  function choose(hit: Hit | undefined): void {
    pointer.setTyping(null);
    pointer.pinned = hit !== undefined;
    select(hit ?? { kind: "none" });
    if (hit !== undefined) pointer.setActive(true);
    if (hit?.kind === "neuron") focusIn(stage, `[data-neuron="${hit.layer}-${hit.unit}"]`);
    else if (hit !== undefined) queueMicrotask(() => focusIn(stage, ".diagram-handle"));
  }
  const double = (): void => {
    const selected = lab.selected();
    const pressed = selected.kind === "weight" || selected.kind === "bias";
    // The press before has selected what lies there.
    if (pressed && pointer.typing() === null) pointer.setTyping("");
  };
  const enter = (event: PointerEvent): void => {
    if (event.pointerType !== "touch") pointer.setActive(true);
  };
  const leave = (): void => {
    if (drag !== undefined) return;
    pointer.pinned = false;
    pointer.setActive(stage.querySelector(":focus-visible") !== null);
  };
  const focusOut = ({ relatedTarget }: FocusEvent): void => {
    if (!(relatedTarget instanceof Node && stage.contains(relatedTarget)))
      pointer.setActive(stage.matches(":hover"));
  };
  const focused = (): boolean => pointer.setActive(true);
  // The mouse button's own default would take the focus off the handle that was just given it.
  const keepFocus = (event: Event): void => {
    if (!isOwn(event)) event.preventDefault();
  };
  const listeners: [string, EventListener][] = [
    ["pointermove", point as EventListener],
    ["pointerdown", press as EventListener],
    ["mousedown", keepFocus],
    ["click", tap as EventListener],
    ["dblclick", double as EventListener],
    ["pointerenter", enter as EventListener],
    ["pointerleave", leave as EventListener],
    ["focusin", focused as EventListener],
    ["focusout", focusOut as EventListener],
  ];
  for (const [name, listener] of listeners) stage.addEventListener(name, listener);
  const undo = movable(stage, {
    touch: false,
    keys: false,
    onMove: ({ phase, dy }) => {
      if (phase === "start") {
        const selected = lab.selected();
        if (!pointer.pinned || selected.kind === "none" || selected.kind === "neuron") return false;
        if (pointer.typing() !== null) return false;
        drag = dragOf(lab, selected);
      } else if (phase === "move" && dy !== 0) drag?.(dy);
      else if (phase === "end") drag = undefined;
      return true;
    },
  });
  return () => {
    undo();
    for (const [name, listener] of listeners) stage.removeEventListener(name, listener);
  };
}

export function focusIn(stage: HTMLElement, selector: string): void {
  stage.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
}
