// The first layer's weights as pictures, the most used neuron first, and one of them large.
import { createEffect, createMemo, For, type JSX, Show, untrack } from "solid-js";
import { inView } from "../parts/answers.ts";
import { Frame } from "../parts/Frame.tsx";
import type { Digits } from "./createDigits.ts";
import { svgFigure } from "./figureSvg.ts";
import { columnsIn, moveInGrid } from "./gridKeys.ts";
import { Neuron } from "./Neuron.tsx";
import { Pixels } from "./Pixels.tsx";
import { PIXEL } from "./raster.ts";
import { sameNeuron } from "./reading.ts";
import { byUse, largestSize, weightImage } from "./weights.ts";

/** So many pictures are told apart and drawn in a frame. */
const MOST = 144;

export function Neurons(props: { digits: Digits }): JSX.Element {
  let box!: HTMLDivElement;
  let grid!: HTMLDivElement;
  const { digits } = props;
  const seen = inView(() => box);
  const { base } = digits;
  // The order is that of the whole network: silencing a neuron moves none.
  const uses = createMemo(() => byUse(base(), digits.known()));
  const units = createMemo(() =>
    uses()
      .slice(0, MOST)
      .map(({ unit }) => unit),
  );
  createEffect(() => {
    if (seen()) void untrack(() => digits.wantTests());
  });
  const idle = createMemo(() => uses().filter(({ use }) => use === 0).length);
  const columns = (): number => columnsIn(grid);
  return (
    <Frame
      title={base().layers.length === 1 ? "What each output looks for" : "What the first layer looks for"}
      class="neurons"
      describe={() => {
        const { layer, unit } = digits.selected();
        return `${base().layers[0]?.units} pictures of weights, the most used first. Neuron ${unit} of layer ${layer} is chosen.`;
      }}
      svg={() => exported(digits, units())}
      data={() => uses().map(({ unit, use }, place) => ({ place: place + 1, neuron: unit, use }))}
      note={
        <>
          Blue: ink there excites the neuron; orange: it silences it; each picture by its own largest weight.{" "}
          <Show when={base().layers.length > 1}>
            Sorted by use: mean activation on the test images times the sizes of the weights that lead on
            {idle() > 0 ? `; the last ${idle()} never speak.` : "."}
          </Show>
          <Show when={uses().length > MOST}>
            {" "}
            The {MOST} most used of {uses().length} are shown.
          </Show>
        </>
      }
    >
      <div class="neurons-both" ref={box}>
        <div
          class="neuron-grid"
          ref={grid}
          role="group"
          aria-label="neurons of the first layer, the most used first"
        >
          <For each={units()}>
            {(unit, place) => <Tile digits={digits} unit={unit} entry={place() === 0} columns={columns} />}
          </For>
        </div>
        <Neuron digits={digits} />
      </div>
    </Frame>
  );
}

function Tile(props: { digits: Digits; unit: number; entry: boolean; columns: () => number }): JSX.Element {
  const { digits } = props;
  const neuron = { layer: 1, unit: props.unit };
  const image = createMemo(() => weightImage(digits.base(), props.unit));
  const isOff = (): boolean => digits.off().some((other) => sameNeuron(other, neuron));
  const isSelected = (): boolean => sameNeuron(digits.selected(), neuron);
  const isEntry = (): boolean => (digits.selected().layer === 1 ? isSelected() : props.entry);
  return (
    <button
      type="button"
      class="neuron-tile"
      classList={{ "is-off": isOff(), "is-selected": isSelected() }}
      tabindex={isEntry() ? 0 : -1}
      aria-pressed={isSelected()}
      aria-label={`weights of neuron ${props.unit}${isOff() ? ", switched off" : ""}`}
      onClick={() => digits.select(neuron)}
      onKeyDown={(event) => moveInGrid(event, props.columns())}
    >
      <Pixels values={image()} full={largestSize(image())} width={PIXEL} height={PIXEL} look="signed" />
    </button>
  );
}

function exported(digits: Digits, units: readonly number[]): SVGSVGElement {
  const columns = Math.ceil(Math.sqrt(units.length * 1.6));
  const [side, gap] = [56, 6];
  const rows = Math.ceil(units.length / columns);
  const { svg, picture, text } = svgFigure(columns * (side + gap), rows * (side + 18));
  for (const [place, unit] of units.entries()) {
    const [x, y] = [(place % columns) * (side + gap), Math.floor(place / columns) * (side + 18)];
    const values = weightImage(digits.base(), unit);
    picture({ values, width: PIXEL, height: PIXEL, look: "signed", full: largestSize(values) }, x, y, side);
    text(String(unit), x, y + side + 11, { "font-size": 9 });
  }
  return svg;
}
