// The loss as a landscape: on the plane of two parameters, or on the one along which the run has moved most (Li et al.,
// "Visualizing the Loss Landscape of Neural Nets", arXiv 1712.09913, section 7.2), with the way so far and the place on show.
import { createEffect, createMemo, createSignal, type JSX, Show } from "solid-js";
import { parameterName } from "talweg";
import type { Landscape as Answer } from "../engine/thinker.ts";
import { Choice } from "../panels/controls.tsx";
import { numberText } from "../panels/numberText.ts";
import type { Lab } from "../state/types.ts";
import { isDark } from "../style/colors.ts";
import { type Answered, answersTo, inView, paced } from "./answers.ts";
import { Chart } from "./Chart.tsx";
import type { Mark } from "./chartTypes.ts";
import { contourPath } from "./decisionMapField.ts";
import { type DataRow, Frame } from "./Frame.tsx";
import { LandscapeHandle } from "./LandscapeHandle.tsx";
import { LandscapeLegend } from "./LandscapeLegend.tsx";
import { LandscapePair } from "./LandscapePair.tsx";
import { type LandscapeField, landscapeField, levelsOf, paintLandscape } from "./landscapeMap.ts";
import {
  chosenPair,
  type LandscapeQuestion,
  landscapeQuestion,
  middleOf,
  type Plane,
  placeOn,
  type Wish,
} from "./landscapeQuestion.ts";
import { roomOf } from "./room.ts";
import "./Landscape.css";

/** The longest side of the map in pixels. */
const SIDE = 400;
/** What the chart needs around it; the sheet places the canvas by the same numbers. */
const GUTTER = 48;
const AROUND = { x: GUTTER + 14, y: 26 + 40 } as const;
/** Milliseconds between two maps while the network trains, and after a change of the selection. */
const PAUSE = 600;
const SELECTION = 300;

type View = Answered<LandscapeQuestion, Answer> & {
  readonly map: LandscapeField;
  readonly levels: readonly number[];
};

