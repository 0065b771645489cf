// Time as a place: run and pause, a step on or back, and a line of all steps to go to any of them. Always in reach.
import "./Transport.css";
import { createMemo, createSignal, type JSX, onCleanup } from "solid-js";
import { showCalculation } from "../parts/showCalculation.ts";
import type { Lab } from "../state/types.ts";
import { Button, Choice, Slider } from "./controls.tsx";
import { Fact } from "./Fact.tsx";
import { numberText, steadyText } from "./numberText.ts";

type Grain = "operation" | "step" | "epoch";

const grains: readonly { value: Grain; label: string }[] = [
  { value: "operation", label: "operation" },
  { value: "step", label: "step" },
  { value: "epoch", label: "epoch" },
];

/** Steps a frame. */
const speeds = [1, 2, 5, 10, 20, 50, 100, Number.POSITIVE_INFINITY];

export function Transport(props: { lab: Lab }): JSX.Element {
  const [grain, setGrain] = createSignal<Grain>("step");
  const narrow = matches("(max-width: 36rem)");
  const progress = createMemo(() => props.lab.progress());
  const running = (): boolean => progress().status === "running" || progress().status === "replaying";
  const atEnd = (): boolean => progress().steps > 0 && progress().step >= progress().steps;
  const move = (direction: 1 | -1): void => props.lab.stepBy(grain(), direction);

  const onKeyDown = (event: KeyboardEvent & { target: Element }): void => {
    const direction = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : undefined;
    // Fields and choices within use the arrows themselves.
    if (direction === undefined || event.target.closest("input, select, [role=radiogroup]") !== null) return;
    move(direction);
    event.preventDefault();
  };

  return (
    <section class="dock" aria-label="time" onKeyDown={onKeyDown}>
      <Scrubber lab={props.lab} />
      <div class="dock-row">
        <div class="dock-keys" role="group" aria-label="run and step">
          <Button label="To the first step" icon="reset" onClick={() => props.lab.reset()} />
          <Button label={`One ${grain()} back`} icon="back" keys="ArrowLeft" onClick={() => move(-1)} />
          <button
            type="button"
            class="button button-main dock-run"
            aria-keyshortcuts="Space"
            onClick={() => (running() ? props.lab.pause() : props.lab.play())}
          >
            <RunIcon running={running()} />
            <span>{running() ? "Pause" : atEnd() && !narrow() ? "Run on" : "Run"}</span>
          </button>
          <Button label={`One ${grain()} on`} icon="on" keys="ArrowRight" onClick={() => move(1)} />
        </div>
        <div class="dock-how">
          <Choice
            label="step by"
            bare
            segmented={!narrow()}
            value={grain()}
            options={grains}
            onChange={setGrain}
          />
          <Speed lab={props.lab} />
        </div>
        <Numbers lab={props.lab} />
      </div>
    </section>
  );
}

/** Whether the window is so, as an accessor. */
function matches(query: string): () => boolean {
  const list = matchMedia(query);
  const [now, setNow] = createSignal(list.matches);
  const listener = (): void => void setNow(list.matches);
  list.addEventListener("change", listener);
  onCleanup(() => list.removeEventListener("change", listener));
  return now;
}

function RunIcon(props: { running: boolean }): JSX.Element {
  return (
    <svg class="icon icon-solid" viewBox="0 0 20 20" aria-hidden="true">
      <path d={props.running ? "M6.2 4.5h2.6v11H6.2zM11.2 4.5h2.6v11h-2.6z" : "M6.5 4.2v11.6l9-5.8z"} />
    </svg>
  );
}

function Speed(props: { lab: Lab }): JSX.Element {
  const place = (): number => {
    const found = speeds.indexOf(props.lab.speed());
    return found < 0 ? speeds.length - 1 : found;
  };
  const text = (): string => (place() === speeds.length - 1 ? "full" : `${speeds[place()]} a frame`);
  return (
    <Slider
      label="speed"
      value={place()}
      min={0}
      max={speeds.length - 1}
      text={text()}
      onInput={(at) => props.lab.setSpeed(speeds[at] ?? Number.POSITIVE_INFINITY)}
    />
  );
}

function Scrubber(props: { lab: Lab }): JSX.Element {
  const progress = createMemo(() => props.lab.progress());
  const last = (): number => Math.max(1, progress().steps, progress().step);
  return (
    <input
      type="range"
      class="dock-line"
      min={0}
      max={last()}
      value={Math.min(progress().step, last())}
      style={{ "--filled": `${(100 * progress().step) / last()}%` }}
      aria-label="step of the run"
      aria-valuetext={`step ${progress().step} of ${progress().steps}`}
      onInput={(event) => props.lab.goTo(event.currentTarget.valueAsNumber)}
    />
  );
}

function Numbers(props: { lab: Lab }): JSX.Element {
  const progress = createMemo(() => props.lab.progress());
  return (
    <dl class="dock-numbers">
      <Fact name="epoch" value={numberText(progress().epoch)} width={3} />
      <Fact name="step" value={numberText(progress().step)} of={numberText(progress().steps)} width={4} />
      <Fact
        name="loss"
        value={steadyText(props.lab.measures().loss)}
        width={7}
        strong
        onShow={() => showCalculation(props.lab)}
      />
      <Fact
        name="step size"
        value={steadyText(progress().stepSize, 3)}
        width={6}
        onShow={() => showCalculation(props.lab, { kind: "stepSize" })}
      />
      <Fact name="evaluations" value={numberText(progress().exampleEvaluations)} width={7} />
    </dl>
  );
}
