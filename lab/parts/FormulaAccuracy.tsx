// Accuracy: right answers over all, class by class, and what makes the answer of one example right or wrong.
import { createMemo, For, Index, type JSX, Show } from "solid-js";
import type { Lab } from "../state/types.ts";
import { atReadingSpeed } from "./formulaData.ts";
import { Inline, Num, Op } from "./math.tsx";
import { mathNumber } from "./mathNumber.ts";
import { type AccuracyParts, accuracyParts, measuredExamples, oneExample } from "./topicData.ts";

/** Wrong examples that are listed. */
const WRONG = 16;

export interface AccuracyProps {
  readonly lab: Lab;
  readonly test: boolean;
  readonly digits: number;
}

export function FormulaAccuracy(props: AccuracyProps): JSX.Element {
  const looked = atReadingSpeed(props.lab);
  const all = createMemo(() => measuredExamples(props.lab, props.test));
  const one = createMemo(() => oneExample(props.lab.dataset(), props.lab.example()));
  const parts = createMemo((): AccuracyParts => {
    looked();
    return accuracyParts(props.lab, all(), one());
  });
  return (
    <>
      <section class="formula-part" aria-label="right answers over all">
        <p class="formula-rule math-line" data-number="accuracy">
          <Inline>
            <mi class="math-function">accuracy</mi>
            <Op text="=" />
            <mfrac>
              <mtext>right</mtext>
              <mtext>all</mtext>
            </mfrac>
            <Op text="=" />
            <mfrac>
              <mn>{parts().right}</mn>
              <mn>{parts().rows}</mn>
            </mfrac>
            <Op text="=" />
            <Num value={parts().accuracy} digits={props.digits} />
          </Inline>
        </p>
        <dl class="formula-result">
          <Index each={parts().classes}>
            {(one) => (
              <div>
                <dt>{one().name}</dt>
                <dd>
                  {one().right} of {one().count} right
                </dd>
              </div>
            )}
          </Index>
        </dl>
      </section>
      <section class="formula-part" aria-label="the answer of one example">
        <Show when={!props.test}>
          <Answer {...props} parts={parts()} />
        </Show>
        <Wrong {...props} rows={parts().wrong} />
      </section>
    </>
  );
}

/** How the outputs of the example on show become a class. */
function Answer(props: AccuracyProps & { parts: AccuracyParts }): JSX.Element {
  const example = () => props.parts.example;
  const right = (): boolean => example().said === example().wanted;
  const text = (value: number): string => mathNumber(value, props.digits);
  return (
    <p class="formula-answer" data-number="answer">
      <Show
        when={props.parts.threshold !== null}
        fallback={`The largest of the outputs ${example().outputs.map(text).join(", ")} is the one of ${example().said}.`}
      >
        Example {props.lab.example() + 1}: ŷ ={" "}
        {`${text(example().outputs[0] ?? Number.NaN)} ${
          (example().outputs[0] ?? 0) >= (props.parts.threshold ?? 0) ? "≥" : "<"
        } ${props.parts.threshold}`}
        , so the network says {example().said}.
      </Show>{" "}
      Wanted is {example().wanted}: <strong>{right() ? "right" : "wrong"}</strong>.
    </p>
  );
}

/** The examples whose answer is wrong; one that is trained on can be looked at. */
function Wrong(props: AccuracyProps & { rows: readonly number[] }): JSX.Element {
  const shown = createMemo(() => props.rows.slice(0, WRONG));
  return (
    <Show when={props.rows.length > 0} fallback={<p class="formula-words">No answer is wrong.</p>}>
      <p class="formula-words">
        {props.rows.length === 1 ? "One answer is wrong" : `${props.rows.length} answers are wrong`}
        {props.test ? "." : props.rows.length > WRONG ? `; the first ${WRONG} of them:` : ":"}
      </p>
      <Show when={!props.test}>
        <ul class="formula-wrong">
          <For each={shown()}>
            {(row) => (
              <li>
                <button
                  type="button"
                  class="formula-row"
                  aria-label={`Show example ${row + 1}`}
                  aria-pressed={props.lab.example() === row}
                  onClick={() => props.lab.showExample(row)}
                >
                  {row + 1}
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Show>
  );
}
