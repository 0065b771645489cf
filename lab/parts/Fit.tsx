// The fit in the form that suits the number of inputs.
import { type JSX, Match, Switch } from "solid-js";
import type { Lab } from "../state/types.ts";
import { DecisionMap } from "./DecisionMap.tsx";
import { FitCurve } from "./FitCurve.tsx";
import { PredictedTrue } from "./PredictedTrue.tsx";

export function Fit(props: { lab: Lab }): JSX.Element {
  const inputs = (): number => props.lab.dataset().inputs;
  return (
    <Switch fallback={<PredictedTrue lab={props.lab} />}>
      <Match when={inputs() === 1}>
        <FitCurve lab={props.lab} />
      </Match>
      <Match when={inputs() === 2}>
        <DecisionMap lab={props.lab} />
      </Match>
    </Switch>
  );
}
