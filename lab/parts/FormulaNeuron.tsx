// How a neuron comes to its activation: the products of what comes in with its weights, their sum, and what is made of that.
import { createMemo, For, type JSX, on, Show } from "solid-js";
import type { Explanation, LayerForward, Term, UnitForward } from "talweg/explain";
import type { Lab } from "../state/types.ts";
import { FormulaHandle } from "./FormulaHandle.tsx";
import { FormulaStops } from "./FormulaStops.tsx";
import { FormulaSymbol } from "./FormulaSymbol.tsx";
import { largest } from "./formulaData.ts";
import { Inline, Letter, Num, Op, Sum, Sym, Value } from "./math.tsx";
import { neuronWords } from "./parameterPlace.ts";

/** Products that are shown. */
const TERMS = 12;

export interface NeuronProps {
  readonly lab: Lab;
  readonly explanation: Explanation;
  readonly layer: number;
  readonly unit: number;
  /** The weight that is selected. */
  readonly input?: number | undefined;
  readonly digits: number;
}

/** For the moment between two networks. */
const noLayer: LayerForward = { layer: 1, inputs: 0, activation: "linear", units: [] };
const noUnit: UnitForward = {
  unit: 0,
  terms: [],
  sum: 0,
  bias: 0,
  z: 0,
  a: 0,
  slope: null,
  kink: false,
  float32: null,
};

const noTerm: Term = { from: 0, input: 0, weight: 0, product: 0 };

export function FormulaNeuron(props: NeuronProps): JSX.Element {
  const layer = (): LayerForward => props.explanation.layers[props.layer - 1] ?? noLayer;
  const unit = (): UnitForward => layer().units[props.unit] ?? noUnit;
  const below = (): string => (props.layer === 1 ? "x" : `a${props.layer - 1}`);
  // Which products are shown does not change under the reader's hand.
  const count = createMemo(() => layer().units[props.unit]?.terms.length ?? 0);
  const shown = createMemo(
    on([count, () => props.layer, () => props.unit, () => props.input, () => props.lab.example()], () =>
      largest(
        (layer().units[props.unit]?.terms ?? []).map(({ product }) => product),
        TERMS,
        props.input,
      ),
    ),
  );
  const term = (i: number): Term => unit().terms[i] ?? noTerm;
  const name = (letter: string): string => `${letter}${props.layer}[${props.unit}]`;
  const rest = (): number =>
    unit().sum - shown().reduce((sum, i) => sum + (unit().terms[i]?.product ?? 0), 0);
  const most = createMemo(() =>
    Math.max(...unit().terms.map(({ product }) => Math.abs(product)), Math.abs(unit().bias)),
  );
  return (
    <section
      class="formula-part"
      aria-label={neuronWords(props.lab.data(), props.lab.network(), props.layer, props.unit)}
    >
      <Rule {...props} activation={layer().activation} below={below()} />
      <FormulaStops class="formula-terms" label={`the products of ${name("z")}`}>
        <For each={shown()}>
          {(i) => (
            <div class="formula-term" classList={{ "is-selected": props.input === i }}>
              <FormulaSymbol name={`${below()}[${i}]`} />
              <span class="formula-value">
                <Value value={term(i).input} digits={props.digits} />
              </span>
              <span class="formula-op">·</span>
              <FormulaSymbol name={`W${props.layer}[${i},${props.unit}]`} />
              <FormulaHandle
                lab={props.lab}
                place={{ kind: "weight", layer: props.layer, input: i, unit: props.unit }}
                value={term(i).weight}
                digits={props.digits}
              />
              <Product value={term(i).product} most={most()} digits={props.digits} />
            </div>
          )}
        </For>
        <Show when={unit().terms.length > shown().length}>
          <div class="formula-term">
            <span class="formula-more">… {unit().terms.length - shown().length} more products, together</span>
            <Product value={rest()} most={most()} digits={props.digits} />
          </div>
        </Show>
        <div class="formula-term">
          <span class="formula-more is-short">the bias</span>
          <FormulaSymbol name={name("b")} />
          <FormulaHandle
            lab={props.lab}
            place={{ kind: "bias", layer: props.layer, unit: props.unit }}
            value={unit().bias}
            digits={props.digits}
          />
          <Product value={unit().bias} most={most()} digits={props.digits} />
        </div>
      </FormulaStops>
      <Result {...props} of={unit()} activation={layer().activation} />
    </section>
  );
}

