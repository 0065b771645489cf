// Says to a screen reader what the run does, at most once a second, and only while nothing else would.
import { createEffect, createSignal, type JSX, onCleanup } from "solid-js";
import type { Lab } from "../state/types.ts";
import { numberText } from "./numberText.ts";

const PAUSE = 1000;
/** While a run goes on its loss is told in these intervals. */
const RUNNING = 10_000;

export function Announcer(props: { lab: Lab }): JSX.Element {
  const [said, setSaid] = createSignal("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  let status = "";
  onCleanup(() => clearTimeout(timer));

  const text = (): string => {
    const { status: now, step, message } = props.lab.progress();
    const where = `step ${step}, loss ${numberText(props.lab.measures().loss, 3)}`;
    if (message !== "") return `${message} ${where}`;
    return `${{ idle: "Paused", running: "Running", replaying: "Replaying", ended: "Ended", failed: "Failed" }[now]}, ${where}`;
  };
  createEffect(() => {
    const now = props.lab.progress().status;
    // Read here, so that each step is heard of.
    props.lab.progress().step;
    if (timer !== undefined && now === status) return;
    const first = status === "";
    const pause = now === status && now === "running" ? RUNNING : PAUSE;
    status = now;
    // What the page opens with is read as the page is.
    if (first) return;
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        timer = undefined;
        last = performance.now();
        setSaid(text());
      },
      Math.max(0, last + pause - performance.now()),
    );
  });

  return (
    <p class="unseen" role="status">
      {said()}
    </p>
  );
}
