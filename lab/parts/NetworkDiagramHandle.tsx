// The handle on the selected weight or bias, and the words beside whatever is selected: its name and its number, which can be typed.
import { createMemo, type JSX, onCleanup, onMount, Show } from "solid-js";
import type { Lab } from "../state/types.ts";
import { steadyNumber } from "./chartScale.ts";
import { movable } from "./drag.ts";
import { biasPlace, type DiagramLayout, endsOf } from "./networkDiagramLayout.ts";
import { type DiagramPointer, dragOf, focusIn, limitOf, newGesture } from "./networkDiagramPointer.ts";
import { exists, indexOf, nameOf, numberOf, type Place, placeWords } from "./parameterPlace.ts";

export interface HandleProps {
  readonly lab: Lab;
  readonly layout: DiagramLayout;
  readonly pointer: DiagramPointer;
}

export function NetworkDiagramHandle(props: HandleProps): JSX.Element {
  const place = createMemo((): Place | undefined => {
    const selected = props.lab.selected();
    if (selected.kind === "none" || selected.kind === "neuron") return undefined;
    return exists(props.lab.network(), selected) ? selected : undefined;
  });
  return <Show when={place()}>{(at) => <Parameter {...props} place={at()} />}</Show>;
}

interface ParameterProps extends HandleProps {
  readonly place: Place;
}

function Parameter(props: ParameterProps): JSX.Element {
  const value = (): number => numberOf(props.lab.network(), props.lab.parameters(), props.place);
  const spot = createMemo(() => spotOf(props.layout, props.place));
  return (
    <>
      <Grip {...props} value={value()} spot={spot()} />
      <div
        class="diagram-words"
        data-own=""
        classList={{
          "is-below": spot().y < 64,
          "is-negative": value() < 0,
          "is-typing": props.pointer.typing() !== null,
        }}
        style={{
          left: `${Math.max(56, Math.min(props.layout.width - 56, spot().x))}px`,
          top: `${spot().y}px`,
        }}
      >
        <span class="diagram-words-name">{nameOf(props.place)}</span>
        <Show
          when={props.pointer.typing() !== null}
          fallback={
            <button
              type="button"
              class="diagram-value"
              tabindex={-1}
              onClick={() => props.pointer.setTyping("")}
            >
              {steadyNumber(value())}
            </button>
          }
        >
          <Typed {...props} value={value()} />
        </Show>
      </div>
    </>
  );
}

/** The middle of an edge, or the mark of a bias. */
function spotOf(layout: DiagramLayout, place: Place): { x: number; y: number } {
  if (place.kind === "bias") return biasPlace(layout, place.layer, place.unit);
  const { x0, y0, x1, y1 } = endsOf(layout, place.layer, place.input, place.unit);
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2 };
}

/** The slider itself: keys on it, and touch, which cannot drag the thin edge. */
function Grip(props: ParameterProps & { value: number; spot: { x: number; y: number } }): JSX.Element {
  let grip!: HTMLDivElement;
  const unit = 0.1;
  const limit = createMemo(() => limitOf(props.value));
  onMount(() => {
    let drag: ((up: number) => void) | undefined;
    let merge = newGesture();
    const blur = (): void => {
      merge = newGesture();
    };
    grip.addEventListener("blur", blur);
    const undo = movable(grip, {
      onType: (first) => props.pointer.setTyping(first),
      onMove: (move) => {
        if (move.by === "pointer") {
          if (move.phase === "start") {
            props.pointer.pinned = true;
            drag = dragOf(props.lab, props.place);
          } else if (move.phase === "move" && move.dy !== 0) drag?.(move.dy);
        } else if (move.phase === "move") {
          if (move.right !== 0 && move.up === 0) walk(Math.sign(move.right));
          else {
            const next = move.limit === 0 ? props.value + move.up * unit : move.limit * limit();
            const bounded = Math.max(-limit(), Math.min(limit(), next));
            // Tenths that were added up would drift away from tenths.
            const neat = Math.round(bounded * 1e4) / 1e4;
            props.lab.setParameter(
              indexOf(props.lab.network(), props.place),
              neat,
              `${merge}-${nameOf(props.place)}`,
            );
          }
        }
        return true;
      },
    });
    onCleanup(undo);
  });
  /** Left and right go through the numbers of one neuron: its bias, then its weights from the first input on. */
  const walk = (by: number): void => {
    const { layer, unit: to } = props.place;
    const count = props.lab.network().layers[layer - 1]!.inputs + 1;
    const at = (props.place.kind === "bias" ? 0 : props.place.input + 1) + by;
    const next = (at + count) % count;
    props.lab.select(
      next === 0 ? { kind: "bias", layer, unit: to } : { kind: "weight", layer, input: next - 1, unit: to },
    );
  };
  const back = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    focusIn(grip.parentElement as HTMLElement, `[data-neuron="${props.place.layer}-${props.place.unit}"]`);
  };
  return (
    <div
      ref={grip}
      class="diagram-handle"
      classList={{ "is-negative": props.value < 0 }}
      data-own=""
      role="slider"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={placeWords(props.lab.data(), props.lab.network(), props.place)}
      aria-valuemin={-limit()}
      aria-valuemax={limit()}
      aria-valuenow={Number(props.value.toFixed(4))}
      aria-valuetext={steadyNumber(props.value)}
      style={{ left: `${props.spot.x}px`, top: `${props.spot.y}px` }}
      onKeyDown={back}
    />
  );
}

const LARGEST = 1e6;

/** The field in which a number is typed. */
function Typed(props: ParameterProps & { value: number }): JSX.Element {
  let field!: HTMLInputElement;
  const first = props.pointer.typing() ?? "";
  onMount(() => {
    field.focus({ preventScroll: true });
    if (first === "") field.select();
  });
  const done = (): void => {
    const stage = field.closest<HTMLElement>(".diagram-stage");
    props.pointer.setTyping(null);
    if (stage !== null) focusIn(stage, ".diagram-handle");
  };
  const take = (): void => {
    const text = field.value.trim().replace("−", "-").replace(",", ".");
    const number = text === "" ? Number.NaN : Number(text);
    if (Number.isFinite(number) && Math.abs(number) <= LARGEST) {
      props.lab.setParameter(indexOf(props.lab.network(), props.place), number, newGesture());
      done();
    } else {
      field.setAttribute("aria-invalid", "true");
      field.setCustomValidity("Give a number such as 0.5, at most a million in size.");
      field.reportValidity();
    }
  };
  return (
    <input
      ref={field}
      class="diagram-typed"
      inputmode="decimal"
      value={first === "" ? String(Number(props.value.toPrecision(6))) : first}
      aria-label={`Number for the ${placeWords(props.lab.data(), props.lab.network(), props.place)}`}
      onInput={() => field.setCustomValidity("")}
      onBlur={() => props.pointer.setTyping(null)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") take();
        else if (event.key === "Escape") done();
      }}
    />
  );
}
