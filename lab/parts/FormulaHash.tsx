// What the hash is a hash of: the parameters one after the other, each as the four bytes of its float32.
import { createMemo, Index, type JSX } from "solid-js";
import { parameterName, parametersSha256 } from "talweg";
import type { Lab } from "../state/types.ts";
import { FormulaSymbol } from "./FormulaSymbol.tsx";
import { atReadingSpeed } from "./formulaData.ts";
import { mathNumber } from "./mathNumber.ts";

/** Parameters whose bytes are shown. */
const FIRST = 4;

export function FormulaHash(props: { lab: Lab; digits: number }): JSX.Element {
  const looked = atReadingSpeed(props.lab);
  const whole = createMemo(() => {
    looked();
    return parametersSha256(props.lab.network());
  });
  const first = createMemo(() => {
    looked();
    const n = props.lab.network();
    const values = props.lab.parameters().subarray(0, FIRST);
    return Array.from(values, (value, i) => ({ name: parameterName(n, i), value, bytes: bytesOf(value) }));
  });
  const more = (): number => props.lab.network().parameterCount - first().length;
  return (
    <>
      <section class="formula-part" aria-label="what goes into the hash">
        <table class="formula-bytes">
          <thead>
            <tr>
              <th scope="col">parameter</th>
              <th scope="col">number</th>
              <th scope="col">its four bytes</th>
            </tr>
          </thead>
          <tbody>
            <Index each={first()}>
              {(one) => (
                <tr>
                  <th scope="row">
                    <FormulaSymbol name={one().name} />
                  </th>
                  <td>{mathNumber(one().value, props.digits)}</td>
                  <td>
                    <code>{one().bytes}</code>
                  </td>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
        <p class="formula-words">
          {more() > 0 ? `… and ${more()} more, ` : ""}layer by layer: W1, b1, W2, b2, …, as float32 with the
          lowest byte first.
        </p>
      </section>
      <section class="formula-part" aria-label="the whole hash">
        <p class="formula-words">SHA-256 of these bytes:</p>
        <p class="formula-hash">
          <code data-number="hash">
            <strong>{whole().slice(0, 8)}</strong>
            {whole().slice(8)}
          </code>
        </p>
        <p class="formula-words">
          The command says the same word for the same bits, as parametersSha256. Data, trainer and step are
          not in it; the link has them.
        </p>
      </section>
    </>
  );
}

/** "cd cc 4c 3e" */
function bytesOf(value: number): string {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value, true);
  return Array.from({ length: 4 }, (_, i) => view.getUint8(i).toString(16).padStart(2, "0")).join(" ");
}
