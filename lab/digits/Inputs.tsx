// What the network gets: the picture of 28 by 28 numbers, and the same numbers one after the other, as the vector that they are.
import { createMemo, For, type JSX, Show } from "solid-js";
import { Frame } from "../parts/Frame.tsx";
import type { Digits } from "./createDigits.ts";
import { svgFigure } from "./figureSvg.ts";
import { Pixels } from "./Pixels.tsx";
import { PIXEL } from "./raster.ts";

const LAST = PIXEL * PIXEL - 1;
/** Where one begins: the middle of the picture. */
const MIDDLE = 14 * PIXEL + 14;

export function Inputs(props: { digits: Digits }): JSX.Element {
  const { digits } = props;
  const at = (): number => digits.pixel() ?? MIDDLE;
  const row = createMemo(() => Math.floor(at() / PIXEL));
  const rowValues = createMemo(() => digits.input().subarray(row() * PIXEL, (row() + 1) * PIXEL));
  const value = (): number => digits.input()[at()] ?? 0;
  const inked = createMemo(() => digits.input().reduce((count, x) => (x > 0 ? count + 1 : count), 0));
  return (
    <Frame
      title="784 inputs"
      class="inputs"
      describe={() => `${inked()} of 784 inputs are above 0. ${sentence(at(), value())}`}
      svg={() => exported(digits.input())}
      data={() =>
        Array.from(digits.input(), (x, i) => ({
          input: i,
          row: Math.floor(i / PIXEL),
          column: i % PIXEL,
          value: x,
        }))
      }
      note={
        <Show
          when={digits.pixel() !== null}
          fallback="Point at a pixel to find it in the vector, and the other way round."
        >
          {sentence(at(), value())}
        </Show>
      }
    >
      <Probe
        label="picture of 28 by 28 pixels"
        class="inputs-picture"
        digits={digits}
        columns={PIXEL}
        rows={PIXEL}
        first={0}
        describe={() => sentence(at(), value())}
      >
        <Pixels values={digits.input()} width={PIXEL} height={PIXEL} look="ink" />
      </Probe>
      <div class="inputs-vector">
        <p class="inputs-name">the same, unrolled: input 0 to {LAST}</p>
        <Probe
          label="vector of 784 inputs"
          class="inputs-strip"
          digits={digits}
          columns={PIXEL * PIXEL}
          rows={1}
          first={0}
          describe={() => sentence(at(), value())}
        >
          <Pixels values={digits.input()} width={PIXEL * PIXEL} height={1} look="ink" />
        </Probe>
        <p class="inputs-name">
          row {row()}: input {row() * PIXEL} to {row() * PIXEL + PIXEL - 1}
        </p>
        <Probe
          label={`row ${row()} of the picture`}
          class="inputs-strip"
          digits={digits}
          columns={PIXEL}
          rows={1}
          first={row() * PIXEL}
          describe={() => sentence(at(), value())}
        >
          <Pixels values={rowValues()} width={PIXEL} height={1} look="ink" />
        </Probe>
      </div>
    </Frame>
  );
}

const sentence = (at: number, value: number): string =>
  `Row ${Math.floor(at / PIXEL)}, column ${at % PIXEL} is input ${at}: ${value.toFixed(3)}.`;

interface ProbeProps {
  readonly label: string;
  readonly class: string;
  readonly digits: Digits;
  readonly columns: number;
  readonly rows: number;
  /** The input at its beginning. */
  readonly first: number;
  readonly describe: () => string;
  readonly children: JSX.Element;
}

/** Points at inputs, by pointer or by arrow keys, and shows the one that is pointed at anywhere. */
function Probe(props: ProbeProps): JSX.Element {
  const local = (): number | null => {
    const at = props.digits.pixel();
    if (at === null || at < props.first || at >= props.first + props.columns * props.rows) return null;
    return at - props.first;
  };
  const point = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = (share: number, count: number): number =>
      Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    const column = place((event.clientX - box.left) / box.width, props.columns);
    const row = place((event.clientY - box.top) / box.height, props.rows);
    props.digits.point(props.first + row * props.columns + column);
  };
  const onKey = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: PIXEL,
      ArrowUp: -PIXEL,
      Home: -LAST,
      End: LAST,
    };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey) return;
    props.digits.point(
      Math.min(LAST, Math.max(0, (props.digits.pixel() ?? MIDDLE) + step * (event.shiftKey ? 10 : 1))),
    );
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      class={`probe ${props.class}`}
      role="slider"
      tabIndex={0}
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={LAST}
      aria-valuenow={props.digits.pixel() ?? MIDDLE}
      aria-valuetext={props.describe()}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={(event) => {
        if (event.pointerType === "mouse" && document.activeElement !== event.currentTarget)
          props.digits.point(null);
      }}
      onFocus={() => props.digits.point(props.digits.pixel() ?? MIDDLE)}
      onKeyDown={onKey}
    >
      {props.children}
      <For each={local() === null ? [] : [local() as number]}>
        {(at) => (
          <span
            class="probe-mark"
            style={{
              left: `${(100 * (at % props.columns)) / props.columns}%`,
              top: `${(100 * Math.floor(at / props.columns)) / props.rows}%`,
              width: `${100 / props.columns}%`,
              height: `${100 / props.rows}%`,
            }}
          />
        )}
      </For>
    </div>
  );
}

function exported(input: Float32Array): SVGSVGElement {
  const { svg, picture, text } = svgFigure(392, 440);
  picture({ values: input, width: PIXEL, height: PIXEL, look: "ink" }, 0, 0, 392);
  picture({ values: input, width: PIXEL * PIXEL, height: 1, look: "ink" }, 0, 404, 392, 16);
  text(`input 0 to ${LAST}`, 0, 436);
  return svg;
}
