// How strongly each layer is asked to change: the norm of its part of the gradient on a logarithmic axis, and how it went over the
// last steps. A gradient that shrinks from layer to layer on its way back vanishes; one that grows explodes (Hochreiter, 1991).
import { createMemo, Index, type JSX } from "solid-js";
import { titleOf } from "../panels/names.ts";
import { numberText } from "../panels/numberText.ts";
import type { Lab } from "../state/types.ts";
import { inView } from "./answers.ts";
import { scaleOf, ticksOf, tickTexts } from "./chartScale.ts";
import type { Axis, Scale } from "./chartTypes.ts";
import { type DataRow, Frame } from "./Frame.tsx";
import { type NormsAt, normsHistory, verdictOf } from "./gradientNormsHistory.ts";
import { roomOf } from "./room.ts";
import { showCalculation } from "./showCalculation.ts";
import "./GradientNorms.css";

const ROW = 44;
const TOP = 4;
const FOOT = 42;
/** Room for a layer's name, and for its number. */
const NAME = 74;
const NUMBER = 56;
const BAR = 9;

export function GradientNorms(props: { lab: Lab }): JSX.Element {
  let box!: HTMLDivElement;
  let svg: SVGSVGElement | undefined;
  const { lab } = props;
  const room = roomOf(() => box, 320);
  const seen = inView(() => box, 0);
  const recorded = normsHistory(lab);
  const history = createMemo((last: readonly NormsAt[]) => (seen() ? recorded() : last), recorded());
  const norms = createMemo(
    (last: readonly number[]) => (seen() ? lab.measures().gradientNorms : last),
    lab.measures().gradientNorms,
  );
  const verdict = createMemo(() => verdictOf(norms()));
  const isWeak = (i: number): boolean =>
    ["vanishing", "exploding"].includes(verdict().kind) && i === verdict().least;
  const axis = createMemo((): Axis => axisOf(history(), norms()), undefined, { equals: sameDomain });
  const trace = (): number => Math.max(56, Math.round(room() * 0.24));
  const bars = (): number => Math.max(60, room() - NAME - NUMBER - trace() - 12);
  const scale = createMemo(() => scaleOf(axis(), [NAME, NAME + bars()]));
  const height = (): number => TOP + norms().length * ROW + FOOT;
  return (
    <Frame
      title="Gradient by layer"
      describe={() => describe(norms(), verdict())}
      svg={() => svg}
      data={() => rowsOf(history())}
      note={
        <span classList={{ "norms-warning": verdict().kind !== "even" }}>{wordsOf(norms(), verdict())}</span>
      }
    >
      <div class="norms" ref={box}>
        <svg
          ref={(node) => {
            svg = node;
          }}
          class="norms-picture"
          width={room()}
          height={height()}
          viewBox={`0 0 ${room()} ${height()}`}
          aria-hidden="true"
        >
          <Ticks axis={axis()} scale={scale()} foot={height() - FOOT} width={bars()} />
          <Index each={norms()}>
            {(norm, i) => (
              <Row
                layer={i + 1}
                name={titleOf(lab.network().layers[i]?.activation ?? "linear")}
                norm={norm()}
                past={history().map((one) => one.norms[i] ?? 0)}
                axis={axis()}
                scale={scale()}
                width={bars()}
                trace={trace()}
                weak={isWeak(i)}
              />
            )}
          </Index>
          <text class="chart-name" x={NAME + bars()} y={height() - 6} text-anchor="end">
            norm of the gradient
          </text>
          <text class="chart-name" x={room()} y={height() - 6} text-anchor="end">
            last steps
          </text>
        </svg>
        <Index each={norms()}>
          {(norm, i) => (
            <button
              type="button"
              class="norms-show"
              classList={{ "is-weak": isWeak(i) }}
              style={{
                left: `${NAME + bars()}px`,
                top: `${TOP + i * ROW}px`,
                width: `${NUMBER}px`,
                height: `${ROW}px`,
              }}
              aria-label={`gradient of layer ${i + 1}: ${numberText(norm(), 3)}, show the calculation`}
              title="Show the calculation"
              onClick={() => showCalculation(lab, { kind: "gradientNorm", layer: i + 1 })}
            >
              <span>{numberText(norm(), 3)}</span>
            </button>
          )}
        </Index>
      </div>
    </Frame>
  );
}

interface RowProps {
  readonly layer: number;
  readonly name: string;
  readonly norm: number;
  readonly past: readonly number[];
  readonly axis: Axis;
  readonly scale: Scale;
  readonly width: number;
  readonly trace: number;
  readonly weak: boolean;
}

