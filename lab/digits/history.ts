/** Undo without end, for plain values: what is on show, and signals over what the page's own history keeps. */
import { type Accessor, createSignal, untrack } from "solid-js";
import { History as Kept } from "../state/history.ts";

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

export function createHistory<T>(first: T): History<T> {
  const kept = new Kept<T>();
  const [state, setState] = createSignal({ now: first, ...labelsOf(kept) });
  const now = (): T => state().now;
  const show = (value: T): void => void setState({ now: value, ...labelsOf(kept) });
  return {
    now,
    undoLabel: () => state().undoLabel,
    redoLabel: () => state().redoLabel,
    change(label, edit, merge) {
      const before = untrack(now);
      const after = edit(before);
      kept.record(label, merge, before);
      show(after);
    },
    amend: (edit) => show(edit(untrack(now))),
    undo: () => show(kept.undo(untrack(now)) ?? untrack(now)),
    redo: () => show(kept.redo(untrack(now)) ?? untrack(now)),
  };
}

const labelsOf = ({
  undoLabel,
  redoLabel,
}: Kept<unknown>): Pick<Kept<unknown>, "undoLabel" | "redoLabel"> => ({
  undoLabel,
  redoLabel,
});
