// What is drawn of the network: pictures of neurons on a canvas, and over it as SVG edges, biases, rings and names. It is
// redrawn with each frame, by hand: Solid's nodes are for what changes with layers and selection.
import { createEffect, For, type JSX, Show, untrack } from "solid-js";
import type { Network } from "talweg";
import type { Lab, Selected } from "../state/types.ts";
import { isDark } from "../style/colors.ts";
import { steadyNumber } from "./chartScale.ts";
import { atReadingSpeed } from "./formulaData.ts";
import { isProbability, NeuronPictures, type PictureColors, type Probes } from "./NeuronPictures.ts";
import type { DiagramLayout, Spot } from "./networkDiagramLayout.ts";
import { ParameterMarks } from "./networkDiagramMarks.ts";
import { exists, indexOf, inputName, outputName } from "./parameterPlace.ts";

/** Parameters that are drawn anew with each frame of a run at most. */
const MANY = 100;

export interface PictureProps {
  readonly lab: Lab;
  readonly layout: DiagramLayout;
  /** Where neurons were asked, and their answers by column, [probes + 1, units]; the last row is the example. */
  readonly probes: Probes;
  readonly activations: readonly ArrayLike<number>[];
  readonly onSvg: (svg: SVGSVGElement) => void;
}

export function NetworkDiagramPicture(props: PictureProps): JSX.Element {
  let canvas!: HTMLCanvasElement;
  let image!: SVGImageElement;
  let ground!: SVGGElement;
  let front!: SVGGElement;
  let dots!: SVGGElement;
  const { lab } = props;
  const pictures = new NeuronPictures();
  let marks: ParameterMarks | undefined;

  const looked = atReadingSpeed(lab);
  createEffect(() => {
    // Drawing many edges takes the time of whole frames: while the network trains ten pictures a second have to do.
    if (untrack(lab.network).parameterCount > MANY) looked();
    else lab.parameters();
    marks?.paint(untrack(lab.parameters));
  });
  // Layers and selection may change at once, and the edges that stand out need those that are there.
  createEffect(() => {
    const { layout } = props;
    const selected = lab.selected();
    const n = lab.network();
    if (layout.sizes.length !== n.layers.length + 1) return;
    marks ??= new ParameterMarks(ground, front, dots);
    marks.lay(layout);
    marks.raise(pathsOf(n, selected));
    marks.point(selected.kind === "bias" && exists(n, selected) ? indexOf(n, selected) : undefined);
    marks.paint(untrack(lab.parameters));
  });
  let known: readonly unknown[] = [];
  createEffect(() => {
    const { layout, probes } = props;
    const a = props.activations;
    const colors = pictureColors(isDark());
    const n = lab.network();
    if (a.length !== layout.sizes.length) return;
    // As long as these are the same, what is drawn stays but for what has changed.
    const now = [layout, probes, colors, isProbability(n, n.layers.length)];
    const anew = now.some((part, i) => part !== known[i]);
    known = now;
    const context = anew ? sharpContext(canvas, layout.width, layout.height) : canvas.getContext("2d");
    if (context !== null) pictures.drawAll(context, layout, probes, a, n, colors, anew);
  });
  return (
    <>
      <Wash lab={lab} layout={props.layout} />
      <canvas class="diagram-canvas" ref={canvas} />
      <svg
        class="diagram-picture"
        aria-hidden="true"
        ref={(svg) => {
          props.onSvg(svg);
          // What is taken out takes the canvas along.
          svg.addEventListener("talweg-export", () => image.setAttribute("href", canvas.toDataURL()));
        }}
        width={props.layout.width}
        height={props.layout.height}
        viewBox={`0 0 ${props.layout.width} ${props.layout.height}`}
      >
        <image ref={image} data-export="only" width={props.layout.width} height={props.layout.height} />
        <g class="diagram-edges" ref={ground} />
        <g class="diagram-front" ref={front} />
        <Rings {...props} />
        <g ref={dots} />
        <Names {...props} />
      </svg>
    </>
  );
}

type Drawn = Omit<PictureProps, "onSvg">;

/** A light ground behind the layer that an operation is at. */
function Wash(props: Pick<Drawn, "lab" | "layout">): JSX.Element {
  const column = (): number | undefined => {
    const operation = props.lab.operation();
    return operation === null ? undefined : props.layout.columns[operation.layer];
  };
  return <Show when={column()}>{(x) => <div class="diagram-wash" style={{ left: `${x()}px` }} />}</Show>;
}

