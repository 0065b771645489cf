/** For what takes longer than a frame: whether anybody looks, and questions one at a time. */
import { type Accessor, createEffect, createSignal, onCleanup, onMount } from "solid-js";

/**
 * Whether a node is on the screen or nearly so.
 *
 * @param margin Pixels around the screen that count; none for what is drawn at once when it comes into view.
 */
export function inView(node: () => Element, margin = 150): Accessor<boolean> {
  const [seen, setSeen] = createSignal(false);
  onMount(() => {
    const watch = new IntersectionObserver((entries) => setSeen(entries.at(-1)?.isIntersecting === true), {
      rootMargin: `${margin}px`,
    });
    watch.observe(node());
    onCleanup(() => watch.disconnect());
  });
  return seen;
}

/** The newest value of `source` at most once in `pause` milliseconds; at once after a rest. */
export function paced<T>(source: Accessor<T>, pause: () => number): Accessor<T> {
  const [value, setValue] = createSignal(source());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = Number.NEGATIVE_INFINITY;
  let newest = value();
  const pass = (): void => {
    timer = undefined;
    last = performance.now();
    setValue(() => newest);
  };
  createEffect(() => {
    newest = source();
    const wait = last + pause() - performance.now();
    if (wait <= 0) {
      clearTimeout(timer);
      pass();
    } else timer ??= setTimeout(pass, wait);
  });
  onCleanup(() => clearTimeout(timer));
  return value;
}

export interface Answered<Q, A> {
  readonly question: Q;
  readonly answer: A;
}

interface Answers<Q, A> {
  /** The last answer with its question. */
  readonly answered: Accessor<Answered<Q, A> | undefined>;
  /** It is not yet the answer to what is asked now. */
  readonly stale: Accessor<boolean>;
  /** Why there is none; "" otherwise. */
  readonly fault: Accessor<string>;
}

/**
 * Asks whenever the question is another, but never two at once: so there are answers while questions come faster than they do.
 *
 * @param question Undefined where nothing is asked.
 */
export function answersTo<Q extends object, A>(
  question: Accessor<Q | undefined>,
  ask: (question: Q) => Promise<A | null>,
): Answers<Q, A> {
  const [answered, setAnswered] = createSignal<Answered<Q, A>>();
  const [fault, setFault] = createSignal("");
  const [tried, setTried] = createSignal<Q>();
  let busy = false;
  let closed = false;
  let newest: Q | undefined;
  const next = async (): Promise<void> => {
    const mine = newest;
    if (busy || closed || mine === undefined || mine === tried()) return;
    busy = true;
    try {
      const answer = await ask(mine);
      if (!closed && answer !== null) {
        setAnswered({ question: mine, answer });
        setFault("");
      }
    } catch (error) {
      if (!closed) setFault(error instanceof Error ? error.message : String(error));
    }
    busy = false;
    if (closed) return;
    setTried(() => mine);
    void next();
  };
  createEffect(() => {
    newest = question();
    void next();
  });
  onCleanup(() => {
    closed = true;
  });
  return { answered, stale: () => question() !== undefined && question() !== tried(), fault };
}
