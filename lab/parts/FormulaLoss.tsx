// The loss of one example, output by output, and the mean over all of them.
import { For, type JSX, Show } from "solid-js";
import type { Loss } from "talweg";
import type { LossExplanation, OutputLoss } from "talweg/explain";
import type { Lab } from "../state/types.ts";
import { FormulaMean } from "./FormulaMean.tsx";
import { largest } from "./formulaData.ts";
import { Inline, Letter, Num, Op, Sum, Sym, Value } from "./math.tsx";

/** Outputs that are shown. */
const OUTPUTS = 6;

export interface LossProps {
  readonly lab: Lab;
  readonly loss: LossExplanation;
  readonly layers: number;
  readonly digits: number;
}

export function FormulaLoss(props: LossProps): JSX.Element {
  const outputs = (): readonly OutputLoss[] => props.loss.outputs;
  const shown = (): number[] =>
    largest(
      outputs().map(({ term, target }) => Math.abs(term) + Math.abs(target)),
      OUTPUTS,
    );
  const rest = (): number =>
    props.loss.value - shown().reduce((sum, i) => sum + (outputs()[i]?.term ?? 0), 0);
  return (
    <>
      <section class="formula-part" aria-label="the loss of the example">
        <p class="formula-rule math-line">
          <Inline>
            <Letter text="C" />
            <Op text="=" />
            <Rule loss={props.loss.loss} outputs={outputs().length} />
          </Inline>
        </p>
        <div class="formula-terms">
          <For each={shown()}>
            {(i) => (
              <Show when={outputs()[i]}>{(output) => <OutputTerm {...props} output={output()} />}</Show>
            )}
          </For>
          <Show when={outputs().length > shown().length}>
            <div class="formula-term">
              <span class="formula-more">… {outputs().length - shown().length} more outputs, together</span>
              <span class="formula-op formula-equals">=</span>
              <span class="formula-product">
                <Value value={rest()} digits={props.digits} />
              </span>
            </div>
          </Show>
        </div>
        <dl class="formula-result">
          <div>
            <dt>loss of the example</dt>
            <dd data-number="loss">
              <Inline>
                <Letter text="C" />
                <Op text="=" />
              </Inline>
              <Value value={props.loss.value} digits={props.digits} />
            </dd>
          </div>
        </dl>
      </section>
      <section class="formula-part" aria-label="the mean of all losses">
        <FormulaMean lab={props.lab} digits={props.digits} />
      </section>
    </>
  );
}

/** What one output adds to the loss, with its numbers. */
function OutputTerm(props: LossProps & { output: OutputLoss }): JSX.Element {
  const loss = (): Loss => props.loss.loss;
  const output = (): OutputLoss => props.output;
  const p = (): number => output().probability ?? output().output;
  return (
    <div class="formula-term formula-output">
      <span class="formula-more">
        <Inline>
          <Show
            when={loss() === "binaryCrossEntropy" || loss() === "categoricalCrossEntropy"}
            fallback={<Sym name={`a${props.layers}[${output().unit}]`} />}
          >
            <Letter text="p" />
          </Show>
          <Op text="=" />
          <Num value={p()} digits={props.digits} />
          <mspace width="0.6em" />
          <Sym name={`y[${output().unit}]`} />
          <Op text="=" />
          <Num value={output().target} digits={props.digits} />
        </Inline>
      </span>
      <span class="formula-product">
        <Inline>
          <Numbers
            loss={loss()}
            p={p()}
            target={output().target}
            outputs={props.loss.outputs.length}
            digits={props.digits}
          />
          <Op text="=" />
          <Num value={output().term} digits={props.digits} />
        </Inline>
      </span>
    </div>
  );
}

/** The term of one output with numbers put in. */
function Numbers(props: {
  loss: Loss;
  p: number;
  target: number;
  outputs: number;
  digits: number;
}): JSX.Element {
  const square = (): boolean => props.loss === "sumOfSquares" || props.loss === "meanSquaredError";
  return (
    <Show when={square()} fallback={<Entropy {...props} />}>
      <Op text="(" />
      <Num value={props.p} digits={props.digits} />
      <Op text="−" />
      <Operand value={props.target} digits={props.digits} />
      <Squared />
      <Show when={props.loss === "meanSquaredError" && props.outputs > 1}>
        <Op text="/" />
        <mn>{props.outputs}</mn>
      </Show>
    </Show>
  );
}

