// The ten outputs as bars with their numbers, the answer first to the eye, and the target where it is known.
import { createMemo, For, type JSX, Show } from "solid-js";
import { steadyNumber } from "../parts/chartScale.ts";
import { Frame } from "../parts/Frame.tsx";
import type { Digits } from "./createDigits.ts";
import { svgFigure, themeColor } from "./figureSvg.ts";
import { classes } from "./images.ts";

export function Outputs(props: { digits: Digits }): JSX.Element {
  const { digits } = props;
  const values = createMemo(() => digits.reading().activations.at(-1) ?? []);
  /** Outputs that are no shares, of a linear last layer, are drawn by the largest of them. */
  const full = createMemo(() => values().reduce((most, value) => Math.max(most, Math.abs(value)), 1));
  const target = (): number | null => digits.scene().picture.target;
  return (
    <Frame
      title="Ten outputs"
      class="outputs"
      describe={() => sentence(digits, values())}
      svg={() => exported(values(), full(), digits.reading().answer)}
      data={() =>
        values().map((output, digit) => ({
          digit,
          output,
          logit: digits.reading().logits[digit] ?? null,
          target: target() === null ? null : Number(digit === target()),
        }))
      }
      note={
        <Show when={target() !== null} fallback="Press a digit to see which pixels speak for it.">
          It should be <strong>{target()}</strong>: the target is 1 for that output, the{" "}
          {ordinal((target() ?? 0) + 1)}, and 0 for the others.
        </Show>
      }
    >
      <ol class="output-list">
        <For each={classes}>
          {(name, digit) => (
            <li>
              <button
                type="button"
                class="output"
                classList={{ "is-answer": !digits.isBlank() && digits.reading().answer === digit() }}
                aria-pressed={digits.about() === digit()}
                onClick={() => digits.choose(digit())}
              >
                <span class="output-name">{name}</span>
                <span class="output-track">
                  <span
                    class="output-bar"
                    classList={{ "is-negative": (values()[digit()] ?? 0) < 0 }}
                    style={{ width: `${(100 * Math.abs(values()[digit()] ?? 0)) / full()}%` }}
                  />
                  <Show when={target() === digit()}>
                    <span class="output-target" title="the target">
                      <span class="unseen">the target</span>
                    </span>
                  </Show>
                </span>
                <span class="output-number">{steadyNumber(values()[digit()] ?? 0, 4)}</span>
              </button>
            </li>
          )}
        </For>
      </ol>
    </Frame>
  );
}

const ordinals = [
  "first",
  "second",
  "third",
  "fourth",
  "fifth",
  "sixth",
  "seventh",
  "eighth",
  "ninth",
  "tenth",
];
const ordinal = (n: number): string => ordinals[n - 1] ?? `${n}th`;

function sentence(digits: Digits, values: readonly number[]): string {
  if (digits.isBlank()) return "Nothing is drawn; the outputs are those of an empty picture.";
  const { answer } = digits.reading();
  const second = values.reduce(
    (best, value, i) => (i !== answer && (best < 0 || value > values[best]!) ? i : best),
    -1,
  );
  return `The answer is ${answer} with ${values[answer]?.toFixed(3)}; next comes ${second} with ${values[second]?.toFixed(3)}.`;
}

function exported(values: readonly number[], full: number, answer: number): SVGSVGElement {
  const { svg, rect, text } = svgFigure(320, 270);
  for (const [digit, value] of values.entries()) {
    const y = 27 * digit;
    text(String(digit), 0, y + 17, { "font-size": 14 });
    rect(20, y + 4, 230, 18, themeColor("--surface"));
    rect(
      20,
      y + 4,
      (230 * Math.abs(value)) / full,
      18,
      themeColor(digit === answer ? "--accent" : "--line-strong"),
    );
    text(steadyNumber(value, 4), 320, y + 17, { "text-anchor": "end" });
  }
  return svg;
}
