// The calculation of what is selected, with the numbers of one example: a neuron's activation, a parameter's derivative, or, where
// nothing is selected, the loss. Every number that is a parameter is a handle.
import "./Formula.css";
import { createEffect, createMemo, createSignal, type JSX, Match, Show, Switch } from "solid-js";
import type { Explanation } from "talweg/explain";
import { Button } from "../panels/controls.tsx";
import type { Lab, Selected } from "../state/types.ts";
import { FormulaDerivative } from "./FormulaDerivative.tsx";
import { FormulaExample } from "./FormulaExample.tsx";
import { FormulaLoss } from "./FormulaLoss.tsx";
import { FormulaNeuron } from "./FormulaNeuron.tsx";
import { FormulaTopic } from "./FormulaTopic.tsx";
import { type DataRow, Frame } from "./Frame.tsx";
import { createExplained } from "./formulaData.ts";
import { formulaRows } from "./formulaRows.ts";
import { lossSentence, neuronSentence, parameterSentence } from "./formulaWords.ts";
import { MarksProvider, marksOf } from "./mathMarks.ts";
import { ALL_DIGITS } from "./mathNumber.ts";
import { exists, nameOf, neuronWords } from "./parameterPlace.ts";
import { leaveTopic, showCalculation, type Topic, topicOf } from "./showCalculation.ts";
import { topicExists, topicRows, topicSentence, topicTitle } from "./topicWords.ts";

const ROUNDED = 4;

export interface FormulaProps {
  readonly lab: Lab;
  /** What is said of the functions in general; left out where there is no room for it. */
  readonly rule?: ((props: { lab: Lab }) => JSX.Element) | undefined;
}

export function Formula(props: FormulaProps): JSX.Element {
  const [digits, setDigits] = createSignal(ROUNDED);
  const explained = createExplained(props.lab);
  const selected = createMemo((): Selected => {
    const now = props.lab.selected();
    return exists(props.lab.network(), now) ? now : { kind: "none" };
  });
  const topic = createMemo((): Topic | undefined => {
    const now = topicOf(props.lab);
    return now !== undefined && topicExists(props.lab, now) ? now : undefined;
  });
  createEffect(() => {
    if (props.lab.selected().kind !== "none") leaveTopic(props.lab);
  });
  const sentence = (): string => {
    const about = topic();
    if (about !== undefined) return topicSentence(props.lab, about);
    const { explanation, refused } = explained();
    return explanation === undefined ? refused : sentenceOf(props.lab, explanation, selected());
  };
  const rows = (): readonly DataRow[] => {
    const about = topic();
    if (about !== undefined) return topicRows(props.lab, about);
    const { explanation } = explained();
    return explanation === undefined ? [] : formulaRows(explanation, selected());
  };
  return (
    <MarksProvider value={marksOf(props.lab)}>
      <Frame
        title={`Calculation: ${topic() === undefined ? titleOf(props.lab, selected()) : topicTitle(topic()!)}`}
        class="formula"
        describe={sentence}
        data={rows}
        tools={
          <>
            <Show when={selected().kind !== "none" || topic() !== undefined}>
              <Button label="Back to the loss" onClick={() => showCalculation(props.lab)} />
            </Show>
            <Button
              label="All digits"
              pressed={digits() === ALL_DIGITS}
              onClick={() => setDigits(digits() === ALL_DIGITS ? ROUNDED : ALL_DIGITS)}
            />
          </>
        }
        note={
          digits() === ALL_DIGITS
            ? "In float64, with the network's float32 weights; the shortest text that names each number."
            : topic() !== undefined
              ? "Numbers are rounded to three or four digits."
              : "Numbers are rounded to three or four digits. Drag a weight, or press Enter on it to type."
        }
      >
        <Show when={hasExample(topic())}>
          <FormulaExample lab={props.lab} explanation={explained().explanation} digits={digits()} />
        </Show>
        <p class="formula-sentence" tabindex={-1}>
          {sentence()}
        </p>
        <Show
          when={topic()}
          fallback={
            <Show when={explained().explanation}>
              {(explanation) => (
                <Body lab={props.lab} explanation={explanation()} selected={selected()} digits={digits()} />
              )}
            </Show>
          }
        >
          {(about) => (
            <div class="formula-parts" classList={{ "is-exact": digits() === ALL_DIGITS }}>
              <FormulaTopic lab={props.lab} topic={about()} digits={digits()} />
            </div>
          )}
        </Show>
        <Show when={topic() === undefined && props.rule}>{(rule) => rule()({ lab: props.lab })}</Show>
      </Frame>
    </MarksProvider>
  );
}

interface BodyProps {
  readonly lab: Lab;
  readonly explanation: Explanation;
  readonly selected: Selected;
  readonly digits: number;
}

function Body(props: BodyProps): JSX.Element {
  const neuron = createMemo((): { layer: number; unit: number; input?: number } | undefined => {
    const { selected } = props;
    if (selected.kind === "none" || selected.layer === 0) return undefined;
    const { layer, unit } = selected;
    return selected.kind === "weight" ? { layer, unit, input: selected.input } : { layer, unit };
  });
  // What is about to go is asked once more when the selection changes; then it is told what it knew.
  const at = createMemo((last: { layer: number; unit: number; input?: number }) => neuron() ?? last, {
    layer: 1,
    unit: 0,
  });
  return (
    <div class="formula-parts" classList={{ "is-exact": props.digits === ALL_DIGITS }}>
      <Switch>
        <Match when={neuron() !== undefined}>
          <FormulaNeuron
            lab={props.lab}
            explanation={props.explanation}
            layer={at().layer}
            unit={at().unit}
            input={at().input}
            digits={props.digits}
          />
        </Match>
        <Match when={props.selected.kind === "none" && props.explanation.loss}>
          {(loss) => (
            <FormulaLoss
              lab={props.lab}
              loss={loss()}
              layers={props.explanation.layers.length}
              digits={props.digits}
            />
          )}
        </Match>
      </Switch>
      <Show when={props.explanation.parameter}>
        {(parameter) => (
          <FormulaDerivative
            lab={props.lab}
            explanation={props.explanation}
            parameter={parameter()}
            digits={props.digits}
          />
        )}
      </Show>
    </div>
  );
}

/** Whether one example has a say in what is on show. */
const hasExample = (topic: Topic | undefined): boolean =>
  topic === undefined || (topic.kind === "accuracy" && !topic.test);

function titleOf(lab: Lab, selected: Selected): string {
  if (selected.kind === "none") return "the loss";
  if (selected.kind !== "neuron") return nameOf(selected);
  if (selected.layer === 0) return "an input";
  return neuronWords(lab.data(), lab.network(), selected.layer, selected.unit);
}

function sentenceOf(lab: Lab, explanation: Explanation, selected: Selected): string {
  const { rows } = lab.dataset();
  if (selected.kind === "none") {
    return lossSentence(explanation, Math.min(lab.example(), rows - 1), rows, lab.measures().loss);
  }
  if (selected.kind === "neuron") {
    return neuronSentence(lab.data(), lab.network(), explanation, selected.layer, selected.unit);
  }
  return explanation.parameter === undefined ? "" : parameterSentence(explanation.parameter);
}
