// The norm of one layer's part of the gradient: the largest of its squares, their sum, and the root of that.
import { createMemo, For, type JSX, on, Show } from "solid-js";
import type { Lab } from "../state/types.ts";
import { FormulaStops } from "./FormulaStops.tsx";
import { atReadingSpeed, largest } from "./formulaData.ts";
import { Inline, Letter, Op, Sum, Sym, Value } from "./math.tsx";
import { useMarks } from "./mathMarks.ts";
import { objectiveHere } from "./objectiveHere.ts";
import { type NormParts, normParts } from "./topicData.ts";

/** Squares that are shown. */
const TERMS = 8;

export interface NormProps {
  readonly lab: Lab;
  /** From 1. */
  readonly layer: number;
  readonly digits: number;
}

export function FormulaNorm(props: NormProps): JSX.Element {
  const looked = atReadingSpeed(props.lab);
  const f = objectiveHere(props.lab, false);
  const parts = createMemo((): NormParts => {
    looked();
    return normParts(props.lab, f(), props.layer);
  });
  const count = createMemo(() => parts().terms.length);
  const running = createMemo(() => props.lab.progress().status === "running");
  // While numbers run the same ones stay, so that they can be read and pressed.
  const shown = createMemo(
    on([count, () => props.layer, running], () =>
      largest(
        parts().terms.map(({ derivative }) => derivative),
        TERMS,
      ),
    ),
  );
  const rest = (): number =>
    parts().squares - shown().reduce((sum, i) => sum + square(parts().terms[i]?.derivative ?? 0), 0);
  const more = (): number => count() - shown().length;
  return (
    <>
      <section class="formula-part" aria-label={`the largest squares of layer ${props.layer}`}>
        <p class="formula-rule math-line">
          <Inline>
            <Norm layer={props.layer} />
            <Op text="=" />
            <msqrt>
              <mrow>
                <Sum over="w" />
                <Op text="(" />
                <mfrac>
                  <mrow>
                    <mo>∂</mo>
                    <Letter text="C" />
                  </mrow>
                  <mrow>
                    <mo>∂</mo>
                    <Letter text="w" />
                  </mrow>
                </mfrac>
                <Op text=")" />
                <mo>²</mo>
              </mrow>
            </msqrt>
          </Inline>
        </p>
        <FormulaStops class="formula-squares" label={`the largest derivatives of layer ${props.layer}`}>
          <For each={shown()}>
            {(i) => (
              <Show when={parts().terms[i]}>
                {(term) => <Square {...term()} share={shareOf(term().derivative)} digits={props.digits} />}
              </Show>
            )}
          </For>
          <Show when={more() > 0}>
            <div class="formula-square">
              <span class="formula-more">… {more()} more, together</span>
              <span class="formula-product">
                <Value value={rest()} digits={props.digits} />
              </span>
              <Bar share={parts().squares > 0 ? rest() / parts().squares : 0} />
            </div>
          </Show>
        </FormulaStops>
      </section>
      <section class="formula-part" aria-label="the sum of the squares and its root">
        <dl class="formula-result formula-norm">
          <div>
            <dt>sum of {count()} squares</dt>
            <dd>
              <Value value={parts().squares} digits={props.digits} />
            </dd>
          </div>
          <div>
            <dt>its root</dt>
            <dd data-number="norm">
              <Inline>
                <Norm layer={props.layer} />
                <Op text="=" />
              </Inline>
              <Value value={parts().norm} digits={props.digits} />
            </dd>
          </div>
        </dl>
        <p class="formula-words">
          C is the mean loss over all examples here. Press a derivative to see how it comes about in the
          example on show.
        </p>
      </section>
    </>
  );

  function shareOf(derivative: number): number {
    return parts().squares > 0 ? square(derivative) / parts().squares : 0;
  }
}

const square = (x: number): number => x * x;

function Norm(props: { layer: number }): JSX.Element {
  return (
    <>
      <Op text="‖" />
      <msub>
        <mo>∇</mo>
        <mn>{props.layer}</mn>
      </msub>
      <Letter text="C" />
      <Op text="‖" />
    </>
  );
}

/** One derivative, its square, and a bar as long as the square's share of all. */
function Square(props: { name: string; derivative: number; share: number; digits: number }): JSX.Element {
  const marks = useMarks();
  return (
    <div class="formula-square">
      <button
        type="button"
        class="formula-symbol"
        tabindex={-1}
        data-stop=""
        aria-label={`The derivative by ${props.name}, show its calculation`}
        title="Show the calculation"
        onFocus={() => marks.mark(props.name)}
        onBlur={() => marks.unmark(props.name)}
        onClick={() => marks.press(props.name)}
      >
        <Inline>
          <mo>∂</mo>
          <Letter text="C" />
          <Op text="/" />
          <mo>∂</mo>
          <Sym name={props.name} />
        </Inline>
      </button>
      <span class="formula-value">
        <Value value={props.derivative} digits={props.digits} />
      </span>
      <span class="formula-op">squared</span>
      <span class="formula-product">
        <Value value={square(props.derivative)} digits={props.digits} />
      </span>
      <Bar share={props.share} />
    </div>
  );
}

function Bar(props: { share: number }): JSX.Element {
  return (
    <span class="formula-share" aria-hidden="true">
      <span style={{ "--share": String(Math.max(0, Math.min(1, props.share))) }} />
    </span>
  );
}
