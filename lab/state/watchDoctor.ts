/** Asks the doctor about what is on show, a little later and not too often. */
import { type Accessor, createSignal } from "solid-js";
import type { Finding } from "talweg";
import type { Subject, Thinker } from "../engine/thinker.ts";

/** Rest before the doctor is asked, and between two questions while things move, in milliseconds. */
const REST = 250;
const PAUSE = 1000;

export interface DoctorWatch {
  readonly findings: Accessor<readonly Finding[]>;
  readonly stale: Accessor<boolean>;
  /** Something else is on show. */
  moved(): void;
  close(): void;
}

export function watchDoctor(thinker: Thinker, subject: () => Subject): DoctorWatch {
  const [findings, setFindings] = createSignal<readonly Finding[]>([]);
  const [stale, setStale] = createSignal(true);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = -Infinity;
  let version = 0;
  let over = false;

  async function ask(): Promise<void> {
    timer = undefined;
    asked = performance.now();
    const about = version;
    try {
      const found = await thinker.doctor(subject());
      if (over || found === null) return;
      setFindings(found);
      if (about === version) setStale(false);
    } catch {
      // Without an answer the mark stays: what is shown may be old.
    }
  }

  return {
    findings,
    stale,
    moved() {
      version++;
      setStale(true);
      if (timer !== undefined || over) return;
      timer = setTimeout(ask, Math.max(REST, asked + PAUSE - performance.now()));
    },
    close() {
      over = true;
      clearTimeout(timer);
    },
  };
}
