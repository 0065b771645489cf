// A place for a model file: it is dropped there or picked, read, and takes the place of the network on show.
import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { TalwegError } from "talweg";
import type { Digits } from "./createDigits.ts";
import { readModel } from "./models.ts";

/** Why a file could not be read, in words; only the library's own errors are written for readers. */
export const reasonOf = (error: unknown): string =>
  error instanceof TalwegError ? error.message : `The file cannot be read (${String(error)}).`;

export function ModelDrop(props: { digits: Digits; name: string; words: string }): JSX.Element {
  const id = createUniqueId();
  const { digits } = props;
  const [fault, setFault] = createSignal("");
  const [over, setOver] = createSignal(false);
  const take = async (file: File | null | undefined): Promise<void> => {
    if (file === null || file === undefined) return;
    try {
      const network = await readModel(file);
      digits.replace({ network, origin: { kind: "file", name: file.name } }, `model ${file.name}`);
      setFault("");
    } catch (error) {
      setFault(reasonOf(error));
    }
  };
  return (
    <>
      <label
        class="model-drop"
        classList={{ "is-over": over() }}
        for={id}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void take(event.dataTransfer?.files[0]);
        }}
      >
        <input
          id={id}
          class="unseen"
          type="file"
          accept=".safetensors,.json"
          onChange={(event) => {
            void take(event.currentTarget.files?.[0]);
            // The same file can be picked again after it was mended.
            event.currentTarget.value = "";
          }}
        />
        <span class="model-name">{props.name}</span>
        <span class="model-words">{props.words}</span>
      </label>
      <Show when={fault() !== ""}>
        <p class="digits-fault" role="alert">
          {fault()}
        </p>
      </Show>
    </>
  );
}
