// What a network with one input has learned: its curve over twice the interval of the data, the points, what they came from, and
// a probe to read it with.
import { createMemo, createSignal, type JSX, Show } from "solid-js";
import { limits } from "../state/limits.ts";
import type { Lab } from "../state/types.ts";
import { Chart } from "./Chart.tsx";
import { extentOf, shortNumber, steadyNumber } from "./chartScale.ts";
import type { ChartFrame, Mark } from "./chartTypes.ts";
import { pressable } from "./drag.ts";
import { FitCurveProbe } from "./FitCurveProbe.tsx";
import { type DataRow, Frame } from "./Frame.tsx";
import { curveAt, curvePlaces, type FitReading, pointMarks, targetOf } from "./fitCurveMarks.ts";
import { newGesture } from "./networkDiagramPointer.ts";
import { type Domain, sampledDomain, widened } from "./plotDomain.ts";
import "./Fit.css";

export interface FitCurveProps {
  readonly lab: Lab;
  readonly title?: string | undefined;
  /** In pixels; 300. */
  readonly height?: number | undefined;
}

/** Pixels within which a click means a point. */
const NEAR = 9;

export function FitCurve(props: FitCurveProps): JSX.Element {
  let svg: SVGSVGElement | undefined;
  const { lab } = props;
  // The setting is another with each frame, its data are not; what follows from them stays, and so do axes and points.
  const given = lab.data;
  const sampled = createMemo((): Domain => sampledDomain(given(), lab.dataset())[0] ?? [0, 1], undefined, {
    equals: sameEnds,
  });
  const shown = createMemo(() => widened(sampled(), 2));
  const target = createMemo(() => targetOf(given().kind));
  const [wanted, setWanted] = createSignal<number | null>(null);
  const probe = (): number => {
    const [from, to] = sampled();
    const [low, high] = shown();
    return Math.max(low, Math.min(high, wanted() ?? from + 0.7 * (to - from)));
  };
  const places = createMemo(() => curvePlaces(sampled(), shown()));
  const reading = createMemo((): FitReading => curveAt(lab, places(), probe(), lab.example()));
  // The plot keeps its place while the network changes: it follows data and target alone.
  const height = createMemo((): readonly [number, number] => {
    const f = target();
    const truth = f === undefined ? [] : Array.from(places().x, f);
    const data = lab.dataset();
    const [low, high] = extentOf([...truth, ...data.y], 0.1);
    return given().kind === "drawn" ? [Math.min(-1.1, low), Math.max(1.1, high)] : [low, high];
  });
  const still = createMemo((): Mark[] => [
    { type: "band", axis: "x", from: sampled()[0], to: sampled()[1], color: "var(--ink)", opacity: 0.05 },
    ...pointMarks(lab, target(), places()),
  ]);
  const marks = (): Mark[] => [...still(), ...curveMarks(reading(), places().inner, lab.dataset().outputs)];
  const press = (event: MouseEvent, frame: ChartFrame): void => {
    if (svg === undefined) return;
    const box = svg.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const row = nearestRow(lab, frame, px, py);
    if (lab.data().kind === "drawn") drawPoint(lab, row, frame.x.invert(px), frame.y.invert(py));
    else {
      if (row !== undefined) lab.showExample(row);
      setWanted(row === undefined ? frame.x.invert(px) : (lab.dataset().x[row] ?? 0));
    }
  };
  return (
    <Frame
      class="fit"
      title={props.title ?? "Fit"}
      describe={() => describe(lab, reading(), target())}
      svg={() => svg}
      data={() => rowsOf(reading(), places().x, lab.dataset().outputs, target())}
      note={
        given().kind === "drawn"
          ? "Press to set a point, or on a point to take it away."
          : "The shaded interval is where examples come from; dashed is what the network makes of the rest."
      }
    >
      <Chart
        class="fit-chart"
        ref={(node) => {
          svg = node;
        }}
        height={props.height ?? 300}
        x={{ label: given().names?.[0] ?? "x", domain: shown() }}
        y={{ label: given().names?.[1] ?? "y", domain: height() }}
        marks={marks()}
        under={(frame) => (
          <rect
            ref={(node) => pressable(node, (event) => press(event, frame()))}
            class="fit-ground"
            classList={{ "is-pad": given().kind === "drawn" }}
            x={frame().left}
            y={frame().top}
            width={frame().width}
            height={frame().height}
          />
        )}
        over={(frame) => (
          <>
            <Residual lab={lab} frame={frame()} reading={reading()} />
            <FitCurveProbe
              frame={frame}
              x={probe()}
              domain={shown()}
              sampled={sampled()}
              output={reading().probe}
              target={target()?.(probe())}
              onMove={setWanted}
            />
          </>
        )}
      />
    </Frame>
  );
}

