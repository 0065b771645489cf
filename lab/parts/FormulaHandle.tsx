// A number of a formula that is a parameter: dragged, moved by keys or typed, it changes the network.
import { createMemo, createSignal, type JSX, onCleanup, onMount, Show } from "solid-js";
import type { Lab } from "../state/types.ts";
import { movable } from "./drag.ts";
import { useMarks } from "./mathMarks.ts";
import { mathNumber } from "./mathNumber.ts";
import { dragOf, limitOf, newGesture } from "./networkDiagramPointer.ts";
import { indexOf, nameOf, type Place, placeWords } from "./parameterPlace.ts";

export interface HandleProps {
  readonly lab: Lab;
  readonly place: Place;
  readonly value: number;
  readonly digits: number;
}

/** What a stroke of an arrow moves it by, and the largest number that can be typed. */
const UNIT = 0.1;
const LARGEST = 1e6;

export function FormulaHandle(props: HandleProps): JSX.Element {
  const [typing, setTyping] = createSignal<string | null>(null);
  let grip: HTMLSpanElement | undefined;
  const done = (): void => {
    setTyping(null);
    grip?.focus({ preventScroll: true });
  };
  return (
    <Show
      when={typing() !== null}
      fallback={<Grip {...props} onType={setTyping} ref={(node) => (grip = node)} />}
    >
      <Typed {...props} first={typing() ?? ""} onDone={done} onLeave={() => setTyping(null)} />
    </Show>
  );
}

interface GripProps extends HandleProps {
  readonly onType: (first: string) => void;
  readonly ref: (node: HTMLSpanElement) => void;
}

function Grip(props: GripProps): JSX.Element {
  let node!: HTMLSpanElement;
  const marks = useMarks();
  const name = createMemo(() => nameOf(props.place));
  // What hands it on is made anew with each frame, the number itself is often the same.
  const value = createMemo(() => props.value);
  const limit = createMemo(() => limitOf(value()));
  const set = (wanted: number, merge: string): void =>
    props.lab.setParameter(indexOf(props.lab.network(), props.place), wanted, `${merge}-${name()}`);
  onMount(() => {
    props.ref(node);
    let drag: ((up: number) => void) | undefined;
    let merge = newGesture();
    const blur = (): void => {
      merge = newGesture();
      marks.unmark(nameOf(props.place));
    };
    node.addEventListener("blur", blur);
    const undo = movable(node, {
      onType: (first) => props.onType(first),
      onMove: ({ by, phase, dx, dy, up, right, limit: end }) => {
        if (by === "pointer") {
          if (phase === "start") drag = dragOf(props.lab, props.place);
          // To the right and upwards are both more: a number in a line asks for the one, a weight in the picture for the other.
          else if (phase === "move" && dx + dy !== 0) drag?.(dx + dy);
        } else if (phase === "move" && (up !== 0 || end !== 0)) {
          const wanted = end === 0 ? value() + up * UNIT : end * limit();
          // Tenths that were added up would drift away from tenths.
          set(Math.round(Math.max(-limit(), Math.min(limit(), wanted)) * 1e4) / 1e4, merge);
        }
        // Left and right go along the numbers; the list that holds them sees to that.
        return right === 0 || by === "pointer";
      },
    });
    onCleanup(undo);
  });
  return (
    <span
      ref={node}
      class="formula-handle"
      classList={{
        "is-positive": value() > 0,
        "is-negative": value() < 0,
        "is-marked": marks.marked() === name(),
      }}
      role="slider"
      tabIndex={-1}
      data-stop=""
      aria-label={`${name()}, ${placeWords(props.lab.data(), props.lab.network(), props.place)}`}
      aria-valuemin={-limit()}
      aria-valuemax={limit()}
      aria-valuenow={Number(value().toFixed(4))}
      aria-valuetext={mathNumber(value(), props.digits)}
      title={`${name()} = ${value()}: drag, or press Enter to type`}
      onPointerEnter={() => marks.mark(name())}
      onPointerLeave={() => marks.unmark(name())}
      onFocus={() => marks.mark(name())}
      onDblClick={() => props.onType("")}
    >
      {mathNumber(value(), props.digits)}
    </span>
  );
}

function Typed(props: HandleProps & { first: string; onDone: () => void; onLeave: () => void }): JSX.Element {
  let field!: HTMLInputElement;
  onMount(() => {
    field.focus({ preventScroll: true });
    if (props.first === "") field.select();
  });
  const take = (): void => {
    const text = field.value.trim().replace("−", "-").replace(",", ".");
    const value = text === "" ? Number.NaN : Number(text);
    if (Number.isFinite(value) && Math.abs(value) <= LARGEST) {
      props.lab.setParameter(indexOf(props.lab.network(), props.place), value, newGesture());
      props.onDone();
      return;
    }
    field.setAttribute("aria-invalid", "true");
    field.setCustomValidity("Give a number such as 0.5, at most a million in size.");
    field.reportValidity();
  };
  return (
    <input
      ref={field}
      class="formula-typed"
      inputmode="decimal"
      value={props.first === "" ? String(Number(props.value.toPrecision(6))) : props.first}
      aria-label={`Number for ${nameOf(props.place)}`}
      onInput={() => field.setCustomValidity("")}
      onBlur={() => props.onLeave()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") take();
        else if (event.key === "Escape") props.onDone();
      }}
    />
  );
}
