// Data drawn by hand: a pad that takes points by pointer, touch or keys.
import "./DrawnData.css";
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import { limits } from "../state/setting.ts";
import type { DataSetting, Lab } from "../state/types.ts";
import { Button, Choice } from "./controls.tsx";
import { change } from "./edit.ts";
import { numberText } from "./numberText.ts";

const SIZE = 200;
/** Pixels within which a click means the point that is there. */
const NEAR = 7;
const CLASSES = ["orange", "blue"];
let gestures = 0;

type Point = readonly number[];

export function DrawnData(props: { lab: Lab }): JSX.Element {
  const id = createUniqueId();
  const data = props.lab.data;
  const points = (): readonly Point[] => data().points ?? [];
  const plane = (): boolean => (points()[0]?.length ?? 2) === 3;
  const [kind, setKind] = createSignal("1");
  /** Where the keyboard's cross stands, in units of the pad. */
  const [cross, setCross] = createSignal<readonly [number, number] | null>(null);
  // The pad keeps its size while a stroke goes on; points are of the size of 1.
  const reach = (): number =>
    points().reduce((most, [x = 0, y = 0]) => Math.max(most, Math.abs(x), Math.abs(y)), 1) * 1.05;
  const across = (x: number): number => ((x / reach() + 1) / 2) * SIZE;
  const up = (y: number): number => ((1 - y / reach()) / 2) * SIZE;

  const set = (next: readonly Point[], label: string, merge?: string): void =>
    change(
      props.lab,
      label,
      (old) => ({ ...old, data: { ...old.data, rows: next.length, points: next } satisfies DataSetting }),
      merge,
    );
  const add = (x: number, y: number, merge?: string): void => {
    if (points().length >= limits.rows[1]) return;
    const place = [x, y].map((value) => Number(value.toFixed(3)));
    set([...points(), plane() ? [...place, Number(kind())] : place], "points", merge);
  };
  const nearest = (x: number, y: number): number => {
    const distance = ([px = 0, py = 0]: Point): number => Math.hypot(across(px) - across(x), up(py) - up(y));
    const found = points().findIndex((point) => distance(point) < NEAR);
    return found;
  };
  const removeAt = (at: number): void => {
    // A network needs something to learn from.
    if (at >= 0 && points().length > 1)
      set(
        points().filter((_, i) => i !== at),
        "without a point",
      );
  };

  const onPointerDown = (event: PointerEvent & { currentTarget: SVGSVGElement }): void => {
    if (event.button !== 0) return;
    const pad = event.currentTarget;
    const box = pad.getBoundingClientRect();
    const placed = ({ clientX, clientY }: PointerEvent): [number, number] => [
      (((clientX - box.left) / box.width) * 2 - 1) * reach(),
      (1 - ((clientY - box.top) / box.height) * 2) * reach(),
    ];
    const first = placed(event);
    if (nearest(...first) >= 0) {
      removeAt(nearest(...first));
      return;
    }
    pad.setPointerCapture(event.pointerId);
    gestures += 1;
    const merge = `points ${gestures}`;
    add(...first, merge);
    const move = (next: PointerEvent): void => {
      const [x, y] = placed(next);
      if (Math.abs(x) <= reach() && Math.abs(y) <= reach() && nearest(x, y) < 0) add(x, y, merge);
    };
    pad.addEventListener("pointermove", move);
    pad.addEventListener("lostpointercapture", () => pad.removeEventListener("pointermove", move), {
      once: true,
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const [x, y] = cross() ?? [0, 0];
    const unit = (reach() / 40) * (event.shiftKey ? 5 : event.altKey ? 0.2 : 1);
    const moves: Record<string, readonly [number, number]> = {
      ArrowLeft: [-unit, 0],
      ArrowRight: [unit, 0],
      ArrowUp: [0, unit],
      ArrowDown: [0, -unit],
    };
    const move = moves[event.key];
    const inside = (value: number): number => Math.min(reach(), Math.max(-reach(), value));
    if (move !== undefined) setCross([inside(x + move[0]), inside(y + move[1])]);
    else if (event.key === "Enter") add(x, y);
    else if (event.key === "Delete" || event.key === "Backspace") removeAt(nearest(x, y));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const turn = (to: string): void => {
    const classed = to === "plane";
    if (classed === plane()) return;
    const { classes: _, ...rest } = data();
    // So that there are points of both classes: half of them lie above.
    const heights = points()
      .map(([, y = 0]) => y)
      .sort((a, b) => a - b);
    const middle = heights[Math.floor((heights.length - 1) / 2)] ?? 0;
    const kept = classed
      ? points().map(([x = 0, y = 0]) => [x, y, y > middle ? 1 : 0])
      : points().map(([x = 0, y = 0]) => [x, y]);
    const next: DataSetting = { ...rest, points: kept, ...(classed ? { classes: CLASSES } : {}) };
    change(props.lab, "what is drawn", (old) => ({ ...old, data: next, output: null, loss: null }));
  };

  return (
    <div class="drawn">
      <Choice
        label="what is drawn"
        bare
        value={plane() ? "plane" : "curve"}
        options={[
          { value: "curve", label: "y over x" },
          { value: "plane", label: "two classes" },
        ]}
        onChange={turn}
      />
      <Show when={plane()}>
        <Choice
          label="new points"
          value={kind()}
          options={[
            { value: "1", label: "blue" },
            { value: "0", label: "orange" },
          ]}
          onChange={setKind}
        />
      </Show>
      <svg
        class="drawn-pad"
        viewBox={`0 0 ${SIZE} ${SIZE}`}
        tabindex={0}
        role="application"
        aria-label={`pad for points, ${points().length} of them; arrow keys move the cross, Enter sets a point, Delete removes it`}
        aria-describedby={id}
        onPointerDown={onPointerDown}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          if (event.currentTarget.matches(":focus-visible")) setCross(cross() ?? [0, 0]);
        }}
        onBlur={() => setCross(null)}
      >
        <path class="drawn-axes" d={`M0 ${SIZE / 2}H${SIZE}M${SIZE / 2} 0V${SIZE}`} />
        <For each={points()}>
          {(point) => (
            <circle class={dotClass(point)} cx={across(point[0] ?? 0)} cy={up(point[1] ?? 0)} r={3} />
          )}
        </For>
        <Show when={cross()}>
          {(at) => (
            <path
              class="drawn-cross"
              d={`M${across(at()[0]) - 8} ${up(at()[1])}h16M${across(at()[0])} ${up(at()[1]) - 8}v16`}
            />
          )}
        </Show>
      </svg>
      <p class="unseen" id={id} role="status">
        {cross() === null
          ? ""
          : `cross at ${cross()
              ?.map((value) => numberText(value, 2))
              .join(", ")}`}
      </p>
      <div class="panel-pair">
        <p class="panel-words">Draw with the pointer; press a point to take it away.</p>
        <Button label="Clear" onClick={() => set([plane() ? [0, 0, 1] : [0, 0]], "cleared")} />
      </div>
    </div>
  );
}

const dotClass = (point: Point): string =>
  point.length < 3 ? "thumbnail-value" : point[2] === 1 ? "thumbnail-first" : "thumbnail-second";
