/**
 * Where the page and a view with a state of its own meet: what the line at the top shows of it, and its part of the link, which
 * stands behind that of the lab's setting, after a dot.
 */
import { type Accessor, createSignal } from "solid-js";
import type { MenuItem } from "../panels/Menu.tsx";

/** What can be undone, by whoever keeps it. */
export interface Undoing {
  readonly undoLabel: Accessor<string | null>;
  readonly redoLabel: Accessor<string | null>;
  undo(): void;
  redo(): void;
}

/** A view as the page has it. */
interface ViewState extends Undoing {
  readonly examples: readonly MenuItem[];
  /** Of the parameters on show, eight digits. */
  readonly hash: Accessor<string>;
  /** Whether what is on show stays for a moment, as it does not while something learns; read, it hears of every change. */
  readonly isAtRest: Accessor<boolean>;
  /** Its part of the link. */
  text(): Promise<string>;
}

export interface ViewDesk {
  /** Of the view on show; undefined where that is the lab's own, or is not there yet. */
  readonly state: Accessor<ViewState | undefined>;
  enter(state: ViewState): void;
  leave(): void;
  /** The part of a link that no view has read yet. */
  readonly letter: Accessor<string | undefined>;
  post(text: string): void;
  /** The same, read. */
  take(): string | undefined;
  /** Says above the view what went wrong. */
  tell(notice: string): void;
}

/** @param first The part of the link that the page opened with. */
export function createViewDesk(first: string | undefined, tell: (notice: string) => void): ViewDesk {
  const [state, setState] = createSignal<ViewState>();
  // The same link again is another letter.
  const [letter, setLetter] = createSignal(first, { equals: false });
  return {
    state,
    enter: (view) => setState(() => view),
    leave: () => setState(undefined),
    letter,
    post: setLetter,
    take() {
      const text = letter();
      if (text !== undefined) setLetter(undefined);
      return text;
    },
    tell,
  };
}