function Row(props: RowProps): JSX.Element {
  const top = (): number => TOP + (props.layer - 1) * ROW;
  const middle = (): number => top() + ROW / 2;
  const reach = (): number => {
    const at = props.scale(props.norm);
    return Number.isFinite(at) ? Math.max(2, Math.min(props.width, (at as number) - NAME)) : 0;
  };
  const line = createMemo(() => traceOf(props.past, props.axis, props.trace, ROW - 14));
  return (
    <g classList={{ "norms-weak": props.weak }}>
      <text class="norms-layer" x={0} y={middle() - 3}>
        layer {props.layer}
      </text>
      <text class="chart-number" x={0} y={middle() + 12}>
        {props.name}
      </text>
      <rect class="norms-bar" x={NAME} y={middle() - BAR / 2} width={reach()} height={BAR} rx={1.5} />
      <text
        class="norms-number"
        data-export="only"
        x={NAME + props.width + NUMBER - 8}
        y={middle()}
        dy="0.32em"
        text-anchor="end"
      >
        {numberText(props.norm, 3)}
      </text>
      <g transform={`translate(${NAME + props.width + NUMBER + 12} ${top() + 7})`}>
        <path class="norms-trace" d={line().path} />
        <circle class="norms-now" cx={line().x} cy={line().y} r={2.5} />
      </g>
    </g>
  );
}

function Ticks(props: { axis: Axis; scale: Scale; foot: number; width: number }): JSX.Element {
  const ticks = createMemo(() => {
    const at = ticksOf(props.axis, props.scale, props.width / 44);
    const texts = tickTexts(props.axis, props.scale, at);
    return at.map((value, i) => ({ x: props.scale(value) ?? 0, text: texts[i] }));
  });
  return (
    <Index each={ticks()}>
      {(tick) => (
        <>
          <line class="chart-grid" x1={tick().x} x2={tick().x} y1={TOP} y2={props.foot} />
          <text class="chart-number" x={tick().x} y={props.foot + 15} text-anchor="middle">
            {tick().text}
          </text>
        </>
      )}
    </Index>
  );
}

/** Whole powers of ten around all that is shown, at most fourteen of them. */
function axisOf(history: readonly NormsAt[], norms: readonly number[]): Axis {
  const all = [...history.flatMap((one) => one.norms), ...norms].filter((x) => x > 0 && Number.isFinite(x));
  const high = all.length === 0 ? 0 : Math.ceil(Math.log10(Math.max(...all)) + 0.02);
  const low = all.length === 0 ? -1 : Math.floor(Math.log10(Math.min(...all)) - 0.3);
  const from = Math.max(Math.min(low, high - 2), high - 14);
  return { label: "", scale: "log", domain: [10 ** from, 10 ** high] };
}

const sameDomain = ({ domain: a }: Axis, { domain: b }: Axis): boolean => a[0] === b[0] && a[1] === b[1];

/** The course of one layer's norm, the newest on the right. */
function traceOf(
  past: readonly number[],
  axis: Axis,
  width: number,
  height: number,
): { path: string; x: number; y: number } {
  const scale = scaleOf(axis, [height, 0]);
  const places = past.map((norm, i) => {
    const at = norm > 0 ? scale(norm) : height;
    const x = past.length < 2 ? width - 3 : (i / (past.length - 1)) * (width - 3);
    return [x, Math.max(0, Math.min(height, Number.isFinite(at) ? (at as number) : 0))] as const;
  });
  const path = places.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  const last = places.at(-1) ?? [width - 3, height];
  return { path, x: last[0], y: last[1] };
}

function wordsOf(
  norms: readonly number[],
  { kind, ratio, least, most }: ReturnType<typeof verdictOf>,
): string {
  if (kind === "still") return "No layer is asked to change: the gradient is zero, or nearly so.";
  if (kind === "even") {
    return norms.length < 2
      ? "One layer: its gradient has no way to go."
      : `All layers learn: the largest gradient is ${numberText(ratio, 3)} times the smallest.`;
  }
  const times = Number.isFinite(ratio)
    ? `${numberText(ratio, 3)} times smaller than in layer ${most + 1}`
    : `zero, and that of layer ${most + 1} is not`;
  return kind === "vanishing"
    ? `The gradient vanishes on its way back: in layer ${least + 1} it is ${times}.`
    : `The gradient explodes on its way back: in layer ${least + 1} it is ${times}.`;
}

function describe(norms: readonly number[], verdict: ReturnType<typeof verdictOf>): string {
  const each = norms.map((norm, i) => `layer ${i + 1} ${numberText(norm, 3)}`).join(", ");
  return `Norm of the gradient: ${each}. ${wordsOf(norms, verdict)}`;
}

function rowsOf(history: readonly NormsAt[]): DataRow[] {
  return history.map(({ step, norms }) => ({
    step,
    ...Object.fromEntries(norms.map((norm, i) => [`layer ${i + 1}`, Number.isFinite(norm) ? norm : null])),
  }));
}
