// The mean over all examples, and each one's loss as a bar, by which another example can be chosen.
import { createMemo, type JSX, onCleanup, Show } from "solid-js";
import { type Dataset, objective, selectRows } from "talweg";
import type { Lab } from "../state/types.ts";
import { atReadingSpeed } from "./formulaData.ts";
import { Inline, Letter, Num, Op, Sum } from "./math.tsx";
import { mathNumber } from "./mathNumber.ts";
import { measuredExamples } from "./topicData.ts";

/** Bars that there is room for; of more examples every so-manieth has one. */
const BARS = 240;
const HEIGHT = 40;

export interface MeanProps {
  readonly lab: Lab;
  readonly digits: number;
  /** Over the examples that training never sees. */
  readonly test?: boolean;
}

export function FormulaMean(props: MeanProps): JSX.Element {
  const mean = (): number | null => (props.test ? props.lab.measures().testLoss : props.lab.measures().loss);
  const data = createMemo(() => measuredExamples(props.lab, props.test === true));
  const rows = (): number => data().rows;
  const all = (): number => (props.test ? props.lab.testset() : props.lab.dataset()).rows;
  const words = (): string => {
    if (rows() < all())
      return `The mean over the first ${rows()} of ${all()} examples, so that the page answers at once; training sees all.`;
    return props.test
      ? "The mean over all examples of the test."
      : "The mean over all examples: what training makes small.";
  };
  return (
    <div class="formula-mean">
      <p class="formula-rule math-line" data-number="mean">
        <Inline>
          <mfrac>
            <mn>1</mn>
            <mn>{rows()}</mn>
          </mfrac>
          <Sum over="k" />
          <msub>
            <Letter text="C" />
            <Letter text="k" />
          </msub>
          <Op text="=" />
          <Show when={mean() !== null} fallback={<mtext>not finite</mtext>}>
            <Num value={mean() ?? 0} digits={props.digits} />
          </Show>
        </Inline>
      </p>
      <p class="formula-words">{words()}</p>
      <Bars {...props} data={data()} />
    </div>
  );
}

function Bars(props: MeanProps & { data: Dataset }): JSX.Element {
  const looked = atReadingSpeed(props.lab);
  const losses = lossesOf(props.lab, () => props.data, looked);
  const most = createMemo(() => Math.max(1e-300, ...losses().values));
  const path = (): string =>
    losses()
      .values.map((loss, i) => `M${i + 0.5} ${HEIGHT}v${-Math.max(0.5, (HEIGHT * loss) / most())}`)
      .join("");
  const at = createMemo(() => losses().rows.findIndex((row) => row >= props.lab.example()));
  // For the pointer only: by keys an example is chosen above.
  const choose = (svg: SVGSVGElement, x: number): void => {
    if (props.test) return;
    const { left, width } = svg.getBoundingClientRect();
    const { rows } = losses();
    const row = rows[Math.floor(((x - left) / width) * rows.length)];
    if (row !== undefined) props.lab.showExample(row);
  };
  return (
    <>
      <svg
        ref={(svg) => svg.addEventListener("click", ({ clientX }) => choose(svg, clientX))}
        class="formula-bars"
        classList={{ "is-still": props.test === true }}
        viewBox={`0 0 ${Math.max(1, losses().rows.length)} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`The loss of each example; the largest is ${mathNumber(most(), 3)}`}
      >
        <path d={path()} />
        <Show when={!props.test}>
          <path
            class="formula-bars-here"
            d={`M${at() + 0.5} ${HEIGHT}v${-Math.max(2, (HEIGHT * (losses().values[at()] ?? 0)) / most())}`}
          />
        </Show>
      </svg>
      <p class="formula-words">
        The loss of each example, up to {mathNumber(most(), 3)}.
        {props.test ? "" : " Press one to see its numbers."}
      </p>
    </>
  );
}

/** By the library, one row at a time. */
function lossesOf(
  lab: Lab,
  examples: () => Dataset,
  looked: () => void,
): () => { rows: number[]; values: number[] } {
  const made = createMemo(() => {
    const data = examples();
    const every = Math.ceil(data.rows / BARS);
    const rows = Array.from({ length: Math.ceil(data.rows / every) }, (_, i) => i * every);
    const some = every === 1 ? data : selectRows(data, Uint32Array.from(rows));
    const f = objective(lab.network(), lab.loss(), some);
    onCleanup(() => f.plan.close());
    return { f, rows };
  });
  return createMemo(() => {
    looked();
    const { f, rows } = made();
    const parameters = lab.parameters();
    const values = rows.map((_, i) => {
      f.load({ from: i, rows: 1 });
      const loss = f.value(parameters);
      return Number.isFinite(loss) ? loss : 0;
    });
    return { rows, values };
  });
}
