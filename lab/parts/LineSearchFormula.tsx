// Armijo's condition with the numbers of one trial.
import type { JSX } from "solid-js";
import type { LineSearchExplanation } from "talweg";
import { numberText } from "../panels/numberText.ts";
import { Op } from "./math.tsx";

export function LineSearchFormula(props: { search: LineSearchExplanation; trial: number }): JSX.Element {
  const trial = (): LineSearchExplanation["trials"][number] | undefined => props.search.trials[props.trial];
  const passes = (): boolean => trial()?.accepted === true;
  const text = (value: number | null | undefined): string =>
    value === null || value === undefined ? "not finite" : numberText(value, 4);
  return (
    <div class="search-formula">
      <math>
        <mrow>
          <mi>φ</mi>
          <Op text="(" />
          <mi>t</mi>
          <Op text=")" />
          <mo>≤</mo>
          <mi>φ</mi>
          <Op text="(" />
          <mn>0</mn>
          <Op text=")" />
          <mo>+</mo>
          <msub>
            <mi>c</mi>
            <mn>1</mn>
          </msub>
          <mi>t</mi>
          <mi>φ′</mi>
          <Op text="(" />
          <mn>0</mn>
          <Op text=")" />
        </mrow>
      </math>
      <div class="search-numbers">
        <math>
          <mn>{text(trial()?.value)}</mn>
          <mo>{passes() ? "≤" : "≰"}</mo>
        </math>
        <math>
          <mn>{text(props.search.value)}</mn>
          <mo>+</mo>
          <mn>{text(props.search.constants.c1)}</mn>
          <mo>·</mo>
          <mn>{text(trial()?.stepSize)}</mn>
          <mo>·</mo>
          <Op text="(" />
          <mn>{text(props.search.slope)}</mn>
          <Op text=")" />
        </math>
        <math>
          <mo>=</mo>
          <mn>{text(trial()?.bound)}</mn>
        </math>
      </div>
    </div>
  );
}
