// What stands around every figure: its title, its state in one sentence for who cannot see it, and a menu that takes it out as
// a picture or as numbers.
import { createEffect, createSignal, createUniqueId, type JSX, onCleanup, Show } from "solid-js";
import "./Frame.css";
import { FrameMenu } from "./FrameMenu.tsx";

/** One row of a figure's numbers, column by column. */
export type DataRow = Readonly<Record<string, string | number | null>>;

export interface FrameProps {
  readonly title: string;
  /** Its state in one sentence. */
  readonly describe: () => string;
  /** The picture to be taken out; it is copied with its styles. Absent where there is none. */
  readonly svg?: (() => SVGSVGElement | undefined) | undefined;
  /** The numbers that it shows. */
  readonly data?: (() => readonly DataRow[]) | undefined;
  /** A few words under the picture. */
  readonly note?: JSX.Element;
  /** Controls beside the title. */
  readonly tools?: JSX.Element;
  readonly class?: string | undefined;
  readonly children: JSX.Element;
}

/** A screen reader is told a new state once a second at most. */
const PAUSE = 1000;

export function Frame(props: FrameProps): JSX.Element {
  const id = createUniqueId();
  const [active, setActive] = createSignal(false);
  const text = atMostEvery(PAUSE, () => props.describe());
  return (
    <figure
      class={`frame ${props.class ?? ""}`}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-state`}
      onFocusIn={() => setActive(true)}
      onFocusOut={({ relatedTarget, currentTarget }) =>
        setActive(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))
      }
    >
      <div class="frame-head">
        <figcaption class="frame-title" id={`${id}-title`}>
          {props.title}
        </figcaption>
        <div class="frame-tools">
          {props.tools}
          <Show when={props.svg !== undefined || props.data !== undefined}>
            <FrameMenu title={props.title} svg={props.svg} data={props.data} />
          </Show>
        </div>
      </div>
      {props.children}
      <Show when={props.note !== undefined}>
        <div class="frame-note">{props.note}</div>
      </Show>
      {/* Spoken while the reader is in the figure; many figures that speak at once say nothing. */}
      <p class="unseen" id={`${id}-state`} aria-live={active() ? "polite" : "off"}>
        {text()}
      </p>
    </figure>
  );
}

/** The newest text, made and shown at most once in `pause` milliseconds: in a drag it is not even looked at in between. */
function atMostEvery(pause: number, source: () => string): () => string {
  const [text, setText] = createSignal("");
  const [turn, setTurn] = createSignal(0);
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = (): void => {
    timer = undefined;
    setTurn((count) => count + 1);
  };
  createEffect(() => {
    turn();
    const wait = last + pause - performance.now();
    if (wait > 0) {
      timer ??= setTimeout(again, wait);
      return;
    }
    last = performance.now();
    setText(source());
  });
  onCleanup(() => clearTimeout(timer));
  return text;
}
