// The words beside a selected neuron, with its picture enlarged where the one in the network is small, and what takes it out.
import "../style/controls.css";
import { createEffect, createMemo, type JSX, Show } from "solid-js";
import { Icon } from "../panels/icons.tsx";
import { titleOf } from "../panels/names.ts";
import type { Lab } from "../state/types.ts";
import { isDark } from "../style/colors.ts";
import { steadyNumber } from "./chartScale.ts";
import { type PictureProps, pictureColors, sharpContext } from "./NetworkDiagramPicture.tsx";
import { isProbability, NeuronPictures } from "./NeuronPictures.ts";
import { isHidden, removedWords, removeUnit } from "./networkDiagramChanges.ts";
import type { Spot } from "./networkDiagramLayout.ts";
import { focusIn } from "./networkDiagramPointer.ts";
import { exists, neuronWords } from "./parameterPlace.ts";

const SIDE = 92;

type ZoomProps = Omit<PictureProps, "onSvg">;
type Which = Pick<Spot, "layer" | "unit">;

export function NetworkDiagramZoom(props: ZoomProps): JSX.Element {
  const spot = createMemo((): Which | undefined => {
    const selected = props.lab.selected();
    return selected.kind === "neuron" && exists(props.lab.network(), selected) ? selected : undefined;
  });
  return <Show when={spot()}>{(at) => <Zoom {...props} spot={at()} />}</Show>;
}

function Zoom(props: ZoomProps & { spot: Which }): JSX.Element {
  let canvas!: HTMLCanvasElement;
  const pictures = new NeuronPictures();
  const { lab } = props;
  const activations = (): ArrayLike<number> => props.activations[props.spot.layer] ?? [];
  const size = (): number => props.layout.sizes[props.spot.layer] ?? 1;
  const value = (): number => activations()[props.probes.count * size() + props.spot.unit] ?? Number.NaN;
  /** A large picture needs no larger one. */
  const enlarged = (): boolean => props.layout.half[props.spot.layer]! < 20;
  createEffect(() => {
    const { layer, unit } = props.spot;
    const context = sharpContext(canvas, SIDE, SIDE);
    if (context === null || activations().length === 0) return;
    const center = isProbability(lab.network(), layer);
    const at = { x: 0, y: 0, side: SIDE };
    pictures.drawOne(context, props.probes, activations(), size(), unit, at, center, pictureColors(isDark()));
  });
  const left = (): boolean => props.layout.columns[props.spot.layer]! > props.layout.width - 140;
  const style = (): JSX.CSSProperties => {
    const half = props.layout.half[props.spot.layer]! + 12;
    const x = props.layout.columns[props.spot.layer]! + (left() ? -half : half);
    const y = props.layout.rows[props.spot.layer]![props.spot.unit]!;
    const least = enlarged() ? 96 : 60;
    return { left: `${x}px`, top: `${Math.max(least, Math.min(props.layout.height - least, y))}px` };
  };
  const activation = (): string => {
    const layer = lab.network().layers[props.spot.layer - 1];
    return layer === undefined ? "as it is given" : titleOf(layer.activation);
  };
  return (
    <div class="diagram-zoom" classList={{ "is-left": left() }} style={style()}>
      <div aria-hidden="true">
        <canvas class="diagram-zoom-picture" classList={{ "is-hidden": !enlarged() }} ref={canvas} />
        <p class="diagram-zoom-name">
          {neuronWords(lab.data(), lab.network(), props.spot.layer, props.spot.unit)}
        </p>
        <p class="diagram-zoom-words">
          {activation()}, <b>{steadyNumber(value())}</b>
        </p>
      </div>
      <Show when={isHidden(lab, props.spot.layer)}>
        <Remove lab={lab} {...props.spot} />
      </Show>
    </div>
  );
}

/** Shown once the neuron is pressed or has the focus, so that it does not come up under a pointer that only passes. */
function Remove(props: Which & { lab: Lab }): JSX.Element {
  let button!: HTMLButtonElement;
  const words = (): string => `Remove ${removedWords(props.lab, props.layer, props.unit)}`;
  const remove = (): void => {
    const { lab, layer, unit } = props;
    const stage = button.closest<HTMLElement>(".diagram-stage")!;
    removeUnit(lab, layer, unit);
    // To the one that has taken its place.
    const units = lab.network().layers[layer - 1]?.units ?? 1;
    queueMicrotask(() => focusIn(stage, `[data-neuron="${layer}-${Math.min(unit, units - 1)}"]`));
  };
  return (
    <button
      ref={button}
      type="button"
      class="diagram-remove"
      data-own=""
      aria-label={words()}
      title={words()}
      onClick={remove}
    >
      <Icon name="close" />
      <span>Remove</span>
    </button>
  );
}
