// How good the network is, in the numbers that it is judged by; each opens its calculation.
import "./Scores.css";
import { type JSX, Show } from "solid-js";
import { Fact } from "../panels/Fact.tsx";
import { numberText, steadyText } from "../panels/numberText.ts";
import type { Lab } from "../state/types.ts";
import { showCalculation } from "./showCalculation.ts";

export function Scores(props: { lab: Lab }): JSX.Element {
  const measures = () => props.lab.measures();
  const tested = (): boolean => props.lab.testset() !== props.lab.dataset();
  const share = (value: number | null): string => (value === null ? "–" : `${numberText(100 * value, 3)} %`);
  return (
    <dl class="scores">
      <Fact
        name="loss"
        value={steadyText(measures().loss)}
        width={7}
        onShow={() => showCalculation(props.lab)}
      />
      <Show when={tested()}>
        <Fact
          name="test loss"
          value={steadyText(measures().testLoss)}
          width={7}
          onShow={() => showCalculation(props.lab, { kind: "testLoss" })}
        />
      </Show>
      <Show when={measures().accuracy !== null}>
        <Fact
          name="right"
          value={share(measures().accuracy)}
          width={6}
          onShow={() => showCalculation(props.lab, { kind: "accuracy", test: false })}
        />
      </Show>
      <Show when={measures().testAccuracy !== null}>
        <Fact
          name="right in the test"
          value={share(measures().testAccuracy)}
          width={6}
          onShow={() => showCalculation(props.lab, { kind: "accuracy", test: true })}
        />
      </Show>
      <Fact
        name="hash"
        value={measures().hash}
        width={8}
        onShow={() => showCalculation(props.lab, { kind: "hash" })}
      />
      <Fact
        name="step size"
        value={steadyText(props.lab.progress().stepSize, 3)}
        width={6}
        onShow={() => showCalculation(props.lab, { kind: "stepSize" })}
      />
    </dl>
  );
}
