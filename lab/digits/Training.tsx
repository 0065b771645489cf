// Training in the page: on all of MNIST where the server has it, else on the part that came with the page.
import { createSignal, For, type JSX, Show } from "solid-js";
import { Button, Choice } from "../panels/controls.tsx";
import { Chart } from "../parts/Chart.tsx";
import type { Mark } from "../parts/chartTypes.ts";
import { Frame } from "../parts/Frame.tsx";
import type { Digits } from "./createDigits.ts";
import { type DigitsTraining, GOAL, progressText, type TrainingNews } from "./training.ts";

type Width = "32" | "64" | "128";

/** With so many passes the default method reads 97 % on all of MNIST; the small part needs more. */
const EPOCHS = { full: 5, shipped: 30 } as const;

export function Training(props: { digits: Digits; training: DigitsTraining }): JSX.Element {
  let svg: SVGSVGElement | undefined;
  const { digits, training } = props;
  const { news } = training;
  const [hidden, setHidden] = createSignal<Width>("64");
  const [seed, setSeed] = createSignal(0);
  const start = (): void => {
    const extent = digits.hasFull() ? "full" : "shipped";
    void training.start({ extent, hidden: Number(hidden()), epochs: EPOCHS[extent], seed: seed() });
    setSeed(seed() + 1);
  };
  return (
    <Frame
      title="Train one here"
      class="training"
      describe={() => progressText(news())}
      svg={news().losses.length > 0 ? () => svg : undefined}
      data={() => [
        ...news().losses.map(({ step, loss }) => ({ step, loss, testAccuracy: null })),
        ...news().epochs.map(({ step, accuracy }) => ({ step, loss: null, testAccuracy: accuracy })),
      ]}
    >
      <p class="training-words">
        <Show
          when={digits.hasFull()}
          fallback="This page has 2,000 of MNIST's 60,000 training images, enough for about 90 %; talweg lab serves all of them."
        >
          All 60,000 training images of MNIST are here: with 64 hidden neurons enough for 97 % in seconds.
        </Show>{" "}
        The network starts anew and learns by auto in batches of 64; the figures above show it as it learns.
      </p>
      <Choice
        label="hidden neurons"
        value={hidden()}
        options={[
          { value: "32", label: "32" },
          { value: "64", label: "64" },
          { value: "128", label: "128" },
        ]}
        onChange={setHidden}
      />
      <div class="training-run">
        <Show when={training.isBusy()} fallback={<Button kind="main" label="Train" onClick={start} />}>
          <Button label="Stop" onClick={training.stop} />
        </Show>
        <p class="training-words" role="status">
          {progressText(news())}
        </p>
      </div>
      <Show when={news().losses.length > 0}>
        <Chart
          ref={(node) => {
            svg = node;
          }}
          height={180}
          x={{ label: "step", domain: [0, news().steps] }}
          y={{ label: "loss", scale: "log", domain: lossDomain(news()) }}
          marks={marksOf(news())}
          legend={false}
        />
        <ol class="training-epochs" aria-label="test accuracy after each epoch">
          <For each={news().epochs}>
            {({ epoch, accuracy, seconds }) => (
              <li classList={{ "is-reached": accuracy >= GOAL }}>
                <span>epoch {epoch}</span>
                <span>{seconds.toFixed(1)} s</span>
                <strong>{(100 * accuracy).toFixed(2)} %</strong>
              </li>
            )}
          </For>
        </ol>
      </Show>
    </Frame>
  );
}

const marksOf = ({ losses }: TrainingNews): Mark[] => [
  {
    type: "line",
    x: losses.map(({ step }) => step),
    y: losses.map(({ loss }) => loss),
    color: "var(--accent)",
    width: 2,
  },
];

function lossDomain({ losses }: TrainingNews): [number, number] {
  const all = losses.map(({ loss }) => loss).filter((loss) => loss > 0);
  return [Math.min(0.1, ...all), Math.max(1, ...all)];
}
