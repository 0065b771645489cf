/** Undo without end, for plain values: what is on show, what was, and what was taken back. */
import { type Accessor, createSignal } from "solid-js";

export interface History<T> {
  readonly now: Accessor<T>;
  readonly undoLabel: Accessor<string | null>;
  readonly redoLabel: Accessor<string | null>;
  /** Changes in a row with the same key are undone at once, as the parts of a stroke are. */
  change(label: string, edit: (now: T) => T, merge?: string): void;
  /** Changes what is on show without a place to come back to: the end of something that has one. */
  amend(edit: (now: T) => T): void;
  undo(): void;
  redo(): void;
}

interface Entry<T> {
  readonly label: string;
  readonly value: T;
}

interface State<T> {
  readonly now: T;
  readonly merge: string | undefined;
  /** What was before each change, the last at the end. */
  readonly past: readonly Entry<T>[];
  readonly future: readonly Entry<T>[];
}

export function createHistory<T>(first: T): History<T> {
  const [state, setState] = createSignal<State<T>>({ now: first, merge: undefined, past: [], future: [] });
  return {
    now: () => state().now,
    undoLabel: () => state().past.at(-1)?.label ?? null,
    redoLabel: () => state().future.at(-1)?.label ?? null,
    change(label, edit, merge) {
      setState(({ now, past, merge: last }) => ({
        now: edit(now),
        merge,
        past: merge !== undefined && merge === last ? past : [...past, { label, value: now }],
        future: [],
      }));
    },
    amend(edit) {
      setState((old) => ({ ...old, now: edit(old.now) }));
    },
    undo() {
      setState((old) => {
        const last = old.past.at(-1);
        if (last === undefined) return old;
        const future = [...old.future, { label: last.label, value: old.now }];
        return { now: last.value, merge: undefined, past: old.past.slice(0, -1), future };
      });
    },
    redo() {
      setState((old) => {
        const next = old.future.at(-1);
        if (next === undefined) return old;
        const past = [...old.past, { label: next.label, value: old.now }];
        return { now: next.value, merge: undefined, past, future: old.future.slice(0, -1) };
      });
    },
  };
}
