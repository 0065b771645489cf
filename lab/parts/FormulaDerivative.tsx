// The derivative of the loss by one parameter: the factors of the chain rule with their numbers, the sum over what lies behind,
// and beside it what the network's own backward pass and a difference of the loss say.
import { createMemo, For, type JSX, Match, on, Show, Switch } from "solid-js";
import type { DeltaTerm, Explanation, Factor, ParameterExplanation, UnitDelta } from "talweg/explain";
import type { Lab } from "../state/types.ts";
import { FormulaHandle } from "./FormulaHandle.tsx";
import { FormulaPaths } from "./FormulaPaths.tsx";
import { FormulaStops } from "./FormulaStops.tsx";
import { FormulaSymbol } from "./FormulaSymbol.tsx";
import { largest } from "./formulaData.ts";
import { Derivative, Inline, Op, Sym, Text, Value } from "./math.tsx";
import { mathNumber } from "./mathNumber.ts";

/** Edges upwards that are shown. */
const TERMS = 6;

export interface DerivativeProps {
  readonly lab: Lab;
  readonly explanation: Explanation;
  readonly parameter: ParameterExplanation;
  readonly digits: number;
}

export function FormulaDerivative(props: DerivativeProps): JSX.Element {
  const parameter = (): ParameterExplanation => props.parameter;
  const derivative = (): number => parameter().paths.sum;
  return (
    <section class="formula-part" aria-label={`the derivative by ${parameter().name}`}>
      <p class="formula-rule math-line" data-number="derivative">
        <Inline>
          <Derivative name={`dC/d${parameter().name}`} />
          <Op text="=" />
          <Derivative name={parameter().local.name} />
        </Inline>
        <Show when={parameter().slope}>
          {(slope) => (
            <Inline>
              <Op text="·" />
              <Derivative name={slope().name} />
            </Inline>
          )}
        </Show>
        <Inline>
          <Op text="·" />
          <Derivative name={beyondName(parameter())} />
        </Inline>
        <Inline>
          <Op text="=" />
        </Inline>
        <Value value={derivative()} digits={props.digits} />
      </p>
      <Factors {...props} />
      <Beyond {...props} />
      <FormulaPaths {...props} />
      <Check {...props} />
    </section>
  );
}

/** What is left behind the parameter's own factors. */
const beyondName = ({ layer, unit, slope }: ParameterExplanation): string =>
  `dC/d${slope === null ? "z" : "a"}${layer}[${unit}]`;

/** Each factor on a line: what it is, what it comes to, its number. */
function Factors(props: DerivativeProps): JSX.Element {
  const factors = (): (Pick<Factor, "name" | "formula" | "value"> & { words: string })[] => {
    const { local, slope, beyond, kind } = props.parameter;
    const first = {
      ...local,
      words: kind === "bias" ? "a bias is added as it is" : "what the weight multiplies",
    };
    const last = {
      name: beyondName(props.parameter),
      formula: "",
      value: beyond,
      words: "how the loss follows from there",
    };
    return slope === null ? [first, last] : [first, { ...slope, words: "the slope of the activation" }, last];
  };
  return (
    <ul class="formula-factors">
      <For each={[0, 1, 2]}>
        {(i) => (
          <Show when={factors()[i]}>
            {(factor) => (
              <li class="formula-factor">
                <span class="formula-factor-number">
                  <Inline>
                    <Derivative name={factor().name} />
                    <Show when={factor().formula !== "" && factor().formula !== "1"}>
                      <Op text="=" />
                      <Text formula={factor().formula} />
                    </Show>
                    <Op text="=" />
                  </Inline>
                  <Value value={factor().value} digits={props.digits} />
                </span>
                <span class="formula-factor-words">{factor().words}</span>
              </li>
            )}
          </Show>
        )}
      </For>
    </ul>
  );
}

/** How the last factor comes about: from the loss itself, or as the sum over the edges upwards. */
function Beyond(props: DerivativeProps): JSX.Element {
  const here = (): UnitDelta | undefined =>
    props.explanation.deltas?.find(({ layer }) => layer === props.parameter.layer)?.units[
      props.parameter.unit
    ];
  const rule = (): string | undefined =>
    props.explanation.deltas?.find(({ layer }) => layer === props.parameter.layer)?.rule;
  const loss = () => props.explanation.loss?.outputs[props.parameter.unit];
  return (
    <Switch>
      <Match when={rule() === "above" && here()}>{(unit) => <Edges {...props} of={unit()} />}</Match>
      <Match when={(rule() === "slope" || rule() === "together") && loss()}>
        {(output) => (
          <p class="formula-beyond">
            <Inline>
              <Derivative name={beyondName(props.parameter)} />
              <Op text="=" />
              <Text formula={output().formula} />
              <Op text="=" />
            </Inline>
            <Value value={props.parameter.beyond} digits={props.digits} />
          </p>
        )}
      </Match>
    </Switch>
  );
}

