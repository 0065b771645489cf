// The field to draw on: pointer and touch draw strokes, the keyboard has a cursor on the grid of pixels.
import { createSignal, type JSX, onCleanup, onMount, Show } from "solid-js";
import { movable } from "../parts/drag.ts";
import type { Digits } from "./createDigits.ts";
import type { Picture } from "./digitsState.ts";
import { Pixels } from "./Pixels.tsx";
import { CELL, PIXEL, type Place, SIDE, stroke, type Tool } from "./raster.ts";

let strokes = 0;

/** A picture after a stroke: drawn upon it is no picture of MNIST any more, but what it should be read as stays. */
const struck =
  (tool: Tool, from: Place, to: Place) =>
  (picture: Picture): Picture => ({ ...picture, taken: null, ink: stroke(picture.ink, tool, from, to) });

const middle = (column: number, row: number): Place => ({ x: (column + 0.5) * CELL, y: (row + 0.5) * CELL });

export function DrawPad(props: { digits: Digits; tool: Tool; describedBy: string }): JSX.Element {
  let pad!: HTMLDivElement;
  const { digits } = props;
  const [cursor, setCursor] = createSignal({ column: 13, row: 13 });
  const [keys, setKeys] = createSignal(false);
  let last: Place | undefined;
  const label = (tool: Tool): string => (tool === "pen" ? "stroke" : "erasing");

  const placeOf = (clientX: number, clientY: number): Place => {
    const box = pad.getBoundingClientRect();
    return {
      x: ((clientX - box.left) / box.width) * SIDE,
      y: ((clientY - box.top) / box.height) * SIDE,
    };
  };
  const paint = (to: Place, tool: Tool = props.tool): void => {
    const from = last ?? to;
    last = to;
    digits.draw(label(tool), struck(tool, from, to), `stroke ${strokes}`);
  };
  onMount(() => {
    const undo = movable(pad, {
      keys: false,
      onMove: ({ phase, clientX, clientY }) => {
        if (phase === "start") {
          strokes += 1;
          last = undefined;
          setKeys(false);
          digits.choose(null);
        }
        if (phase !== "end") paint(placeOf(clientX, clientY));
      },
    });
    onCleanup(undo);
  });
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { column, row } = cursor();
    const step = keySteps[event.key];
    if (step !== undefined) {
      const to = { column: bounded(column + step[0]), row: bounded(row + step[1]) };
      setKeys(true);
      setCursor(to);
      // With Shift the pen is down.
      if (event.shiftKey) {
        last ??= middle(column, row);
        paint(middle(to.column, to.row));
      } else last = undefined;
    } else if (event.key === " " || event.key === "Delete" || event.key === "Backspace") {
      strokes += 1;
      last = undefined;
      setKeys(true);
      paint(middle(column, row), event.key === " " ? props.tool : "rubber");
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onKeyUp = (event: KeyboardEvent): void => {
    if (event.key !== "Shift") return;
    strokes += 1;
    last = undefined;
  };

  return (
    <div
      ref={pad}
      class="pad"
      classList={{ "pad-erasing": props.tool === "rubber" }}
      role="application"
      tabindex={0}
      aria-label="field to draw a digit on: arrow keys move the cursor, space paints, Shift with arrows draws a line, Delete erases"
      aria-describedby={props.describedBy}
      onKeyDown={onKey}
      onKeyUp={onKeyUp}
      onBlur={() => setKeys(false)}
    >
      <Pixels
        values={digits.scene().picture.ink}
        full={255}
        width={SIDE}
        height={SIDE}
        look="ink"
        class="pad-ink"
      />
      <Show when={digits.isBlank()}>
        <p class="pad-hint">Draw a digit here</p>
      </Show>
      <Show when={keys()}>
        <span
          class="pad-cursor"
          style={{
            left: `${(100 * cursor().column) / PIXEL}%`,
            top: `${(100 * cursor().row) / PIXEL}%`,
          }}
        />
      </Show>
    </div>
  );
}

const bounded = (place: number): number => Math.min(PIXEL - 1, Math.max(0, place));

const keySteps: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [-PIXEL, 0],
  End: [PIXEL, 0],
  PageUp: [0, -PIXEL],
  PageDown: [0, PIXEL],
};
