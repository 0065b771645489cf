// What the network learns from: eight kinds to pick by their pictures, and the numbers of the chosen one.
import "./DataPanel.css";
import { createSignal, createUniqueId, For, type JSX, lazy, Show, Suspense } from "solid-js";
import { limits } from "../state/setting.ts";
import type { DataKind, DataSetting, Lab } from "../state/types.ts";
import { Panel } from "./controls.tsx";
import { change, editData } from "./edit.ts";
import { NumberField } from "./NumberField.tsx";
import { dataTitles } from "./names.ts";
import { Thumbnail } from "./Thumbnail.tsx";

// Both are asked for seldom.
const DrawnData = lazy(async () => ({ default: (await import("./DrawnData.tsx")).DrawnData }));
const TableData = lazy(async () => ({ default: (await import("./TableData.tsx")).TableData }));

const kinds = Object.keys(dataTitles) as DataKind[];

export function DataPanel(props: { lab: Lab }): JSX.Element {
  // The setting is another with each step, its data are not.
  const data = props.lab.data;
  // A table is picked when its file has been read.
  const [wantsTable, setWantsTable] = createSignal(false);
  const shown = (): DataKind => (wantsTable() ? "table" : data().kind);
  const pick = (kind: DataKind): void => {
    setWantsTable(kind === "table");
    if (kind === "table" || kind === data().kind) return;
    change(props.lab, `data: ${dataTitles[kind]}`, (old) => ({ ...old, data: dataOf(kind, props.lab) }));
  };
  return (
    <Panel title="Data" aside={`${props.lab.dataset().rows} examples`}>
      <Kinds value={shown()} onPick={pick} />
      <Show when={shown() !== "drawn" && shown() !== "table"}>
        <Numbers lab={props.lab} />
      </Show>
      <Suspense>
        <Show when={shown() === "drawn"}>
          <DrawnData lab={props.lab} />
        </Show>
        <Show when={shown() === "table"}>
          <TableData lab={props.lab} onTaken={() => setWantsTable(false)} />
        </Show>
      </Suspense>
    </Panel>
  );
}

function Kinds(props: { value: DataKind; onPick: (kind: DataKind) => void }): JSX.Element {
  const name = createUniqueId();
  return (
    <div class="kinds" role="radiogroup" aria-label="kind of data">
      <For each={kinds}>
        {(kind) => (
          <label class="kind">
            <input
              type="radio"
              class="unseen"
              name={name}
              checked={kind === props.value}
              onChange={() => props.onPick(kind)}
            />
            <span class="kind-picture">
              <Thumbnail kind={kind} />
            </span>
            <span class="kind-name">{dataTitles[kind]}</span>
          </label>
        )}
      </For>
    </div>
  );
}

function Numbers(props: { lab: Lab }): JSX.Element {
  const data = props.lab.data;
  const end = (at: 0 | 1, value: number, merge: string): void => {
    const [from, to] = data().interval;
    editData(props.lab, "interval", { interval: at === 0 ? [value, to] : [from, value] }, merge);
  };
  return (
    <>
      <NumberField
        label="examples"
        value={data().rows}
        min={limits.rows[0]}
        max={limits.rows[1]}
        step={10}
        whole
        onChange={(rows, merge) => editData(props.lab, "examples", { rows }, merge)}
      />
      <NumberField
        label="noise"
        value={data().noise}
        min={limits.noise[0]}
        max={limits.noise[1]}
        step={0.01}
        onChange={(noise, merge) => editData(props.lab, "noise", { noise }, merge)}
      />
      <Show when={data().kind === "parabola" || data().kind === "sine"}>
        <NumberField
          label="x from"
          value={data().interval[0]}
          min={limits.interval[0]}
          max={data().interval[1] - 0.01}
          step={0.1}
          onChange={(value, merge) => end(0, value, merge)}
        />
        <NumberField
          label="x to"
          value={data().interval[1]}
          min={data().interval[0] + 0.01}
          max={limits.interval[1]}
          step={0.1}
          onChange={(value, merge) => end(1, value, merge)}
        />
      </Show>
    </>
  );
}

/** The numbers of the old data as far as they go with the new. */
function dataOf(kind: DataKind, lab: Lab): DataSetting {
  const { rows, noise } = lab.data();
  const plain: DataSetting = { kind, rows, noise, interval: kind === "sine" ? [-3, 3] : [0, 1] };
  return kind === "drawn" ? { ...plain, ...pointsOf(lab) } : plain;
}

/** So many are enough to begin a drawing with. */
const FIRST_POINTS = 60;

/** The examples on show, to be drawn on. */
function pointsOf(lab: Lab): Partial<DataSetting> {
  const { x, y, rows, inputs, outputs, classes } = lab.dataset();
  if (inputs > 2 || outputs > 1) return { points: [[0, 0]], rows: 1 };
  const count = Math.min(rows, FIRST_POINTS);
  const round = (value: number | undefined): number => Number((value ?? 0).toFixed(3));
  const points = Array.from({ length: count }, (_, row) => [
    ...Array.from({ length: inputs }, (_, i) => round(x[row * inputs + i])),
    round(y[row]),
  ]);
  return { points, rows: count, ...(classes === undefined ? {} : { classes }) };
}
