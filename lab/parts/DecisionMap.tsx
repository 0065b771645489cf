// What a network with two inputs has learned: its output over the plane as color, the line where it changes its mind, the points,
// and a probe to read it with.
import { type Accessor, createEffect, createMemo, createSignal, type JSX, onCleanup, Show } from "solid-js";
import type { Dataset } from "talweg";
import type { Lab } from "../state/types.ts";
import { isDark } from "../style/colors.ts";
import { Chart } from "./Chart.tsx";
import { shortNumber } from "./chartScale.ts";
import type { ChartFrame, Mark } from "./chartTypes.ts";
import { DecisionMapProbe } from "./DecisionMapProbe.tsx";
import { COARSE, contourPath, FINE, type Field, FieldReader, type MapKind } from "./decisionMapField.ts";
import { labelOf, mapPoints } from "./decisionMapPoints.ts";
import { pressable } from "./drag.ts";
import { type DataRow, Frame } from "./Frame.tsx";
import { gridOf } from "./NeuronPictures.ts";
import { inputName } from "./parameterPlace.ts";
import { type Domain, mapDomain } from "./plotDomain.ts";
import { roomOf } from "./room.ts";
import "./Fit.css";

export interface DecisionMapProps {
  readonly lab: Lab;
  readonly title?: string | undefined;
  /** The longest side of the plane in pixels; 400. */
  readonly side?: number | undefined;
}

/** What Chart needs around the plot; the sheet places the canvas by the same numbers. */
const GUTTER = 40;
const AROUND = { x: GUTTER + 14, y: 26 + 40 } as const;
/** Milliseconds of rest after which the map is drawn finer. */
const REST = 140;

export function DecisionMap(props: DecisionMapProps): JSX.Element {
  let box!: HTMLDivElement;
  let canvas!: HTMLCanvasElement;
  let svg: SVGSVGElement | undefined;
  let image!: SVGImageElement;
  const { lab } = props;
  const room = roomOf(() => box, 320);
  const side = (): number => Math.max(120, Math.min(props.side ?? 400, room() - AROUND.x));
  // The setting is another with each frame, its data are not.
  const given = lab.data;
  const domain = createMemo(() => mapDomain(given(), lab.dataset()), undefined, { equals: sameDomain });
  const reader = createMemo(() => new FieldReader(domain()));
  const kind = createMemo((): MapKind => kindOf(lab));
  const scale = createMemo(() => largestOf(lab.dataset().y));
  const [wanted, setWanted] = createSignal<readonly [number, number] | null>(null);
  const probe = createMemo((): readonly [number, number] => wanted() ?? inside(domain()));
  const resting = createResting(lab);
  const field = createMemo(() => reader().read(lab, resting() ? FINE : COARSE, probe()));
  const level = (): number => (kind() === "share" ? 0.5 : 0);
  const points = createMemo((): Mark[] => mapPoints(lab, kind(), scale(), isDark()));
  const line = createMemo(() => (kind() === "classes" ? "" : contourPath(field(), level(), side(), side())));
  createEffect(() => draw(canvas, reader(), field(), kind(), scale(), isDark()));
  const press = (event: MouseEvent, frame: ChartFrame): void => {
    if (svg === undefined) return;
    const at = svg.getBoundingClientRect();
    const [px, py] = [event.clientX - at.left, event.clientY - at.top];
    const row = nearestRow(lab.dataset(), frame, px, py);
    if (row !== undefined) lab.showExample(row);
    setWanted([frame.x.invert(px), frame.y.invert(py)]);
  };
  const name = (input: number): string => inputName(given(), input, 2);
  return (
    <Frame
      class="fit"
      title={props.title ?? "Fit"}
      describe={() => describe(lab, field(), probe())}
      svg={() => svg}
      data={() => rowsOf(field(), domain())}
      note={<MapNote lab={lab} kind={kind()} />}
    >
      <div class="map-plane" ref={box}>
        <canvas class="map-canvas" ref={canvas} style={{ width: `${side()}px`, height: `${side()}px` }} />
        <Chart
          ref={(node) => {
            svg = node;
            node.addEventListener("talweg-export", () => image.setAttribute("href", canvas.toDataURL()));
          }}
          class="map-chart"
          legend={false}
          gutter={GUTTER}
          width={side() + AROUND.x}
          height={side() + AROUND.y}
          x={{ label: name(0), domain: domain()[0] }}
          y={{ label: name(1), domain: domain()[1] }}
          marks={points()}
          under={(frame) => (
            <>
              <image
                ref={image}
                data-export="only"
                x={frame().left}
                y={frame().top}
                width={frame().width}
                height={frame().height}
              />
              <path class="map-line-rim" d={line()} transform={`translate(${frame().left} ${frame().top})`} />
              <path class="map-line" d={line()} transform={`translate(${frame().left} ${frame().top})`} />
              <rect
                ref={(node) => pressable(node, (event) => press(event, frame()))}
                class="fit-ground"
                x={frame().left}
                y={frame().top}
                width={frame().width}
                height={frame().height}
              />
            </>
          )}
          over={(frame) => (
            <>
              <ExampleRing lab={lab} frame={frame()} />
              <DecisionMapProbe
                frame={frame}
                at={probe()}
                domain={domain()}
                words={saying(lab, field())}
                onMove={setWanted}
              />
            </>
          )}
        />
      </div>
    </Frame>
  );
}