function Entropy(props: { loss: Loss; p: number; target: number; digits: number }): JSX.Element {
  const flipped = (): boolean => props.loss === "binaryCrossEntropy" && props.target === 0;
  return (
    <Show
      when={props.loss !== "huber"}
      fallback={
        <>
          <Letter text="h" />
          <Op text="(" />
          <Num value={props.p - props.target} digits={props.digits} />
          <Op text=")" />
        </>
      }
    >
      <Op text="−" />
      <Show when={props.loss === "categoricalCrossEntropy" && props.target !== 1}>
        <Num value={props.target} digits={props.digits} />
        <mspace width="0.2em" />
      </Show>
      <mi class="math-function">ln</mi>
      <Op text="(" />
      <Show when={flipped()} fallback={<Num value={props.p} digits={props.digits} />}>
        <mn>1</mn>
        <Op text="−" />
        <Num value={props.p} digits={props.digits} />
      </Show>
      <Op text=")" />
    </Show>
  );
}

/** A number behind a minus: in parentheses where it has one of its own. */
function Operand(props: { value: number; digits: number }): JSX.Element {
  return (
    <Show when={props.value < 0} fallback={<Num value={props.value} digits={props.digits} />}>
      <Op text="(" />
      <Num value={props.value} digits={props.digits} />
      <Op text=")" />
    </Show>
  );
}

/** The right side of C = …, with names. */
function Rule(props: { loss: Loss; outputs: number }): JSX.Element {
  const many = (): boolean => props.outputs > 1;
  return (
    <Show when={props.loss !== "binaryCrossEntropy"} fallback={<BinaryRule many={many()} />}>
      <Show when={props.loss !== "categoricalCrossEntropy"} fallback={<CategoricalRule />}>
        <Show when={many() && props.loss !== "sumOfSquares"}>
          <mfrac>
            <mn>1</mn>
            <mn>{props.outputs}</mn>
          </mfrac>
        </Show>
        <Show when={many()}>
          <Sum over="j" />
        </Show>
        <Show when={props.loss === "huber"} fallback={<Difference end={<Squared />} />}>
          <Letter text="h" />
          <Difference end={<Op text=")" />} />
        </Show>
      </Show>
    </Show>
  );
}

/** (ŷ − y), with what stands at its end. */
function Difference(props: { end: JSX.Element }): JSX.Element {
  return (
    <mrow>
      <Op text="(" />
      <Letter text="ŷ" />
      <Op text="−" />
      <Letter text="y" />
      {props.end}
    </mrow>
  );
}

/** The end of a parenthesis that is squared; without a font for mathematics an exponent of its own stands far too high. */
function Squared(): JSX.Element {
  return (
    <>
      <Op text=")" />
      <mo>²</mo>
    </>
  );
}

function BinaryRule(props: { many: boolean }): JSX.Element {
  return (
    <>
      <Op text="−" />
      <Show when={props.many}>
        <Sum over="j" />
      </Show>
      <Op text="(" />
      <Letter text="y" />
      <mspace width="0.15em" />
      <mi class="math-function">ln</mi>
      <Letter text="p" />
      <Op text="+" />
      <Op text="(" />
      <mn>1</mn>
      <Op text="−" />
      <Letter text="y" />
      <Op text=")" />
      <mspace width="0.15em" />
      <mi class="math-function">ln</mi>
      <Op text="(" />
      <mn>1</mn>
      <Op text="−" />
      <Letter text="p" />
      <Op text=")" />
      <Op text=")" />
    </>
  );
}

function CategoricalRule(): JSX.Element {
  return (
    <>
      <Op text="−" />
      <Sum over="j" />
      <Letter text="y" />
      <mspace width="0.15em" />
      <mi class="math-function">ln</mi>
      <Letter text="p" />
    </>
  );
}
