// Drawing: the field, its tools, and pictures of MNIST to begin with.
import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { Button, Choice } from "../panels/controls.tsx";
import { Frame } from "../parts/Frame.tsx";
import type { Digits } from "./createDigits.ts";
import { DrawPad } from "./DrawPad.tsx";
import type { Picture } from "./digitsState.ts";
import { svgFigure } from "./figureSvg.ts";
import { type Ink, noInk, SIDE, shifted, type Tool, thickened } from "./raster.ts";

export function Drawing(props: { digits: Digits }): JSX.Element {
  const id = createUniqueId();
  const { digits } = props;
  const [tool, setTool] = createSignal<Tool>("pen");
  const picture = (): Picture => digits.scene().picture;
  const redraw = (label: string, edit: (ink: Ink) => Ink): void =>
    digits.draw(label, (old) => ({ ...old, taken: null, ink: edit(old.ink) }));
  const arrows = [
    ["left", "←", -1, 0],
    ["right", "→", 1, 0],
    ["up", "↑", 0, -1],
    ["down", "↓", 0, 1],
  ] as const;
  return (
    <Frame title="Drawing" class="drawing" describe={() => describe(digits)} svg={() => exported(picture())}>
      <DrawPad digits={digits} tool={tool()} describedBy={id} />
      <p class="unseen" id={id}>
        {describe(digits)}
      </p>
      <div class="drawing-tools">
        <Choice
          label="tool"
          bare
          value={tool()}
          options={[
            { value: "pen", label: "draw" },
            { value: "rubber", label: "erase" },
          ]}
          onChange={setTool}
        />
        <Button
          label="Clear"
          onClick={() => digits.draw("clear", (old) => ({ ...old, ink: noInk(), taken: null, target: null }))}
        />
      </div>
      <div class="drawing-tools">
        <span class="drawing-group" role="group" aria-label="line">
          <Button label="thicker" onClick={() => redraw("thicker", (ink) => thickened(ink, 1))} />
          <Button label="thinner" onClick={() => redraw("thinner", (ink) => thickened(ink, -1))} />
        </span>
        <span class="drawing-group" role="group" aria-label="shift">
          {arrows.map(([name, sign, right, down]) => (
            <button
              type="button"
              class="button button-icon"
              aria-label={`shift ${name} by one pixel`}
              title={`shift ${name} by one pixel`}
              onClick={() => redraw(`shift ${name}`, (ink) => shifted(ink, right, down))}
            >
              {sign}
            </button>
          ))}
        </span>
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={picture().centered}
          onChange={(event) => {
            const centered = event.currentTarget.checked;
            digits.draw("scaling", (old) => ({ ...old, centered, taken: centered ? old.taken : null }));
          }}
        />
        <span>scale and center as MNIST was</span>
      </label>
      <div class="drawing-tools">
        <Button
          label="A test image"
          onClick={async () => {
            const all = await digits.wantTests();
            // Which one has no meaning: the reader asks for any.
            if (all !== undefined) digits.take(Math.floor(Math.random() * all.data.rows));
          }}
        />
        <Show when={picture().target !== null}>
          <span class="drawing-target">
            {picture().taken === null ? "meant as a " : `number ${picture().taken?.number}, a `}
            <strong>{picture().target}</strong>
          </span>
        </Show>
      </div>
    </Frame>
  );
}

function describe(digits: Digits): string {
  const { picture } = digits.scene();
  if (digits.isBlank()) return "The field is empty.";
  const { answer, activations } = digits.reading();
  const sure = Math.round(100 * (activations.at(-1)?.[answer] ?? 0));
  const target = picture.target === null ? "" : ` It should be ${picture.target}.`;
  return `The network reads ${answer}, ${sure} percent.${target}`;
}

function exported({ ink }: Picture): SVGSVGElement {
  const { svg, picture } = svgFigure(280, 280);
  picture({ values: ink, width: SIDE, height: SIDE, look: "ink", full: 255 }, 0, 0, 280);
  return svg;
}