export function Landscape(props: { lab: Lab }): JSX.Element {
  let box!: HTMLDivElement;
  let canvas!: HTMLCanvasElement;
  let image!: SVGImageElement;
  let svg: SVGSVGElement | undefined;
  const { lab } = props;
  const room = roomOf(() => box, 320);
  const side = (): number => Math.max(120, Math.min(SIDE, room() - AROUND.x));
  const seen = inView(() => box);
  const [plane, setPlane] = createSignal<Plane>("parameters");
  const [wish, setWish] = createSignal<Wish>([null, null]);
  const pair = chosenPair(
    lab,
    wish,
    paced(lab.selected, () => SELECTION),
  );
  const parameters = paced(lab.parameters, () => (lab.progress().status === "running" ? PAUSE : 0));
  const question = landscapeQuestion(lab, plane, pair, parameters);
  const { answered, stale, fault } = answersTo(
    () => (seen() ? question() : undefined),
    (asked) => lab.thinker.landscape(asked),
  );
  const view = createMemo((): View | undefined => {
    const now = answered();
    if (now === undefined || now.question.parameters.length !== lab.network().parameterCount)
      return undefined;
    if (now.question.axes.kind !== plane()) return undefined;
    const map = landscapeField(now.answer);
    return { ...now, map, levels: levelsOf(map.low, map.high) };
  });
  const here = createMemo((): [number, number] => {
    const now = view();
    return now === undefined ? [0, 0] : placeOn(now.question, now.answer, lab.parameters());
  });
  createEffect(() => {
    const now = view();
    if (now !== undefined) draw(canvas, now.map, isDark());
  });
  const penalized = (): boolean => lab.setting().trainer.penalty > 0;
  const names = createMemo((): [string, string] => namesOf(lab, view()));
  const lines = createMemo(() => contoursOf(view(), side()));
  return (
    <Frame
      class="landscape"
      title="Landscape of the loss"
      describe={() => describe(lab, view(), names(), here())}
      svg={() => svg}
      data={() => rowsOf(view(), names())}
      note={<LandscapeNote plane={plane()} view={view()} />}
      tools={
        <Show when={stale() && view() !== undefined}>
          <span class="landscape-stale">for earlier numbers</span>
        </Show>
      }
    >
      <div class="landscape-how">
        <Choice
          label="plane"
          bare
          value={plane()}
          options={[
            { value: "parameters", label: "two parameters" },
            { value: "path", label: "along the way" },
          ]}
          onChange={setPlane}
        />
        <Show when={plane() === "parameters"}>
          <LandscapePair lab={lab} pair={pair()} wish={wish()} onWish={setWish} />
        </Show>
      </div>
      <div class="landscape-plane" classList={{ "is-stale": stale() }} ref={box}>
        <canvas
          class="landscape-canvas"
          ref={canvas}
          style={{ width: `${side()}px`, height: `${side()}px` }}
        />
        <Show when={view()} fallback={<Waiting fault={fault()} plane={plane()} side={side()} />}>
          {(now) => (
            <Chart
              ref={(node) => {
                svg = node;
                node.addEventListener("talweg-export", () => image.setAttribute("href", canvas.toDataURL()));
              }}
              class="landscape-chart"
              legend={false}
              gutter={GUTTER}
              width={side() + AROUND.x}
              height={side() + AROUND.y}
              x={{ label: names()[0], domain: domainOf(now(), 0) }}
              y={{ label: names()[1], domain: domainOf(now(), 1) }}
              marks={marksOf(lab, now())}
              under={(frame) => (
                <>
                  <image
                    ref={image}
                    data-export="only"
                    preserveAspectRatio="none"
                    x={frame().left}
                    y={frame().top}
                    width={frame().width}
                    height={frame().height}
                  />
                  <path
                    class="landscape-line"
                    d={lines()}
                    transform={`translate(${frame().left - halfCell(now(), side())} ${frame().top - halfCell(now(), side())})`}
                  />
                </>
              )}
              over={(frame) => (
                <>
                  <LandscapeLegend
                    map={now().map}
                    levels={now().levels}
                    name={penalized() ? "loss + penalty" : "loss"}
                    frame={frame()}
                  />
                  <LandscapeHandle
                    lab={lab}
                    frame={frame}
                    question={now().question}
                    names={names()}
                    at={here()}
                  />
                </>
              )}
            />
          )}
        </Show>
      </div>
    </Frame>
  );
}

function Waiting(props: { fault: string; plane: Plane; side: number }): JSX.Element {
  return (
    <p class="landscape-none" style={{ "min-height": `${props.side + AROUND.y}px` }}>
      {props.fault !== ""
        ? props.fault
        : props.plane === "path"
          ? "There is no way yet: run a few steps, and the plane is laid along it."
          : "Looking around …"}
    </p>
  );
}

function LandscapeNote(props: { plane: Plane; view: View | undefined }): JSX.Element {
  const shares = (): string => {
    const given = props.view?.answer.shares;
    if (given === null || given === undefined) return "";
    return ` ${Math.round(100 * given[0])} % and ${Math.round(100 * given[1])} % of it lie along the two axes.`;
  };
  return (
    <Show
      when={props.plane === "path" || props.view?.map.flat === true}
      fallback="The deeper the color, the lower the loss. Drag the point: both parameters change. The way is a shadow, since the other parameters were others then."
    >
      {props.view?.map.flat === true
        ? "Flat: on this map the loss is the same everywhere, so nothing says which way to go."
        : `The deeper the color, the lower the loss. The plane lies as the way did, and the last place is on it.${shares()}`}
    </Show>
  );
}

/** Pixels of the canvas: more than the grid has, so that the colors run into each other up to the very edge. */
const PIXELS = 320;

