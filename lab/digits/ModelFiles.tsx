// Models in and out: a file is dropped or picked, the network on show is saved in any of the library's formats.
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import { TalwegError } from "talweg";
import { Button, Panel } from "../panels/controls.tsx";
import type { Digits } from "./createDigits.ts";
import { type ModelKind, modelFile, modelName, readModel, shippedNetwork } from "./models.ts";

const forms: readonly { kind: ModelKind; name: string }[] = [
  { kind: "safetensors", name: "safetensors" },
  { kind: "onnx", name: "ONNX" },
  { kind: "ts", name: "TypeScript" },
  { kind: "json", name: "JSON" },
];

export function ModelFiles(props: { digits: Digits }): JSX.Element {
  const id = createUniqueId();
  const { digits } = props;
  const [fault, setFault] = createSignal("");
  const [over, setOver] = createSignal(false);
  const model = () => digits.scene().model;
  const told = (error: unknown): void => {
    // Only the library's own errors are written for readers.
    setFault(error instanceof TalwegError ? error.message : `The file cannot be read (${String(error)}).`);
  };
  const take = async (file: File | null | undefined): Promise<void> => {
    if (file === null || file === undefined) return;
    try {
      digits.replace({ network: await readModel(file), origin: file.name }, `model ${file.name}`);
      setFault("");
    } catch (error) {
      told(error);
    }
  };
  const save = async (kind: ModelKind): Promise<void> => {
    try {
      download(await modelFile(digits.network(), kind), `digits.${kind}`);
      setFault("");
    } catch (error) {
      told(error);
    }
  };
  return (
    <Panel title="The network">
      <p class="model-words">
        <strong>{modelName(model().network)}</strong>,{" "}
        {model()
          .network.layers.map(({ activation }) => activation)
          .join(", ")}
        , {model().network.parameterCount.toLocaleString("en-US")} parameters; {model().origin}.
        <Show when={digits.scene().off.length > 0}> Neurons that are switched off are saved as silent.</Show>
      </p>
      <div class="model-save" role="group" aria-label="save the network">
        <span class="model-label">Save as</span>
        <For each={forms}>{({ kind, name }) => <Button label={name} onClick={() => void save(kind)} />}</For>
      </div>
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
        <span class="model-name">Open a model</span>
        <span class="model-words">
          .safetensors or .json of talweg with 784 inputs and 10 outputs, or drop it here; it stays on this
          computer
        </span>
      </label>
      <Show when={fault() !== ""}>
        <p class="digits-fault" role="alert">
          {fault()}
        </p>
      </Show>
      <Show when={model().origin !== SHIPPED}>
        <Button
          label="Back to the network that came with the page"
          onClick={() => {
            shippedNetwork().then(
              (network) => digits.replace({ network, origin: SHIPPED }, "first network"),
              told,
            );
          }}
        />
      </Show>
    </Panel>
  );
}

/** Where the first network came from. */
export const SHIPPED = "it came with the page, trained on MNIST by talweg train";

function download(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the address after the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
