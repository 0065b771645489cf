// How the network is trained: the method, its numbers, the loss and the seed.
import { createMemo, type JSX, Show } from "solid-js";
import { type Loss, lossNames } from "talweg";
import { limits, methodsWithRate } from "../state/setting.ts";
import type { Lab, Method } from "../state/types.ts";
import { Button, Choice, Panel } from "./controls.tsx";
import { editSetting, editTrainer } from "./edit.ts";
import { NumberField } from "./NumberField.tsx";
import { methodTitles, titleOf } from "./names.ts";

const methods = (Object.keys(methodTitles) as Method[]).map((value) => ({
  value,
  label: methodTitles[value],
}));

export function TrainerPanel(props: { lab: Lab }): JSX.Element {
  // The setting is another with each step, its parts are not.
  const trainer = createMemo(() => props.lab.setting().trainer);
  const losses = () => [
    { value: "", label: `auto: ${titleOf(props.lab.loss())}` },
    ...lossNames.map((value) => ({ value, label: titleOf(value) })),
  ];
  return (
    <Panel title="Training">
      <Choice
        label="method"
        value={trainer().method}
        options={methods}
        onChange={(method) => editTrainer(props.lab, "method", { method })}
      />
      <Show when={methodsWithRate.includes(trainer().method)}>
        <NumberField
          label="learning rate"
          value={trainer().learningRate}
          min={limits.learningRate[0]}
          max={limits.learningRate[1]}
          step={1e-4}
          scale="log"
          onChange={(learningRate, merge) => editTrainer(props.lab, "learning rate", { learningRate }, merge)}
        />
      </Show>
      <Batch lab={props.lab} />
      <NumberField
        label="epochs"
        value={trainer().epochs}
        min={limits.epochs[0]}
        max={limits.epochs[1]}
        step={10}
        whole
        onChange={(epochs, merge) => editTrainer(props.lab, "epochs", { epochs }, merge)}
      />
      <NumberField
        label="penalty on weights"
        value={trainer().penalty}
        min={limits.penalty[0]}
        max={limits.penalty[1]}
        step={1e-5}
        scale="log"
        onChange={(penalty, merge) => editTrainer(props.lab, "penalty", { penalty }, merge)}
      />
      <Choice
        label="loss"
        value={props.lab.setting().loss ?? ""}
        options={losses()}
        onChange={(loss) => editSetting(props.lab, "loss", { loss: loss === "" ? null : (loss as Loss) })}
      />
      <Seed lab={props.lab} />
    </Panel>
  );
}

const BATCH = 32;

/** All examples in each step, or so many. */
function Batch(props: { lab: Lab }): JSX.Element {
  const size = createMemo(() => props.lab.setting().trainer.batchSize);
  const edit = (batchSize: number | "full", merge?: string): void =>
    editTrainer(props.lab, "batch size", { batchSize }, merge);
  return (
    <Show
      when={props.lab.setting().trainer.method !== "lbfgs"}
      fallback={<p class="panel-words">L-BFGS sees all examples in each step.</p>}
    >
      <Choice
        label="examples a step"
        value={size() === "full" ? "full" : "some"}
        options={[
          { value: "full", label: "all" },
          { value: "some", label: "a batch" },
        ]}
        onChange={(kind) => edit(kind === "full" ? "full" : Math.min(BATCH, props.lab.dataset().rows))}
      />
      <Show when={size() !== "full"}>
        <NumberField
          label="batch size"
          value={size() as number}
          min={limits.batchSize[0]}
          max={limits.batchSize[1]}
          step={1}
          whole
          onChange={edit}
        />
      </Show>
    </Show>
  );
}

function Seed(props: { lab: Lab }): JSX.Element {
  return (
    <div class="panel-pair">
      <NumberField
        label="seed"
        value={props.lab.setting().seed}
        min={limits.seed[0]}
        max={limits.seed[1]}
        step={1}
        whole
        onChange={(seed, merge) => editSetting(props.lab, "seed", { seed }, merge)}
      />
      <Button
        label="Next seed: other data, other first weights"
        icon="dice"
        onClick={() => editSetting(props.lab, "seed", { seed: props.lab.setting().seed + 1 })}
      />
    </div>
  );
}