const sameEnds = (a: Domain, b: Domain): boolean => a[0] === b[0] && a[1] === b[1];

/** Solid where examples are, dashed outside. */
function curveMarks({ y, x, outputs }: FitReading, inner: readonly [number, number], count: number): Mark[] {
  const [from, to] = inner;
  const part = (output: number, first: number, last: number): Pick<Mark & { type: "line" }, "x" | "y"> => ({
    x: x.subarray(first, last),
    y: count === 1 ? y.subarray(first, last) : outputs[output]!.subarray(first, last),
  });
  const marks: Mark[] = [];
  for (let output = 0; output < count; output += 1) {
    const outside = { type: "line", width: 2, dash: "5 4", opacity: 0.85 } as const;
    marks.push({ ...outside, ...part(output, 0, from + 1) });
    marks.push({ ...outside, ...part(output, to, x.length) });
    const label = output === 0 ? { label: "network" } : {};
    marks.push({ type: "line", width: 2.75, ...label, ...part(output, from, to + 1) });
  }
  return marks;
}

/** From the example at hand to what the network says of it. */
function Residual(props: { lab: Lab; frame: ChartFrame; reading: FitReading }): JSX.Element {
  const at = (): { x: number; y: number; out: number } | undefined => {
    const { x, y, rows, outputs } = props.lab.dataset();
    const row = props.lab.example();
    if (row >= rows || outputs !== 1) return undefined;
    const bounded = (value: number): number => Math.max(-1e4, Math.min(1e4, props.frame.y(value) || 0));
    return { x: props.frame.x(x[row]!), y: bounded(y[row]!), out: bounded(props.reading.example) };
  };
  return (
    <Show when={at()}>
      {(place) => (
        <>
          <line class="fit-residual" x1={place().x} x2={place().x} y1={place().y} y2={place().out} />
          <circle class="fit-example" cx={place().x} cy={place().y} r={5.5} />
        </>
      )}
    </Show>
  );
}

function nearestRow(lab: Lab, frame: ChartFrame, px: number, py: number): number | undefined {
  const { x, y, rows, outputs } = lab.dataset();
  if (outputs !== 1) return undefined;
  let best: number | undefined;
  let nearest = NEAR * NEAR;
  for (let row = 0; row < rows; row += 1) {
    const [dx, dy] = [frame.x(x[row]!) - px, frame.y(y[row]!) - py];
    if (dx * dx + dy * dy < nearest) {
      nearest = dx * dx + dy * dy;
      best = row;
    }
  }
  return best;
}

/** A point more where there was none, else one less. */
function drawPoint(lab: Lab, row: number | undefined, x: number, y: number): void {
  const points = lab.data().points ?? [];
  if (row === undefined ? points.length >= limits.rows[1] : points.length <= 1) return;
  const next =
    row === undefined
      ? [...points, [Number(x.toFixed(3)), Number(y.toFixed(3))]]
      : points.filter((_, i) => i !== row);
  lab.change({
    label: row === undefined ? "a point" : "without a point",
    merge: newGesture(),
    edit: (setting) => ({ ...setting, data: { ...setting.data, rows: next.length, points: next } }),
  });
}

function describe(
  lab: Lab,
  { probeAt, probe }: FitReading,
  target: ((x: number) => number) | undefined,
): string {
  const loss = lab.measures().loss;
  const known = target === undefined ? "" : `, the target is ${shortNumber(target(probeAt))}`;
  const fit = loss === null ? "" : ` Loss ${shortNumber(loss)}.`;
  return `At x = ${steadyNumber(probeAt, 2)} the network says ${shortNumber(probe)}${known}.${fit}`;
}

function rowsOf(
  { y, outputs }: FitReading,
  x: Float32Array,
  count: number,
  target: ((x: number) => number) | undefined,
): DataRow[] {
  const lines =
    count === 1 ? [["network", y] as const] : outputs.map((line, i) => [`network ${i}`, line] as const);
  return Array.from(x, (at, i) => ({
    x: at,
    ...Object.fromEntries(lines.map(([name, line]) => [name, finiteOrNull(line[i]!)])),
    ...(target === undefined ? {} : { target: target(at) }),
  }));
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
