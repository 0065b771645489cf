/**
 * One "movable" for every handle of the page: mouse, touch and keys come out as the same event, so that no handle can be moved
 * by one of them alone. (After the pattern of the same name in Khan Academy's and other interactive graphs.)
 */

interface Move {
  readonly phase: "start" | "move" | "end";
  readonly by: "pointer" | "keys";
  /** Pixels right and up since the start; 0 with keys. */
  readonly dx: number;
  readonly dy: number;
  /** Where the pointer is in the window; NaN with keys. */
  readonly clientX: number;
  readonly clientY: number;
  /** Units right and up: 1, with Shift 10, with Alt 0.1; 0 with a pointer. */
  readonly right: number;
  readonly up: number;
  /** -1 to the lower limit (Home), 1 to the upper (End). */
  readonly limit: -1 | 0 | 1;
}

export interface MovableOptions {
  /** Called in the order start, move …, end; with keys all three for each stroke. Returning false from "start" refuses. */
  readonly onMove: (move: Move) => unknown;
  /** Enter, or a typed digit, which is passed on. */
  readonly onType?: ((first: string) => void) | undefined;
  /** Touch drags it as well; false leaves touch to scrolling. true. */
  readonly touch?: boolean | undefined;
  /** Keys move it as well; false for a ground whose handles have keys of their own. true. */
  readonly keys?: boolean | undefined;
}

const still = { dx: 0, dy: 0, right: 0, up: 0, limit: 0 } as const;

/** Makes `element` a handle. Returns what undoes it. */
export function movable(element: HTMLElement | SVGElement, options: MovableOptions): () => void {
  const undoPointer = movableByPointer(element, options);
  const undoKeys = options.keys === false ? undefined : movableByKeys(element, options);
  return () => {
    undoPointer();
    undoKeys?.();
  };
}

function movableByPointer(
  element: HTMLElement | SVGElement,
  { onMove, touch = true, keys = true }: MovableOptions,
): () => void {
  let held: { id: number; x: number; y: number } | undefined;
  const move = (phase: Move["phase"], { clientX, clientY }: PointerEvent): unknown => {
    const dx = held === undefined ? 0 : clientX - held.x;
    const dy = held === undefined ? 0 : held.y - clientY;
    return onMove({ ...still, phase, by: "pointer", dx, dy, clientX, clientY });
  };
  const down = (event: PointerEvent): void => {
    if (event.button !== 0 || held !== undefined || (event.pointerType === "touch" && !touch)) return;
    if (move("start", event) === false) return;
    held = { id: event.pointerId, x: event.clientX, y: event.clientY };
    try {
      element.setPointerCapture(event.pointerId);
    } catch {
      // An event made by a program has no pointer to capture; it moves the handle all the same.
    }
    event.stopPropagation();
    if (!keys) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
  };
  const drag = (event: PointerEvent): void => {
    if (held?.id === event.pointerId) move("move", event);
  };
  const up = (event: PointerEvent): void => {
    if (held?.id !== event.pointerId) return;
    move("end", event);
    held = undefined;
  };
  element.addEventListener("pointerdown", down as EventListener);
  element.addEventListener("pointermove", drag as EventListener);
  element.addEventListener("pointerup", up as EventListener);
  element.addEventListener("pointercancel", up as EventListener);
  return () => {
    element.removeEventListener("pointerdown", down as EventListener);
    element.removeEventListener("pointermove", drag as EventListener);
    element.removeEventListener("pointerup", up as EventListener);
    element.removeEventListener("pointercancel", up as EventListener);
  };
}

const arrows: Record<string, readonly [right: number, up: number]> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  PageUp: [0, 10],
  PageDown: [0, -10],
};

function movableByKeys(element: HTMLElement | SVGElement, { onMove, onType }: MovableOptions): () => void {
  const key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const limit = event.key === "Home" ? -1 : event.key === "End" ? 1 : 0;
    const arrow = arrows[event.key];
    if (arrow !== undefined || limit !== 0) {
      const units = event.shiftKey ? 10 : event.altKey ? 0.1 : 1;
      const [right, up] = arrow ?? [0, 0];
      const at = { by: "keys", clientX: Number.NaN, clientY: Number.NaN } as const;
      if (onMove({ ...still, ...at, phase: "start" }) !== false) {
        onMove({ ...still, ...at, phase: "move", right: right * units, up: up * units, limit });
        onMove({ ...still, ...at, phase: "end" });
      }
    } else if (onType !== undefined && (event.key === "Enter" || /^[-−.\d]$/.test(event.key))) {
      onType(event.key === "Enter" ? "" : event.key.replace("−", "-"));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  element.addEventListener("keydown", key as EventListener);
  return () => element.removeEventListener("keydown", key as EventListener);
}

/**
 * A place in a picture that answers a press. Only where the keys have a handle, a table or a field that does the same: to them
 * this place is not there.
 */
export function pressable(element: SVGElement, onPress: (event: MouseEvent) => void): void {
  element.addEventListener("click", onPress);
}