function draw(canvas: HTMLCanvasElement, map: LandscapeField, dark: boolean): void {
  const { side } = map.field;
  const small = document.createElement("canvas");
  small.width = side;
  small.height = side;
  const paint = small.getContext("2d");
  const context = canvas.getContext("2d");
  if (paint === null || context === null) return;
  const image = paint.createImageData(side, side);
  paintLandscape(map, dark, image);
  paint.putImageData(image, 0, 0);
  canvas.width = PIXELS;
  canvas.height = PIXELS;
  context.imageSmoothingQuality = "high";
  // From the center of the first cell to that of the last.
  context.drawImage(small, 0.5, 0.5, side - 1, side - 1, 0, 0, PIXELS, PIXELS);
}

function domainOf({ question, answer }: View, axis: 0 | 1): [number, number] {
  const grid = axis === 0 ? answer.first : answer.second;
  const middle = middleOf(question)[axis];
  return [middle + grid[0]!, middle + grid.at(-1)!];
}

/** Pixels of half a cell: contour lines count from the edge of the first cell, the map from its center. */
const halfCell = (view: View | undefined, side: number): number =>
  view === undefined ? 0 : side / (view.answer.size - 1) / 2;

function contoursOf(view: View | undefined, side: number): string {
  if (view === undefined) return "";
  const whole = side + 2 * halfCell(view, side);
  return view.levels.map((level) => contourPath(view.map.field, Math.log10(level), whole, whole)).join("");
}

/** The way so far, and the lowest place of the grid. */
function marksOf(lab: Lab, { question, answer, map }: View): Mark[] {
  const way = lab.path().map(({ parameters }) => placeOn(question, answer, parameters));
  const [a, b] = middleOf(question);
  const x = way.map((place) => place[0]);
  const y = way.map((place) => place[1]);
  const marks: Mark[] = [];
  if (map.least !== null && !map.flat) {
    marks.push({
      type: "dots",
      x: [a + map.least.first],
      y: [b + map.least.second],
      symbol: "plus",
      radius: 6,
      color: "var(--landscape-on)",
      width: 1.75,
    });
  }
  if (way.length > 1) {
    marks.push({ type: "line", x, y, color: "var(--paper)", width: 4.5, opacity: 0.65 });
    marks.push({ type: "line", x, y, color: "var(--ink)", width: 1.75 });
    marks.push({
      type: "dots",
      x: x.slice(0, 1),
      y: y.slice(0, 1),
      hollow: true,
      radius: 4,
      color: "var(--ink)",
      width: 1.75,
    });
  }
  return marks;
}

function namesOf(lab: Lab, view: View | undefined): [string, string] {
  if (view === undefined || view.question.axes.kind === "path")
    return ["first direction", "second direction"];
  const { first, second } = view.question.axes;
  return [parameterName(lab.network(), first), parameterName(lab.network(), second)];
}

function describe(
  lab: Lab,
  view: View | undefined,
  names: readonly [string, string],
  here: readonly [number, number],
): string {
  if (view === undefined) return "The landscape is not there yet.";
  const { loss } = lab.measures();
  const { least } = view.map;
  const [a, b] = middleOf(view.question);
  const place = `${names[0]} ${numberText(here[0], 4)}, ${names[1]} ${numberText(here[1], 4)}`;
  if (view.map.flat) return `The loss is ${numberText(least?.loss, 4)} everywhere on this map.`;
  const lowest =
    least === null
      ? ""
      : ` The lowest place of the map has loss ${numberText(least.loss, 4)}, at ${numberText(a + least.first, 4)}, ${numberText(b + least.second, 4)}.`;
  return `At ${place}: loss ${loss === null ? "not finite" : numberText(loss, 4)}.${lowest}`;
}

function rowsOf(view: View | undefined, names: readonly [string, string]): DataRow[] {
  if (view === undefined) return [];
  const { answer, question } = view;
  const [a, b] = middleOf(question);
  return answer.loss.map((loss, i) => ({
    [names[0]]: a + answer.first[i % answer.size]!,
    [names[1]]: b + answer.second[Math.floor(i / answer.size)]!,
    loss,
  }));
}
