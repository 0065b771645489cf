// The activations of the hidden layers on the picture at hand, each layer a tidy grid of its neurons.
import { createMemo, For, type JSX } from "solid-js";
import { numberText } from "../panels/numberText.ts";
import { Frame } from "../parts/Frame.tsx";
import { signedColor } from "../style/colors.ts";
import type { Digits } from "./createDigits.ts";
import { svgFigure } from "./figureSvg.ts";
import { columnsIn, moveInGrid } from "./gridKeys.ts";
import type { PixelPicture } from "./pixelPaint.ts";
import { sameNeuron } from "./reading.ts";
import { largestSize } from "./weights.ts";

/** As many columns as make a layer nearly square, and no row of one. */
function columnsOf(units: number): number {
  const side = Math.ceil(Math.sqrt(units));
  for (let columns = side; columns < 2 * side; columns++) if (units % columns === 0) return columns;
  return side;
}

/** A grid that may end within a row, filled up. */
function gridOf(values: readonly number[]): PixelPicture & { readonly full: number } {
  const width = columnsOf(values.length);
  const height = Math.ceil(values.length / width);
  const cells = [...values, ...new Array<number>(width * height - values.length).fill(0)];
  return { values: cells, width, height, look: "signed", full: largestSize(values) };
}

export function Layers(props: { digits: Digits }): JSX.Element {
  const { digits } = props;
  const hidden = createMemo(() => digits.reading().activations.slice(0, -1));
  const layers = createMemo(() => hidden().map((_, i) => i + 1), [], {
    equals: (a, b) => a.length === b.length,
  });
  return (
    <Frame
      title={
        layers().length === 0
          ? "No hidden layer"
          : layers().length === 1
            ? `${hidden()[0]?.length} hidden neurons`
            : "Hidden neurons"
      }
      class="layers"
      describe={() =>
        hidden()
          .map((values, i) => layerSentence(values, i + 1))
          .join(" ") || "The inputs go straight to the outputs."
      }
      svg={() => exported(hidden())}
      data={() =>
        hidden().flatMap((values, i) =>
          values.map((activation, neuron) => ({ layer: i + 1, neuron, activation })),
        )
      }
      note={
        <>
          Each cell is one neuron's activation on this picture: the deeper the blue, the larger. Press one to
          see what it looks for.
        </>
      }
    >
      <For each={layers()}>{(layer) => <Layer digits={digits} layer={layer} />}</For>
    </Frame>
  );
}

function Layer(props: { digits: Digits; layer: number }): JSX.Element {
  const { digits } = props;
  const values = (): readonly number[] => digits.reading().activations[props.layer - 1] ?? [];
  const grid = createMemo(() => gridOf(values()));
  const units = createMemo(() => values().length);
  const isOff = (unit: number): boolean =>
    digits.off().some((other) => sameNeuron(other, { layer: props.layer, unit }));
  const isSelected = (unit: number): boolean => sameNeuron(digits.selected(), { layer: props.layer, unit });
  /** One cell is reached by Tab: the selected one, or the first. */
  const isEntry = (unit: number): boolean =>
    digits.selected().layer === props.layer ? isSelected(unit) : unit === 0;
  return (
    <div class="layer" style={{ "--columns": grid().width }}>
      <div class="layer-cells" role="group" aria-label={`layer ${props.layer}, ${units()} neurons`}>
        <For each={Array.from({ length: units() }, (_, unit) => unit)}>
          {(unit) => (
            <button
              type="button"
              class="layer-cell"
              classList={{ "is-off": isOff(unit), "is-selected": isSelected(unit) }}
              tabindex={isEntry(unit) ? 0 : -1}
              style={{ background: signedColor((values()[unit] ?? 0) / (grid().full || 1)) }}
              aria-pressed={isSelected(unit)}
              aria-label={`neuron ${unit} of layer ${props.layer}: ${isOff(unit) ? "switched off" : numberText(values()[unit], 3)}`}
              title={`neuron ${unit}: ${numberText(values()[unit], 3)}${isOff(unit) ? ", switched off" : ""}`}
              onClick={() => digits.select({ layer: props.layer, unit })}
              onKeyDown={(event) => moveInGrid(event, columnsIn(event.currentTarget.parentElement))}
            />
          )}
        </For>
      </div>
    </div>
  );
}

function layerSentence(values: readonly number[], layer: number): string {
  const active = values.filter((value) => value !== 0).length;
  const most = values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
  return `Layer ${layer}: ${active} of ${values.length} neurons are not 0; the largest is neuron ${most} with ${numberText(values[most], 3)}.`;
}

function exported(hidden: readonly (readonly number[])[]): SVGSVGElement {
  const side = 320;
  const grids = hidden.map(gridOf);
  const heights = grids.map(({ width, height }) => (side * height) / width + 32);
  const { svg, picture, text } = svgFigure(
    side,
    Math.max(
      40,
      heights.reduce((sum, height) => sum + height, 0),
    ),
  );
  let y = 0;
  for (const [i, grid] of grids.entries()) {
    text(`layer ${i + 1}`, 0, y + 14);
    picture(grid, 0, y + 22, side, heights[i]! - 32);
    y += heights[i]!;
  }
  return svg;
}
