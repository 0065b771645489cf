// One figure in another page: a part of the lab, and what moves it.
import { type Component, createUniqueId, type JSX, Match, Show, Switch } from "solid-js";
import { Button } from "../panels/controls.tsx";
import { numberText, steadyText } from "../panels/numberText.ts";
import { Fit } from "../parts/Fit.tsx";
import { Formula } from "../parts/Formula.tsx";
import { Landscape } from "../parts/Landscape.tsx";
import { LineSearch } from "../parts/LineSearch.tsx";
import { LossChart } from "../parts/LossChart.tsx";
import { NetworkDiagram } from "../parts/NetworkDiagram.tsx";
import type { Lab } from "../state/types.ts";
import "./Figure.css";

const parts: Readonly<Record<string, Component<{ lab: Lab }>>> = {
  network: NetworkDiagram,
  fit: Fit,
  loss: LossChart,
  landscape: Landscape,
  "line-search": LineSearch,
  formula: Formula,
};

const partNames: readonly string[] = Object.keys(parts);

export interface FigureProps {
  readonly lab: Lab;
  readonly part: string;
  /** Why a link was not followed; "" where it was. */
  readonly notice: string;
  /** Without the row that runs and steps. */
  readonly bare: boolean;
}

export function Figure(props: FigureProps): JSX.Element {
  const Part = parts[props.part];
  return (
    <Switch>
      <Match when={Part === undefined}>
        <p class="embed-notice" role="alert">
          There is no part “{props.part}”; expected one of {partNames.join(", ")}.
        </p>
      </Match>
      <Match when={Part}>
        {(Known) => {
          const One = Known();
          return (
            <>
              <Show when={props.notice !== ""}>
                <p class="embed-notice" role="alert">
                  {props.notice}
                </p>
              </Show>
              <One lab={props.lab} />
              <Show when={!props.bare}>
                <Time lab={props.lab} />
              </Show>
            </>
          );
        }}
      </Match>
    </Switch>
  );
}

/** Run, step and back to the start. */
function Time(props: { lab: Lab }): JSX.Element {
  const id = createUniqueId();
  const progress = () => props.lab.progress();
  const running = (): boolean => progress().status === "running" || progress().status === "replaying";
  return (
    <div class="embed-time" role="group" aria-labelledby={id}>
      <span class="unseen" id={id}>
        time
      </span>
      <Button label="To the first step" icon="reset" onClick={() => props.lab.reset()} />
      <Button
        label={running() ? "Pause" : "Run"}
        icon={running() ? "pause" : "play"}
        wide
        kind="main"
        onClick={() => (running() ? props.lab.pause() : props.lab.play())}
      />
      <Button label="One step on" icon="on" onClick={() => props.lab.stepBy("step", 1)} />
      <Button
        label={props.lab.undoLabel() === null ? "Undo" : `Undo: ${props.lab.undoLabel()}`}
        icon="undo"
        disabled={props.lab.undoLabel() === null}
        onClick={() => props.lab.undo()}
      />
      <span class="embed-numbers">
        step {numberText(progress().step)} · loss {steadyText(props.lab.measures().loss)}
      </span>
      <Show when={progress().message !== ""}>
        <p class="embed-notice">{progress().message}</p>
      </Show>
    </div>
  );
}
