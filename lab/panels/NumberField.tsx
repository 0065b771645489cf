// A number that can be typed, stepped by the keyboard, or changed by a drag on its name.
import "../style/controls.css";
import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { numberText } from "./numberText.ts";

export interface NumberFieldProps {
  label: string;
  value: number;
  min: number;
  max: number;
  /** One press of an arrow key, or three pixels of a drag. */
  step: number;
  /** "log": a step is a tenth of a power of ten. */
  scale?: "linear" | "log";
  whole?: boolean;
  unit?: string;
  /** The name is read out, not shown. */
  bare?: boolean;
  /** Hears of every change; changes of one drag, or of one run of key presses, share the gesture. */
  onChange: (value: number, gesture: string) => void;
}

const PIXELS_A_STEP = 3;
/** Less is a click, or the beginning of a scroll. */
const SLACK = 4;
/** Key presses that are further apart are gestures of their own, in milliseconds. */
const PAUSE = 1000;
let gestures = 0;

export function NumberField(props: NumberFieldProps): JSX.Element {
  const id = createUniqueId();
  const [draft, setDraft] = createSignal<string | null>(null);
  const [fault, setFault] = createSignal("");
  let gesture = "";
  let lastKey = 0;

  const bounded = (value: number): number => {
    const inside = Math.min(props.max, Math.max(props.min, value));
    return props.whole ? Math.round(inside) : Number(inside.toPrecision(6));
  };
  const moved = (from: number, steps: number): number => {
    if (props.scale !== "log") return bounded(from + steps * props.step);
    // From 0, where there is no factor, the first step goes to `step`; below that it falls to 0 again.
    const next = (from <= 0 ? props.step : from) * 10 ** (steps / 10);
    return bounded(props.min <= 0 && next < 0.9 * props.step ? 0 : next);
  };
  const tell = (value: number): void => {
    setDraft(null);
    setFault("");
    if (value !== props.value) props.onChange(value, gesture);
  };
  const begin = (): void => {
    gestures += 1;
    gesture = `${props.label} ${gestures}`;
  };

  const commit = (): void => {
    const text = draft();
    if (text === null) return;
    const plain = text.replace(/\s/g, "").replace("−", "-").replace(",", ".");
    const value = plain === "" ? Number.NaN : Number(plain);
    if (value >= props.min && value <= props.max) {
      begin();
      tell(bounded(value));
      return;
    }
    setDraft(null);
    setFault(
      `"${text}" does not fit: ${props.whole ? "a whole number" : "a number"} from ${numberText(props.min)} to ${numberText(props.max)}.`,
    );
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") commit();
    else if (event.key === "Escape") {
      setDraft(null);
      setFault("");
    } else {
      const target = targetOf(event);
      if (target === undefined) return;
      event.preventDefault();
      if (event.timeStamp - lastKey > PAUSE) begin();
      lastKey = event.timeStamp;
      tell(target);
    }
  };
  const targetOf = ({ key, shiftKey, altKey }: KeyboardEvent): number | undefined => {
    const factor = shiftKey ? 10 : altKey && !props.whole ? 0.1 : 1;
    if (key === "ArrowUp") return moved(props.value, factor);
    if (key === "ArrowDown") return moved(props.value, -factor);
    if (key === "PageUp") return moved(props.value, 10);
    if (key === "PageDown") return moved(props.value, -10);
    // While text is typed these are for the text.
    if (draft() !== null) return undefined;
    if (key === "Home") return props.min;
    if (key === "End") return props.max;
    return undefined;
  };

  const onPointerDown = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    if (event.button !== 0) return;
    const label = event.currentTarget;
    const from = props.value;
    label.setPointerCapture(event.pointerId);
    begin();
    let moving = false;
    const move = ({ clientX, shiftKey, altKey }: PointerEvent): void => {
      moving ||= Math.abs(clientX - event.clientX) > SLACK;
      if (!moving) return;
      const factor = shiftKey ? 10 : altKey ? 0.1 : 1;
      tell(moved(from, Math.round((clientX - event.clientX) / PIXELS_A_STEP) * factor));
    };
    const end = ({ type }: PointerEvent): void => {
      // The finger scrolls the page after all.
      if (type === "pointercancel" && moving) tell(from);
      label.removeEventListener("pointermove", move);
      label.removeEventListener("pointerup", end);
      label.removeEventListener("pointercancel", end);
    };
    label.addEventListener("pointermove", move);
    label.addEventListener("pointerup", end);
    label.addEventListener("pointercancel", end);
  };

  return (
    <div class="field">
      <label
        class="field-label number-label"
        classList={{ unseen: props.bare === true }}
        for={id}
        title="Drag to change"
        onPointerDown={onPointerDown}
      >
        {props.label}
      </label>
      <span class="number">
        <input
          id={id}
          type="text"
          inputmode="decimal"
          autocomplete="off"
          role="spinbutton"
          aria-valuenow={props.value}
          aria-valuemin={props.min}
          aria-valuemax={props.max}
          aria-valuetext={`${numberText(props.value)}${props.unit === undefined ? "" : ` ${props.unit}`}`}
          aria-invalid={fault() === "" ? undefined : "true"}
          aria-describedby={fault() === "" ? undefined : `${id}-fault`}
          value={draft() ?? numberText(props.value)}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onFocus={(event) => event.currentTarget.select()}
          onBlur={commit}
          onKeyDown={onKeyDown}
        />
        <Show when={props.unit}>
          <span class="number-unit">{props.unit}</span>
        </Show>
      </span>
      <Show when={fault() !== ""}>
        <p class="field-fault" id={`${id}-fault`} role="alert">
          {fault()}
        </p>
      </Show>
    </div>
  );
}
