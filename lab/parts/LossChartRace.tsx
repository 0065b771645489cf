// Who takes part in a race, and how it stands.
import { createSignal, For, type JSX, Show } from "solid-js";
import { Button } from "../panels/controls.tsx";
import { methodTitles } from "../panels/names.ts";
import { numberText } from "../panels/numberText.ts";
import type { Lab, Method } from "../state/types.ts";
import type { LossLine } from "./lossChartMarks.ts";
import type { Race } from "./lossChartRace.ts";

const methods = Object.keys(methodTitles) as Method[];
const first: readonly Method[] = ["perturb", "gradientDescent", "armijo", "adam"];

export function LossChartRace(props: {
  lab: Lab;
  onStart: (methods: readonly Method[]) => void;
}): JSX.Element {
  const [chosen, setChosen] = createSignal<readonly Method[]>(first);
  const toggle = (method: Method): void => {
    setChosen((now) => methods.filter((one) => now.includes(one) !== (one === method)));
  };
  const budget = (): number => props.lab.setting().trainer.epochs * props.lab.dataset().rows;
  return (
    <fieldset class="loss-race">
      <legend class="unseen">Who takes part in the race</legend>
      <div class="loss-contestants">
        <For each={methods}>
          {(method) => (
            <label class="loss-contestant">
              <input type="checkbox" checked={chosen().includes(method)} onChange={() => toggle(method)} />
              <span>{methodTitles[method]}</span>
            </label>
          )}
        </For>
      </div>
      <div class="loss-race-foot">
        <p class="loss-words">
          Which one wins? Each may go over {numberText(budget())} examples,{" "}
          {props.lab.setting().trainer.epochs} times all of them.
        </p>
        <Button
          kind="main"
          label="Start the race"
          disabled={chosen().length === 0}
          onClick={() => props.onStart(chosen())}
        />
      </div>
    </fieldset>
  );
}

/** The contestants, the best first. */
export function RaceResults(props: { race: Race }): JSX.Element {
  const ranked = (): LossLine[] => [...props.race.lines()].sort((a, b) => lastLoss(a) - lastLoss(b));
  return (
    <div class="loss-runs">
      <ol class="loss-list">
        <For each={ranked()}>
          {(line) => (
            <li class="loss-run">
              <span class="loss-swatch" style={{ background: line.color }} />
              <span class="loss-name">{line.label}</span>
              <span class="loss-cost">{numberText(line.trace.steps.at(-1) ?? 0)} steps</span>
              <span class="loss-value">{numberText(lastLoss(line), 4)}</span>
            </li>
          )}
        </For>
      </ol>
      <Show when={props.race.running()}>
        <p class="loss-words">Running …</p>
      </Show>
      <Show when={props.race.fault() !== ""}>
        <p class="loss-fault" role="alert">
          {props.race.fault()}
        </p>
      </Show>
    </div>
  );
}

/** A loss that is not a number stands behind all others. */
function lastLoss({ trace }: LossLine): number {
  const loss = trace.losses.at(-1) ?? Number.POSITIVE_INFINITY;
  return Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss;
}
