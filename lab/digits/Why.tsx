// Which pixels spoke for an answer and which against it: input times gradient of its logit, over the digit, with the sum that it is.
import { createMemo, type JSX } from "solid-js";
import { numberText } from "../panels/numberText.ts";
import { inView } from "../parts/answers.ts";
import { steadyNumber } from "../parts/chartScale.ts";
import { Frame } from "../parts/Frame.tsx";
import { Inline, Letter, Line, Op, Sum } from "../parts/math.tsx";
import type { Digits } from "./createDigits.ts";
import { svgFigure } from "./figureSvg.ts";
import { Pixels } from "./Pixels.tsx";
import { PIXEL } from "./raster.ts";
import { type Attribution, attributionOf, isPiecewiseLinear } from "./reading.ts";
import { largestSize } from "./weights.ts";

const none: Attribution = { pixels: new Array<number>(784).fill(0), logit: 0, forIt: 0, against: 0, rest: 0 };

export function Why(props: { digits: Digits }): JSX.Element {
  let box!: HTMLDivElement;
  const { digits } = props;
  const seen = inView(() => box);
  const found = createMemo(
    (last: Attribution) => (seen() ? attributionOf(digits.network(), digits.input(), digits.about()) : last),
    none,
  );
  const full = createMemo(() => largestSize(found().pixels));
  return (
    <Frame
      title={`Why ${digits.about()}?`}
      class="why"
      describe={() => sentence(digits.about(), found())}
      svg={() => exported(found(), full(), digits)}
      data={() =>
        found().pixels.map((share, i) => ({
          input: i,
          row: Math.floor(i / PIXEL),
          column: i % PIXEL,
          value: digits.input()[i] ?? 0,
          share,
        }))
      }
      note={
        isPiecewiseLinear(digits.network())
          ? "Blue pixels speak for it, orange ones against it. With relu the sum is exact; what is left comes from the biases."
          : "Blue pixels speak for it, orange ones against it. Curved activations make the sum a first approximation; the rest is what it misses."
      }
    >
      <div ref={box} class="why-picture">
        <Pixels
          values={found().pixels}
          below={digits.input()}
          full={full()}
          width={PIXEL}
          height={PIXEL}
          look="signed"
        />
      </div>
      <Formula label={digits.about()} {...found()} />
    </Frame>
  );
}

function Formula(props: Attribution & { label: number }): JSX.Element {
  return (
    <>
      <Line>
        <Inline>
          <msub>
            <Letter text="z" />
            <mn>{props.label}</mn>
          </msub>
          <Op text="=" />
          <Sum over="i" />
          <msub>
            <Letter text="x" />
            <Letter text="i" />
          </msub>
          <mfrac>
            <mrow>
              <Op text="∂" />
              <msub>
                <Letter text="z" />
                <mn>{props.label}</mn>
              </msub>
            </mrow>
            <mrow>
              <Op text="∂" />
              <msub>
                <Letter text="x" />
                <Letter text="i" />
              </msub>
            </mrow>
          </mfrac>
          <Op text="+" />
          <mtext>rest</mtext>
        </Inline>
      </Line>
      <dl class="why-sum">
        <Term name="pixels for it" value={props.forIt} />
        <Term name="pixels against it" value={props.against} />
        <Term name="rest" value={props.rest} />
        <Term name={`logit of ${props.label}`} value={props.logit} total />
      </dl>
    </>
  );
}

function Term(props: { name: string; value: number; total?: boolean }): JSX.Element {
  return (
    <div class="why-term" classList={{ "is-total": props.total === true }}>
      <dt>{props.name}</dt>
      <dd classList={{ "is-positive": props.value > 0, "is-negative": props.value < 0 }}>
        {props.value > 0 ? "+" : ""}
        {steadyNumber(props.value)}
      </dd>
    </div>
  );
}

const sentence = (label: number, { forIt, against, rest, logit }: Attribution): string =>
  `For ${label} the pixels give ${numberText(forIt, 3)}, against it ${numberText(against, 3)}; with ${numberText(rest, 3)} of the rest its logit is ${numberText(logit, 3)}.`;

function exported({ pixels }: Attribution, full: number, digits: Digits): SVGSVGElement {
  const { svg, picture, text } = svgFigure(320, 344);
  picture(
    { values: pixels, below: digits.input(), width: PIXEL, height: PIXEL, look: "signed", full },
    0,
    0,
    320,
  );
  text(
    `input times gradient of the logit of ${digits.about()}; full color is ${numberText(full, 3)}`,
    0,
    338,
  );
  return svg;
}
