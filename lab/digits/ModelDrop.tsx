// A place for a model file: it is dropped there or picked, read, and takes the place of the network on show.
import { createSignal, type JSX, Show } from "solid-js";
import { DropFile, reasonOf } from "../panels/DropFile.tsx";
import type { Digits } from "./createDigits.ts";
import { readModel } from "./models.ts";

export function ModelDrop(props: { digits: Digits; name: string; words: string }): JSX.Element {
  const { digits } = props;
  const [fault, setFault] = createSignal("");
  const take = async (file: File): Promise<void> => {
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
      <DropFile
        class="model-drop"
        name={props.name}
        words={props.words}
        accept=".safetensors,.json"
        onFile={(file) => void take(file)}
      />
      <Show when={fault() !== ""}>
        <p class="digits-fault" role="alert">
          {fault()}
        </p>
      </Show>
    </>
  );
}
