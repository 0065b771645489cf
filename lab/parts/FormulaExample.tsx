// Which example the formulas are about: one row of the data, what is wanted of it, what comes out and how far off that is.
import { type JSX, Show } from "solid-js";
import type { Explanation } from "talweg/explain";
import { Button } from "../panels/controls.tsx";
import { NumberField } from "../panels/NumberField.tsx";
import type { Lab } from "../state/types.ts";
import { mathNumber } from "./mathNumber.ts";
import { inputName, outputName } from "./parameterPlace.ts";

/** Numbers of a row that are written out. */
const SHOWN = 4;

export interface ExampleProps {
  readonly lab: Lab;
  readonly explanation: Explanation | undefined;
  readonly digits: number;
}

export function FormulaExample(props: ExampleProps): JSX.Element {
  const rows = (): number => props.lab.dataset().rows;
  const at = (): number => Math.min(props.lab.example(), rows() - 1);
  const show = (row: number): void => props.lab.showExample((row + rows()) % rows());
  return (
    <div class="formula-example">
      <div class="formula-example-choice">
        <Button label="The example before" icon="back" onClick={() => show(at() - 1)} />
        <NumberField
          label="example"
          value={at() + 1}
          min={1}
          max={rows()}
          step={1}
          whole
          unit={`of ${rows()}`}
          onChange={(value) => show(value - 1)}
        />
        <Button label="The next example" icon="on" onClick={() => show(at() + 1)} />
      </div>
      <Show when={props.explanation}>
        {(explanation) => <Facts {...props} explanation={explanation()} />}
      </Show>
    </div>
  );
}

function Facts(props: ExampleProps & { explanation: Explanation }): JSX.Element {
  const text = (values: readonly number[]): string =>
    values
      .slice(0, SHOWN)
      .map((value) => mathNumber(value, props.digits))
      .join(", ") + (values.length > SHOWN ? ", …" : "");
  const data = () => props.lab.data();
  const { lab } = props;
  const inputs = (): string => {
    const { input } = props.explanation;
    const named = input.slice(0, SHOWN).map((_, i) => inputName(data(), i, input.length));
    return named.join(", ") + (input.length > SHOWN ? ", …" : "");
  };
  const wanted = (): string => {
    const targets = props.explanation.loss?.outputs.map(({ target }) => target) ?? [];
    const { classes } = lab.dataset();
    if (classes === undefined) return text(targets);
    const place = targets.length === 1 ? targets[0]! : targets.indexOf(1);
    const name = classes[place];
    if (name === undefined) return text(targets);
    return targets.length === 1 && name !== String(place) ? `${name} (${place})` : name;
  };
  return (
    <dl class="formula-facts">
      <Fact name={inputs()} value={text(props.explanation.input)} />
      <Fact
        name={outputName(undefined, 0, 1)}
        value={text(props.explanation.outputs.map(({ output }) => output))}
      />
      <Fact name="wanted" value={wanted()} />
      <Fact name="loss" value={text([props.explanation.loss?.value ?? Number.NaN])} />
    </dl>
  );
}

function Fact(props: { name: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}
