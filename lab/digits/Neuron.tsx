// One neuron: what it looks for, what it does on this picture, whom it speaks for, and what happens without it.
import { createMemo, For, type JSX, Show } from "solid-js";
import { numberText } from "../panels/numberText.ts";
import type { Digits } from "./createDigits.ts";
import { classes } from "./images.ts";
import { Pixels } from "./Pixels.tsx";
import { PIXEL } from "./raster.ts";
import { sameNeuron } from "./reading.ts";
import { largestSize, outgoing, weightImage } from "./weights.ts";

export function Neuron(props: { digits: Digits }): JSX.Element {
  const { digits } = props;
  const { base } = digits;
  const at = digits.selected;
  const isOff = (): boolean => digits.off().some((other) => sameNeuron(other, at()));
  const image = createMemo(() => (at().layer === 1 ? weightImage(base(), at().unit) : undefined));
  const activation = (): number => digits.reading().activations[at().layer - 1]?.[at().unit] ?? 0;
  /** The weights to the outputs, where the outputs come next. */
  const speaks = createMemo(() => (at().layer === base().layers.length - 1 ? outgoing(base(), at()) : []));
  const means = createMemo((): number[] | undefined =>
    digits.known()?.means[at().layer - 1]?.map((ofClass) => ofClass[at().unit] ?? 0),
  );
  const isHidden = (): boolean => at().layer < base().layers.length;
  return (
    <div class="neuron">
      <h2>
        Neuron {at().unit} of layer {at().layer}
      </h2>
      <Show when={image()}>
        {(values) => (
          <div class="neuron-image">
            <Pixels
              values={values()}
              full={largestSize(values())}
              width={PIXEL}
              height={PIXEL}
              look="signed"
            />
          </div>
        )}
      </Show>
      <p class="neuron-words">
        On this picture: <strong>{numberText(activation(), 3)}</strong>
        {isOff() ? ", and nobody hears it" : ""}
      </p>
      <Show when={isHidden()}>
        <label class="check">
          <input type="checkbox" checked={!isOff()} onChange={() => digits.toggle(at())} />
          <span>it takes part</span>
        </label>
        <Accuracy digits={digits} />
      </Show>
      <Show when={speaks().length > 0}>
        <Bars title="it speaks for" values={speaks()} signed />
      </Show>
      <Show when={means()}>{(values) => <Bars title="mean activation by digit" values={values()} />}</Show>
    </div>
  );
}

/** With what is switched off, and before. */
function Accuracy(props: { digits: Digits }): JSX.Element {
  const { digits } = props;
  const off = (): number => digits.off().length;
  const text = (share: number | undefined): string => (share === undefined ? "…" : percentText(share));
  return (
    <Show when={digits.tests()}>
      <p class="neuron-words" classList={{ "is-stale": digits.stale() }} aria-live="polite">
        Test accuracy{" "}
        <Show when={off() > 0} fallback={<strong>{text(digits.tested()?.accuracy)}</strong>}>
          without {off() === 1 ? "one neuron" : `${off()} neurons`}{" "}
          <strong>{digits.stale() ? "…" : text(digits.tested()?.accuracy)}</strong>, before{" "}
          {text(digits.testedWhole()?.accuracy)}
        </Show>
      </p>
    </Show>
  );
}

/** Two digits after the point, since a neuron is worth as little as that. */
export const percentText = (share: number): string => `${(100 * share).toFixed(2)} %`;

function Bars(props: { title: string; values: readonly number[]; signed?: boolean }): JSX.Element {
  const full = (): number => largestSize(props.values) || 1;
  return (
    <div class="bars">
      <p class="bars-title">{props.title}</p>
      <ul class="bars-list" classList={{ "bars-signed": props.signed === true }}>
        <For each={classes}>
          {(name, i) => (
            <li class="bars-item" title={`${name}: ${numberText(props.values[i()], 3)}`}>
              <span class="bars-track">
                <span
                  class="bars-bar"
                  classList={{ "is-below": (props.values[i()] ?? 0) < 0 }}
                  style={{
                    height: `${((props.signed ? 50 : 100) * Math.abs(props.values[i()] ?? 0)) / full()}%`,
                  }}
                />
              </span>
              <span class="bars-name" aria-hidden="true">
                {name}
              </span>
              <span class="unseen">
                {name}: {numberText(props.values[i()], 3)}
              </span>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}