/** dC/da = Σ W δ of the layer above, edge by edge. */
function Edges(props: DerivativeProps & { of: UnitDelta }): JSX.Element {
  // The names hang on these; the numbers beside them change with each frame.
  const above = createMemo(() => props.parameter.layer + 1);
  const from = createMemo(() => props.parameter.unit);
  const count = createMemo(() => props.of.terms.length);
  // Which edges are shown does not change under the reader's hand.
  const shown = createMemo(
    on([count, () => props.parameter.name, () => props.lab.example()], () =>
      largest(
        props.of.terms.map(({ product }) => product),
        TERMS,
      ),
    ),
  );
  const rest = (): number =>
    props.of.sum - shown().reduce((sum, i) => sum + (props.of.terms[i]?.product ?? 0), 0);
  return (
    <FormulaStops class="formula-terms formula-edges" label="what comes back over the edges">
      <p class="formula-words">
        The loss feels this neuron through each edge upwards: its weight, times the derivative by the sum that
        it leads to.
      </p>
      <For each={shown()}>
        {(i) => (
          <Edge
            lab={props.lab}
            term={props.of.terms[i] ?? noTerm}
            layer={above()}
            from={from()}
            to={i}
            digits={props.digits}
          />
        )}
      </For>
      <Show when={props.of.terms.length > shown().length}>
        <div class="formula-term">
          <span class="formula-more">… {props.of.terms.length - shown().length} more edges, together</span>
          <span class="formula-op formula-equals">=</span>
          <span class="formula-product">
            <Value value={rest()} digits={props.digits} />
          </span>
        </div>
      </Show>
    </FormulaStops>
  );
}

/** For the moment between two networks. */
const noTerm: DeltaTerm = { to: 0, weight: 0, delta: 0, product: 0 };

interface EdgeProps {
  readonly lab: Lab;
  readonly term: DeltaTerm;
  readonly layer: number;
  readonly from: number;
  readonly to: number;
  readonly digits: number;
}

function Edge(props: EdgeProps): JSX.Element {
  return (
    <div class="formula-term">
      <FormulaSymbol name={`W${props.layer}[${props.from},${props.to}]`} />
      <FormulaHandle
        lab={props.lab}
        place={{ kind: "weight", layer: props.layer, input: props.from, unit: props.to }}
        value={props.term.weight}
        digits={props.digits}
      />
      <span class="formula-op">·</span>
      <span class="formula-delta">
        <Inline>
          <mo>∂</mo>
          <Sym name="C" />
          <Op text="/" />
          <mo>∂</mo>
          <Sym name={`z${props.layer}[${props.to}]`} />
        </Inline>
      </span>
      <span class="formula-value">
        <Value value={props.term.delta} digits={props.digits} />
      </span>
      <span class="formula-op formula-equals">=</span>
      <span class="formula-product">
        <Value value={props.term.product} digits={props.digits} />
      </span>
    </div>
  );
}

/** The same number from elsewhere. */
function Check(props: DerivativeProps): JSX.Element {
  const check = () => props.parameter.check;
  const verdict = (): string => {
    const { differences, differencesError, crossed } = check();
    if (crossed.length > 0) return `No verdict: ${crossed.join(", ")} lies at a kink within the step.`;
    if (differences === null || differencesError === null)
      return "No verdict: the loss overflows beside here.";
    if (differencesError === 0) return "They are the same.";
    return `They ${differencesError < 1e-6 ? "agree within" : "differ by"} ${mathNumber(differencesError, 3)}.`;
  };
  return (
    <>
      <dl class="formula-result formula-check">
        <div>
          <dt>by the factors</dt>
          <dd data-number="factors">{mathNumber(check().factors, Math.max(8, props.digits))}</dd>
        </div>
        <div>
          <dt>by the backward pass</dt>
          <dd data-number="backward">{mathNumber(check().backward, Math.max(8, props.digits))}</dd>
        </div>
        <Show when={check().differences !== null}>
          <div>
            <dt>by moving it ± {mathNumber(check().step, 2)}</dt>
            <dd data-number="differences">
              {mathNumber(check().differences ?? Number.NaN, Math.max(8, props.digits))}
            </dd>
          </div>
        </Show>
      </dl>
      <p class="formula-words">{verdict()}</p>
    </>
  );
}
