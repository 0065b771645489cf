// The example that the formulas are about: one row of the data, what is wanted of it, and what comes out.
import "./ExamplePanel.css";
import { createMemo, type JSX } from "solid-js";
import { predictDataset, selectRows } from "talweg";
import type { Lab } from "../state/types.ts";
import { Button, Panel } from "./controls.tsx";
import { numberText, steadyText } from "./numberText.ts";

export function ExamplePanel(props: { lab: Lab }): JSX.Element {
  const rows = () => props.lab.dataset().rows;
  const at = () => Math.min(props.lab.example(), rows() - 1);
  const show = (row: number): void => props.lab.showExample((row + rows()) % rows());
  const one = createMemo(() => selectRows(props.lab.dataset(), [at()]));
  const inputs = (): string => {
    const { x, scale = 1 } = one();
    const shown = Array.from(x.subarray(0, 4), (value) => numberText(value * scale, 3));
    return shown.join(", ") + (x.length > 4 ? ", …" : "");
  };
  const wanted = (): string => {
    const { y, outputs, classes } = one();
    if (y instanceof Uint8Array) return classes?.[y[0] ?? 0] ?? String(y[0]);
    const value = y[0] ?? 0;
    return outputs === 1 && classes?.length === 2 ? `${classes[value]} (${value})` : numberText(value, 4);
  };
  const given = createMemo(() => {
    props.lab.parameters();
    return Array.from(predictDataset(props.lab.network(), one()), (value) => steadyText(value, 4));
  });
  return (
    <Panel
      title="One example"
      aside={
        <span class="example-steps">
          <Button label="The example before" icon="back" onClick={() => show(at() - 1)} />
          <span class="example-place">
            {at() + 1} / {rows()}
          </span>
          <Button label="The next example" icon="on" onClick={() => show(at() + 1)} />
        </span>
      }
    >
      <dl class="example">
        <div>
          <dt>inputs</dt>
          <dd>{inputs()}</dd>
        </div>
        <div>
          <dt>target</dt>
          <dd>{wanted()}</dd>
        </div>
        <div>
          <dt>prediction</dt>
          <dd>{given().slice(0, 3).join(", ") + (given().length > 3 ? ", …" : "")}</dd>
        </div>
      </dl>
    </Panel>
  );
}
