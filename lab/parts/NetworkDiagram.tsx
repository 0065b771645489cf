// The network itself, to be looked into and changed: layers from left to right, an edge for each weight, in each neuron what it
// makes of the inputs, and a handle on whatever is pointed at.
import {
  type Accessor,
  createEffect,
  createMemo,
  createSignal,
  type JSX,
  onCleanup,
  onMount,
} from "solid-js";
import type { Lab } from "../state/types.ts";
import { steadyNumber } from "./chartScale.ts";
import { FormulaMark } from "./FormulaMark.tsx";
import { type DataRow, Frame } from "./Frame.tsx";
import { NetworkDiagramColumns } from "./NetworkDiagramColumns.tsx";
import { NetworkDiagramHandle } from "./NetworkDiagramHandle.tsx";
import { NetworkDiagramNeurons } from "./NetworkDiagramNeurons.tsx";
import { NetworkDiagramPicture } from "./NetworkDiagramPicture.tsx";
import { NetworkDiagramZoom } from "./NetworkDiagramZoom.tsx";
import type { Probes } from "./NeuronPictures.ts";
import { type DiagramLayout, layoutOf } from "./networkDiagramLayout.ts";
import { type DiagramPointer, pointAtDiagram } from "./networkDiagramPointer.ts";
import { activationsAt, createProbes } from "./networkProbes.ts";
import { exists, nameOf, neuronWords, numberOf, placeWords } from "./parameterPlace.ts";
import { roomOf } from "./room.ts";
import "./NetworkDiagram.css";

export interface NetworkDiagramProps {
  readonly lab: Lab;
  /** What the figure is called; "Network". */
  readonly title?: string | undefined;
}

export function NetworkDiagram(props: NetworkDiagramProps): JSX.Element {
  let scroll!: HTMLDivElement;
  let stage!: HTMLDivElement;
  const [svg, setSvg] = createSignal<SVGSVGElement>();
  const room = roomOf(() => scroll, 720);
  const widths = createMemo(() => {
    const n = props.lab.network();
    return [n.inputs, ...n.layers.map(({ units }) => units)].join("-");
  });
  const layout = createMemo(() => layoutOf(widths().split("-").map(Number), room()));
  const probes = createProbes(props.lab);
  const pictured = createMemo(() => {
    const selected = props.lab.selected();
    return selected.kind === "neuron" || layout().compact.slice(1, -1).includes(false);
  });
  const activations = createMemo(() => activationsAt(props.lab, probes(), pictured()));
  const drawn = {
    get lab(): Lab {
      return props.lab;
    },
    get layout(): DiagramLayout {
      return layout();
    },
    get probes(): Probes {
      return probes();
    },
    get activations(): readonly ArrayLike<number>[] {
      return activations();
    },
  };
  const pointer = createDiagramPointer(props.lab, layout, () => stage);
  return (
    <Frame
      class="diagram"
      title={props.title ?? "Network"}
      describe={() => describe(props.lab, widths())}
      svg={svg}
      data={() => rowsOf(props.lab)}
      note="Drag a connection or a bias up and down to change it. With the keyboard: arrows go from neuron to neuron, Enter to their numbers."
    >
      <div class="diagram-scroll" ref={scroll}>
        <div class="diagram-sheet" style={{ width: `${layout().width}px` }}>
          <NetworkDiagramColumns lab={props.lab} layout={layout()} part="head" />
          <div
            class="diagram-stage"
            classList={{
              "is-active": pointer.active(),
              "has-selection": exists(props.lab.network(), props.lab.selected()),
            }}
            ref={stage}
            style={{ height: `${layout().height}px` }}
          >
            <NetworkDiagramPicture {...drawn} onSvg={setSvg} />
            <FormulaMark lab={props.lab} layout={layout()} />
            <NetworkDiagramNeurons lab={props.lab} layout={layout()} pointer={pointer} />
            <NetworkDiagramHandle lab={props.lab} layout={layout()} pointer={pointer} />
            <NetworkDiagramZoom {...drawn} />
          </div>
          <NetworkDiagramColumns lab={props.lab} layout={layout()} part="foot" />
        </div>
      </div>
    </Frame>
  );
}

function createDiagramPointer(
  lab: Lab,
  layout: Accessor<DiagramLayout>,
  stage: () => HTMLElement,
): DiagramPointer {
  const [active, setActive] = createSignal(false);
  const [typing, setTyping] = createSignal<string | null>(null);
  const pointer: DiagramPointer = { active, setActive, typing, setTyping, pinned: false };
  onMount(() => onCleanup(pointAtDiagram(lab, layout, stage(), pointer)));
  // Layers that are gone take their selection along.
  createEffect(() => {
    const selected = lab.selected();
    if (selected.kind === "none" || exists(lab.network(), selected)) return;
    pointer.pinned = false;
    lab.select({ kind: "none" });
  });
  return pointer;
}

function describe(lab: Lab, widths: string): string {
  const n = lab.network();
  const selected = lab.selected();
  const net = `Network ${widths}, ${n.parameterCount} parameters`;
  if (selected.kind === "none" || !exists(n, selected)) return `${net}.`;
  const { data } = lab.setting();
  if (selected.kind === "neuron")
    return `${net}; ${neuronWords(data, n, selected.layer, selected.unit)} is selected.`;
  const value = steadyNumber(numberOf(n, lab.parameters(), selected));
  return `${net}; selected is the ${placeWords(data, n, selected)}, ${value}.`;
}

/** All parameters, as the figure's numbers. */
function rowsOf(lab: Lab): DataRow[] {
  const n = lab.network();
  const parameters = lab.parameters();
  const rows: DataRow[] = [];
  for (const [i, { inputs, units }] of n.layers.entries()) {
    const layer = i + 1;
    for (let input = 0; input < inputs; input += 1) {
      for (let unit = 0; unit < units; unit += 1) rows.push(row({ kind: "weight", layer, input, unit }));
    }
    for (let unit = 0; unit < units; unit += 1) rows.push(row({ kind: "bias", layer, unit }));
  }
  return rows;

  function row(place: Parameters<typeof numberOf>[2]): DataRow {
    const from = place.kind === "weight" ? place.input : null;
    const value = numberOf(n, parameters, place);
    return { parameter: nameOf(place), layer: place.layer, from, unit: place.unit, value };
  }
}
