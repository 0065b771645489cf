// The fit of a network with more than two inputs: each example's prediction over its target, or how many of each class are right.
import { createMemo, For, type JSX, Show } from "solid-js";
import type { Dataset } from "talweg";
import type { Lab } from "../state/types.ts";
import { Chart } from "./Chart.tsx";
import { extentOf, shortNumber } from "./chartScale.ts";
import type { Mark } from "./chartTypes.ts";
import { labelOf, rowLabel } from "./decisionMapPoints.ts";
import { type DataRow, Frame } from "./Frame.tsx";
import "./Fit.css";

export interface PredictedTrueProps {
  readonly lab: Lab;
  readonly title?: string | undefined;
  readonly height?: number | undefined;
}

/** Examples that are asked in each frame at most. */
const ROWS = 600;

interface Score {
  readonly name: string;
  readonly right: number;
  readonly count: number;
}

export function PredictedTrue(props: PredictedTrueProps): JSX.Element {
  let svg: SVGSVGElement | undefined;
  const { lab } = props;
  const rows = createMemo(() => Math.min(ROWS, lab.dataset().rows));
  const x = createMemo(() => Float32Array.from(lab.dataset().x.subarray(0, rows() * lab.dataset().inputs)));
  const outputs = createMemo((): ArrayLike<number> => {
    lab.parameters();
    const n = lab.network();
    return n.inputs === lab.dataset().inputs ? lab.predict(x()) : [];
  });
  const classed = (): boolean => lab.dataset().classes !== undefined || lab.dataset().y instanceof Uint8Array;
  const scores = createMemo(() => (classed() ? scoresOf(lab.dataset(), outputs(), rows()) : []));
  const target = createMemo(() =>
    Float32Array.from({ length: rows() }, (_, i) => lab.dataset().y[i * lab.dataset().outputs]!),
  );
  const first = createMemo(() => {
    const count = lab.dataset().outputs;
    return Float32Array.from({ length: rows() }, (_, i) => outputs()[i * count] ?? Number.NaN);
  });
  const domain = createMemo(() => extentOf(target(), 0.08));
  const marks = (): Mark[] => [
    { type: "line", x: domain(), y: domain(), color: "var(--ink-faint)", width: 1, label: "as it should be" },
    { type: "dots", x: target(), y: first(), radius: 2.4, opacity: 0.55, label: "examples" },
  ];
  const data = (): DataRow[] =>
    classed()
      ? scores().map(({ name, right, count }) => ({ class: name, right, examples: count }))
      : Array.from(target(), (y, i) => ({
          target: y,
          prediction: Number.isFinite(first()[i]!) ? first()[i]! : null,
        }));
  return (
    <Frame
      class="fit"
      title={props.title ?? "Fit"}
      describe={() => describe(lab, scores())}
      svg={classed() ? undefined : () => svg}
      data={data}
    >
      <Show
        when={classed()}
        fallback={
          <Chart
            ref={(node) => {
              svg = node;
            }}
            height={props.height ?? 300}
            x={{ label: "target", domain: domain() }}
            y={{ label: "prediction", domain: domain() }}
            marks={marks()}
          />
        }
      >
        <ClassBars scores={scores()} />
      </Show>
    </Frame>
  );
}

function scoresOf(data: Dataset, outputs: ArrayLike<number>, rows: number): Score[] {
  const count = Math.max(2, data.outputs);
  const right = new Array<number>(count).fill(0);
  const all = new Array<number>(count).fill(0);
  for (let row = 0; row < rows; row += 1) {
    const label = rowLabel(data, row);
    const said =
      data.outputs === 1
        ? Number((outputs[row] ?? 0) > 0.5)
        : labelOf(Array.from({ length: data.outputs }, (_, k) => outputs[row * data.outputs + k] ?? 0));
    all[label]! += 1;
    if (said === label) right[label]! += 1;
  }
  return all.map((examples, label) => ({
    name: data.classes?.[label] ?? String(label),
    right: right[label]!,
    count: examples,
  }));
}

function ClassBars(props: { scores: readonly Score[] }): JSX.Element {
  const most = (): number => Math.max(1, ...props.scores.map(({ count }) => count));
  return (
    <ul class="class-bars">
      <For each={props.scores}>
        {({ name, right, count }) => (
          <li class="class-row">
            <span class="class-name">{name}</span>
            <span class="class-track">
              <span class="class-right" style={{ width: `${(100 * right) / most()}%` }} />
              <span class="class-wrong" style={{ width: `${(100 * (count - right)) / most()}%` }} />
            </span>
            <span class="class-count">
              {right} of {count} right
            </span>
          </li>
        )}
      </For>
    </ul>
  );
}

function describe(lab: Lab, scores: readonly Score[]): string {
  const { loss } = lab.measures();
  const fit = loss === null ? "The loss is not finite." : `Loss ${shortNumber(loss)}.`;
  const classes = scores.map(({ name, right, count }) => `${name}: ${right} of ${count} right`).join("; ");
  return classes === "" ? fit : `${classes}. ${fit}`;
}