/** a = s(Σ x W + b), with names; softmax looks at all sums, so that its rule is the one of z. */
function Rule(props: NeuronProps & { activation: string; below: string }): JSX.Element {
  const softmax = (): boolean => props.activation === "softmax";
  return (
    <p class="formula-rule math-line">
      <Inline>
        <Sym name={`${softmax() ? "z" : "a"}${props.layer}[${props.unit}]`} />
        <Op text="=" />
      </Inline>
      <Inline>
        <Show when={!softmax()}>
          <mi class="math-function">{props.activation}</mi>
          <Op text="(" />
        </Show>
        <Sum over="i" />
        <Sym name={props.below} />
        <Index text="i" />
        <mspace width="0.15em" />
        <msub>
          <Letter text="W" />
          <mn>{props.layer}</mn>
        </msub>
        <Index text={`i,${props.unit}`} />
        <Op text="+" />
        <Sym name={`b${props.layer}[${props.unit}]`} />
        <Show when={!softmax()}>
          <Op text=")" />
        </Show>
      </Inline>
    </p>
  );
}

function Index(props: { text: string }): JSX.Element {
  return (
    <mrow class="math-place">
      <Op text="[" />
      <mtext>{props.text}</mtext>
      <Op text="]" />
    </mrow>
  );
}

/** The product, and a bar as long as its share of the largest. */
function Product(props: { value: number; most: number; digits: number }): JSX.Element {
  const share = (): number => (props.most > 0 ? Math.min(1, Math.abs(props.value) / props.most) : 0);
  return (
    <>
      <span class="formula-op formula-equals">=</span>
      <span class="formula-product">
        <Value value={props.value} digits={props.digits} />
      </span>
      <span class="formula-bar" aria-hidden="true">
        <span
          classList={{ "is-positive": props.value > 0, "is-negative": props.value < 0 }}
          style={{ "--share": String(share()) }}
        />
      </span>
    </>
  );
}

/** z, a and the slope there. */
function Result(props: NeuronProps & { of: UnitForward; activation: string }): JSX.Element {
  const at = (): string => `${props.layer}[${props.unit}]`;
  return (
    <dl class="formula-result">
      <div>
        <dt>sum of all</dt>
        <dd data-number="z">
          <Inline>
            <Sym name={`z${at()}`} />
            <Op text="=" />
          </Inline>
          <Value value={props.of.z} digits={props.digits} />
        </dd>
      </div>
      <div>
        <dt>activation</dt>
        <dd data-number="a">
          <Inline>
            <Sym name={`a${at()}`} />
            <Op text="=" />
            <mi class="math-function">{props.activation}</mi>
            <Op text="(" />
            <Show
              when={props.activation !== "softmax"}
              fallback={
                <msub>
                  <Letter text="z" />
                  <mn>{props.layer}</mn>
                </msub>
              }
            >
              <Num value={props.of.z} digits={props.digits} />
            </Show>
            <Op text=")" />
            <Show when={props.activation === "softmax"}>
              <Index text={String(props.unit)} />
            </Show>
            <Op text="=" />
          </Inline>
          <Value value={props.of.a} digits={props.digits} />
        </dd>
      </div>
      <Show when={props.of.slope !== null}>
        <div>
          <dt>{props.of.kink ? "slope, at the kink" : "slope there"}</dt>
          <dd data-number="slope">
            <Inline>
              <mi class="math-function">{props.activation}′</mi>
              <Op text="(" />
              <Sym name={`z${at()}`} />
              <Op text=")" />
              <Op text="=" />
            </Inline>
            <Value value={props.of.slope ?? 0} digits={props.digits} />
          </dd>
        </div>
      </Show>
    </dl>
  );
}
