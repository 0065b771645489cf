/** Undo and redo without end: the states before each change, and those that were undone. */

interface Entry<S> {
  readonly label: string;
  readonly merge: string | undefined;
  /** Before the change in `past`, after it in `future`. */
  readonly state: S;
}

export class History<S> {
  private readonly past: Entry<S>[] = [];
  private readonly future: Entry<S>[] = [];
  /** Whether the next change may join the last one. */
  private open = false;

  get undoLabel(): string | null {
    return this.past.at(-1)?.label ?? null;
  }

  get redoLabel(): string | null {
    return this.future.at(-1)?.label ?? null;
  }

  /**
   * A change is about to be made. With the same `merge` as the one before it, both are undone at once.
   *
   * @param before The state that undo goes back to.
   */
  record(label: string, merge: string | undefined, before: S): void {
    this.future.length = 0;
    const last = this.past.at(-1);
    const joins = this.open && merge !== undefined && last?.merge === merge;
    if (!joins) this.past.push({ label, merge, state: before });
    this.open = true;
  }

  /** Something else has happened: what comes next is a change of its own. */
  seal(): void {
    this.open = false;
  }

  /** The state before the last change; undefined where there is none. @param now The state that redo comes back to. */
  undo(now: S): S | undefined {
    return this.move(this.past, this.future, now);
  }

  redo(now: S): S | undefined {
    return this.move(this.future, this.past, now);
  }

  private move(from: Entry<S>[], to: Entry<S>[], now: S): S | undefined {
    const entry = from.pop();
    if (entry === undefined) return undefined;
    to.push({ ...entry, state: now });
    this.seal();
    return entry.state;
  }
}