/** The border of each neuron; where there is no room for a picture, a dot in the color of what it says to the example. */
function Rings(props: Drawn): JSX.Element {
  const isSelected = (layer: number, unit: number): boolean => {
    const selected = props.lab.selected();
    return (
      selected.kind !== "none" &&
      selected.layer === layer &&
      selected.unit === unit &&
      selected.kind !== "weight"
    );
  };
  const value = (layer: number, unit: number): number =>
    props.activations[layer]?.[props.probes.count * props.layout.sizes[layer]! + unit] ?? 0;
  return (
    <For each={props.layout.neurons}>
      {({ layer, unit, x, y, half, compact }) =>
        compact ? (
          <circle
            class="diagram-dot"
            classList={{ "is-selected": isSelected(layer, unit), "is-negative": value(layer, unit) < 0 }}
            cx={x}
            cy={y}
            r={half}
            fill-opacity={(0.12 + 0.88 * Math.min(1, Math.abs(value(layer, unit)) || 0)).toFixed(2)}
          />
        ) : (
          <rect
            class="diagram-ring"
            classList={{ "is-selected": isSelected(layer, unit) }}
            x={x - half}
            y={y - half}
            width={2 * half}
            height={2 * half}
            rx={Math.min(7, half / 2)}
          />
        )
      }
    </For>
  );
}

/** Names of inputs and outputs with their numbers for the example at hand. */
function Names(props: Drawn): JSX.Element {
  const value = (layer: number, unit: number): string => {
    const number = props.activations[layer]?.[props.probes.count * props.layout.sizes[layer]! + unit];
    return number === undefined ? "" : steadyNumber(number, 2);
  };
  const name = (layer: number, unit: number): string => {
    const { sizes } = props.layout;
    if (layer === 0) return inputName(props.lab.data(), unit, sizes[0]!);
    return outputName(props.lab.dataset().classes, unit, sizes.at(-1)!);
  };
  const ends = (): Spot[] =>
    props.layout.neurons.filter(({ layer }) => layer === 0 || layer === props.layout.sizes.length - 1);
  return (
    <For each={ends()}>
      {({ layer, unit, x, y, half }) => {
        const { narrow, rows } = props.layout;
        const tight = rows[layer]!.length > (narrow ? 8 : 12);
        const side = layer === 0 ? -1 : 1;
        const across = narrow ? x : x + side * (half + 8);
        const anchor = narrow ? "middle" : layer === 0 ? "end" : "start";
        const top = narrow ? y - half - 21 : y - 2;
        return (
          <>
            <text class="diagram-name" x={across} y={tight && !narrow ? y + 4 : top} text-anchor={anchor}>
              {narrow && tight ? "" : name(layer, unit)}
            </text>
            <Show when={!tight}>
              <text class="diagram-number" x={across} y={top + 15} text-anchor={anchor}>
                {value(layer, unit)}
              </text>
            </Show>
          </>
        );
      }}
    </For>
  );
}

/** The edges that a selected neuron, weight or bias has to do with. */
function pathsOf(
  n: Network,
  selected: Selected,
): { layer: number; input: number; unit: number; index: number }[] {
  if (selected.kind === "none" || !exists(n, selected)) return [];
  const { layer, unit, kind } = selected;
  const paths: { layer: number; input: number; unit: number; index: number }[] = [];
  const add = (at: number, input: number, to: number): void => {
    const index = indexOf(n, { kind: "weight", layer: at, input, unit: to });
    paths.push({ layer: at, input, unit: to, index });
  };
  if (kind === "weight") add(layer, selected.input, unit);
  else if (layer > 0) for (let i = 0; i < n.layers[layer - 1]!.inputs; i += 1) add(layer, i, unit);
  if (kind !== "weight" && layer < n.layers.length) {
    for (let to = 0; to < n.layers[layer]!.units; to += 1) add(layer + 1, unit, to);
  }
  return paths;
}

/** A cleared context whose unit is a pixel of the page, sharp on every screen. */
export function sharpContext(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = canvas.getContext("2d");
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  } else context?.clearRect(0, 0, width, height);
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** The colors of the page as a canvas needs them; read again only when the theme changes. */
const known = new Map<boolean, PictureColors>();
export function pictureColors(dark: boolean): PictureColors {
  const found = known.get(dark);
  if (found !== undefined) return found;
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const colors: PictureColors = {
    dark,
    positive: color("--positive"),
    negative: color("--negative"),
    line: color("--line"),
    ground: color("--raised"),
    ink: color("--ink"),
  };
  known.set(dark, colors);
  return colors;
}
