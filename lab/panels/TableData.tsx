// A table of the reader's: a file is dropped or picked, its columns are chosen.
import { createSignal, For, type JSX, Show } from "solid-js";
import type { Lab } from "../state/types.ts";
import { Choice } from "./controls.tsx";
import { DropFile, reasonOf } from "./DropFile.tsx";
import { change } from "./edit.ts";
import { dataOfColumns, readUpload, suggested, type Upload } from "./tableUpload.ts";

export function TableData(props: { lab: Lab; onTaken: () => void }): JSX.Element {
  const [upload, setUpload] = createSignal<Upload>();
  const [inputs, setInputs] = createSignal<readonly number[]>([]);
  const [target, setTarget] = createSignal(0);
  const [message, setMessage] = createSignal("");
  const [fault, setFault] = createSignal("");

  const take = (file: File): void => {
    setFault("");
    setMessage(`Reading ${file.name} …`);
    readUpload(file).then((read) => {
      const first = suggested(read);
      setUpload(read);
      use(first.inputs, first.target);
    }, told);
  };
  const told = (error: unknown): void => {
    setMessage("");
    setFault(reasonOf(error));
  };
  const use = (columns: readonly number[], place: number): void => {
    const read = upload();
    if (read === undefined) return;
    setInputs(columns);
    setTarget(place);
    try {
      const { data, left } = dataOfColumns(read, columns, place);
      change(props.lab, `data: ${read.name}`, (old) => ({ ...old, data, output: null, loss: null }));
      props.onTaken();
      setFault("");
      setMessage(taken(read, data.rows, left));
    } catch (error) {
      told(error);
    }
  };
  const columns = (inputsOnly: boolean) =>
    (upload()?.columns ?? []).flatMap((column, at) =>
      column !== null && (column.isNumber || !inputsOnly) ? [{ value: String(at), label: column.name }] : [],
    );

  return (
    <div class="table-data">
      <DropFile
        name="Choose a CSV file"
        words="or drop it here; it stays on this computer"
        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values"
        onFile={take}
      />
      <Show when={upload() !== undefined}>
        <For each={inputs()}>
          {(column, place) => (
            <Choice
              label={inputs().length === 1 ? "input" : `input ${place() + 1}`}
              segmented={false}
              value={String(column)}
              options={columns(true)}
              onChange={(at) => use(inputs().with(place(), Number(at)), target())}
            />
          )}
        </For>
        <Choice
          label="target"
          segmented={false}
          value={String(target())}
          options={columns(false)}
          onChange={(at) => use(inputs(), Number(at))}
        />
      </Show>
      <p class="panel-words" role="status">
        {message() || kept(props.lab)}
      </p>
      <Show when={fault() !== ""}>
        <p class="field-fault" role="alert">
          {fault()}
        </p>
      </Show>
    </div>
  );
}

function taken({ rows, cells }: Upload, used: number, left: number): string {
  const sampled =
    (cells[0]?.length ?? 0) < rows ? `, ${cells[0]?.length} of ${rows} rows, drawn at random` : "";
  return `${used} rows are in use${sampled}${left > 0 ? `; ${left} with gaps are left out` : ""}.`;
}

/** What a table of a link or an undo brought, whose file is not at hand. */
function kept(lab: Lab): string {
  const { kind, names } = lab.data();
  if (kind !== "table" || names === undefined) return "";
  return `${names.slice(0, -1).join(", ")} → ${names.at(-1)}`;
}
