// What a formula's symbol stands for, marked in the picture of the network while somebody points at the symbol.
import "./FormulaMark.css";
import { createMemo, type JSX, Match, Switch } from "solid-js";
import type { Lab, Selected } from "../state/types.ts";
import { marksOf, selectedBy } from "./mathMarks.ts";
import { biasPlace, type DiagramLayout, edgePath, endsOf } from "./networkDiagramLayout.ts";
import { exists } from "./parameterPlace.ts";

/** Pixels between a neuron and the frame around it, and the size of the ring around a bias. */
const AROUND = 4;
const RING = 7;

export function FormulaMark(props: { lab: Lab; layout: DiagramLayout }): JSX.Element {
  const place = createMemo((): Selected => {
    const found = selectedBy(marksOf(props.lab).marked() ?? "");
    return found !== undefined && exists(props.lab.network(), found) ? found : { kind: "none" };
  });
  const as = <K extends Selected["kind"]>(kind: K): Extract<Selected, { kind: K }> | undefined => {
    const at = place();
    return at.kind === kind ? (at as Extract<Selected, { kind: K }>) : undefined;
  };
  return (
    <svg
      class="formula-mark"
      aria-hidden="true"
      width={props.layout.width}
      height={props.layout.height}
      viewBox={`0 0 ${props.layout.width} ${props.layout.height}`}
    >
      <Switch>
        <Match when={as("neuron")}>
          {(at) => <Box layout={props.layout} layer={at().layer} unit={at().unit} />}
        </Match>
        <Match when={as("weight")}>
          {(at) => <path d={edgePath(endsOf(props.layout, at().layer, at().input, at().unit))} />}
        </Match>
        <Match when={as("bias")}>
          {(at) => {
            const spot = (): { x: number; y: number } => biasPlace(props.layout, at().layer, at().unit);
            return <circle cx={spot().x} cy={spot().y} r={RING} />;
          }}
        </Match>
      </Switch>
    </svg>
  );
}

function Box(props: { layout: DiagramLayout; layer: number; unit: number }): JSX.Element {
  const half = (): number => (props.layout.half[props.layer] ?? 0) + AROUND;
  return (
    <rect
      x={(props.layout.columns[props.layer] ?? 0) - half()}
      y={(props.layout.rows[props.layer]?.[props.unit] ?? 0) - half()}
      width={2 * half()}
      height={2 * half()}
      rx={8}
    />
  );
}
