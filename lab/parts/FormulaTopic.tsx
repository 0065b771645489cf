// The calculation of a number that belongs to no neuron and no parameter: accuracy, test loss, gradient norm, step size, hash.
import "./FormulaTopic.css";
import { createMemo, type JSX, Match, Switch } from "solid-js";
import type { Lab } from "../state/types.ts";
import { FormulaAccuracy } from "./FormulaAccuracy.tsx";
import { FormulaHash } from "./FormulaHash.tsx";
import { FormulaMean } from "./FormulaMean.tsx";
import { FormulaNorm } from "./FormulaNorm.tsx";
import { FormulaStepSize } from "./FormulaStepSize.tsx";
import type { Topic } from "./showCalculation.ts";

export interface TopicProps {
  readonly lab: Lab;
  readonly topic: Topic;
  readonly digits: number;
}

export function FormulaTopic(props: TopicProps): JSX.Element {
  const kind = createMemo(() => props.topic.kind);
  const layer = (): number => (props.topic.kind === "gradientNorm" ? props.topic.layer : 1);
  const test = (): boolean => props.topic.kind === "accuracy" && props.topic.test;
  return (
    <Switch>
      <Match when={kind() === "accuracy"}>
        <FormulaAccuracy lab={props.lab} test={test()} digits={props.digits} />
      </Match>
      <Match when={kind() === "testLoss"}>
        <section class="formula-part" aria-label="the mean of the losses of the test">
          <FormulaMean lab={props.lab} digits={props.digits} test />
        </section>
        <section class="formula-part" aria-label="the mean of the losses that training makes small">
          <FormulaMean lab={props.lab} digits={props.digits} />
        </section>
      </Match>
      <Match when={kind() === "gradientNorm"}>
        <FormulaNorm lab={props.lab} layer={layer()} digits={props.digits} />
      </Match>
      <Match when={kind() === "stepSize"}>
        <FormulaStepSize lab={props.lab} digits={props.digits} />
      </Match>
      <Match when={kind() === "hash"}>
        <FormulaHash lab={props.lab} digits={props.digits} />
      </Match>
    </Switch>
  );
}
