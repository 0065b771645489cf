// Models in and out: a file is dropped or picked, the network on show is saved in any of the library's formats.
import { createSignal, For, type JSX, Show } from "solid-js";
import { Button, Panel } from "../panels/controls.tsx";
import { reasonOf } from "../panels/DropFile.tsx";
import type { Digits } from "./createDigits.ts";
import { ModelDrop } from "./ModelDrop.tsx";
import { type ModelKind, modelFile, modelName, originText } from "./models.ts";

const forms: readonly { kind: ModelKind; name: string }[] = [
  { kind: "safetensors", name: "safetensors" },
  { kind: "onnx", name: "ONNX" },
  { kind: "ts", name: "TypeScript" },
  { kind: "json", name: "JSON" },
];

export function ModelFiles(props: { digits: Digits }): JSX.Element {
  const { digits } = props;
  const [fault, setFault] = createSignal("");
  const model = () => digits.scene().model;
  const save = async (kind: ModelKind): Promise<void> => {
    try {
      download(await modelFile(digits.network(), kind), `digits.${kind}`);
      setFault("");
    } catch (error) {
      setFault(reasonOf(error));
    }
  };
  return (
    <Panel title="The network">
      <p class="model-words">
        <strong>{modelName(model().network)}</strong>,{" "}
        {model()
          .network.layers.map(({ activation }) => activation)
          .join(", ")}
        , {model().network.parameterCount.toLocaleString("en-US")} parameters; {originText(model().origin)}.
        <Show when={digits.off().length > 0}> Neurons that are switched off are saved as silent.</Show>
      </p>
      <div class="model-save" role="group" aria-label="save the network">
        <span class="model-label">Save as</span>
        <For each={forms}>{({ kind, name }) => <Button label={name} onClick={() => void save(kind)} />}</For>
      </div>
      <Show when={fault() !== ""}>
        <p class="digits-fault" role="alert">
          {fault()}
        </p>
      </Show>
      <ModelDrop
        digits={digits}
        name="Open a model"
        words=".safetensors or .json of talweg with 784 inputs and 10 outputs, or drop it here; it stays on this computer"
      />
      <Show when={model().origin.kind !== "shipped"}>
        <Button label="Back to the network that came with the page" onClick={digits.restart} />
      </Show>
    </Panel>
  );
}

function download(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the address after the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