/** True when nothing has changed for a moment. */
function createResting(lab: Lab): Accessor<boolean> {
  const [resting, setResting] = createSignal(true);
  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect((first: boolean) => {
    lab.parameters();
    if (!first) {
      clearTimeout(timer);
      setResting(false);
      timer = setTimeout(() => setResting(true), REST);
    }
    return false;
  }, true);
  onCleanup(() => clearTimeout(timer));
  return resting;
}

function draw(
  canvas: HTMLCanvasElement,
  reader: FieldReader,
  field: Field,
  kind: MapKind,
  scale: number,
  dark: boolean,
): void {
  if (canvas.width !== field.side) {
    canvas.width = field.side;
    canvas.height = field.side;
  }
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.createImageData(field.side, field.side);
  reader.paint(field, kind, scale, dark, image);
  context.putImageData(image, 0, 0);
}

function ExampleRing(props: { lab: Lab; frame: ChartFrame }): JSX.Element {
  const at = (): { x: number; y: number } | undefined => {
    const { x, rows, inputs } = props.lab.dataset();
    const row = props.lab.example();
    if (row >= rows || inputs !== 2) return undefined;
    return { x: props.frame.x(x[2 * row]!), y: props.frame.y(x[2 * row + 1]!) };
  };
  return (
    <Show when={at()}>{(place) => <circle class="fit-example" cx={place().x} cy={place().y} r={7} />}</Show>
  );
}

function MapNote(props: { lab: Lab; kind: MapKind }): JSX.Element {
  const name = (label: number): string => props.lab.dataset().classes?.[label] ?? String(label);
  const tested = (): boolean => props.lab.testset() !== props.lab.dataset();
  return (
    <Show
      when={props.kind === "share"}
      fallback={
        props.kind === "number"
          ? "Blue above zero, orange below."
          : "Each class has its color; pale where it is not sure."
      }
    >
      {name(0) === "orange" && name(1) === "blue"
        ? "The color is what the network says"
        : `Orange where the network says ${name(0)}, blue where it says ${name(1)}`}
      ; the line is where it is undecided.
      <Show when={tested()}> Hollow points are for testing.</Show>
    </Show>
  );
}

function kindOf(lab: Lab): MapKind {
  const data = lab.dataset();
  if (lab.network().outputs > 1) return "classes";
  const { activation } = lab.network().layers.at(-1)!;
  return data.classes !== undefined || data.y instanceof Uint8Array || activation === "sigmoid"
    ? "share"
    : "number";
}

const inside = ([[x0, x1], [y0, y1]]: readonly [Domain, Domain]): [number, number] => [
  x0 + 0.62 * (x1 - x0),
  y0 + 0.36 * (y1 - y0),
];

const sameDomain = (a: readonly Domain[], b: readonly Domain[]): boolean =>
  a.flat().join() === b.flat().join();

function largestOf(y: ArrayLike<number>): number {
  let most = 1e-6;
  for (let i = 0; i < y.length; i += 1) most = Math.max(most, Math.abs(y[i]!));
  return most;
}

function nearestRow(
  { x, rows, inputs }: Dataset,
  frame: ChartFrame,
  px: number,
  py: number,
): number | undefined {
  if (inputs !== 2) return undefined;
  let best: number | undefined;
  let nearest = 81;
  for (let row = 0; row < rows; row += 1) {
    const [dx, dy] = [frame.x(x[2 * row]!) - px, frame.y(x[2 * row + 1]!) - py];
    if (dx * dx + dy * dy < nearest) {
      nearest = dx * dx + dy * dy;
      best = row;
    }
  }
  return best;
}

/** What the network says at the probe. */
function saying(lab: Lab, { side, outputs, values }: Field): string {
  const last = side * side * outputs;
  if (outputs === 1) return `ŷ = ${shortNumber(values[last]!)}`;
  const label = labelOf(values.subarray(last, last + outputs));
  return `${lab.dataset().classes?.[label] ?? label}, ${shortNumber(values[last + label]!)}`;
}

function describe(lab: Lab, field: Field, [x, y]: readonly [number, number]): string {
  const { accuracy, testAccuracy, loss } = lab.measures();
  const share = (value: number): string => `${Math.round(100 * value)} %`;
  const right = accuracy === null ? "" : ` Right on ${share(accuracy)} of the examples`;
  const test = testAccuracy === null || right === "" ? "" : ` and ${share(testAccuracy)} of the test`;
  const fit = loss === null ? "" : ` Loss ${shortNumber(loss)}.`;
  return `At ${shortNumber(x)}, ${shortNumber(y)}: ${saying(lab, field)}.${right}${test}${right === "" ? "" : "."}${fit}`;
}

function rowsOf({ side, outputs, values }: Field, domain: readonly [Domain, Domain]): DataRow[] {
  const grid = gridOf(domain, side);
  return Array.from({ length: side * side }, (_, i) => {
    const row: Record<string, number | null> = { x1: grid[2 * i]!, x2: grid[2 * i + 1]! };
    for (let k = 0; k < outputs; k += 1) {
      const value = values[i * outputs + k]!;
      row[outputs === 1 ? "network" : `network ${k}`] = Number.isFinite(value) ? value : null;
    }
    return row;
  });
}
