// The trials of a line search as a table; a row can be picked, and the picture and the formula show it.
import { Index, type JSX, Show } from "solid-js";
import type { LineSearchExplanation } from "talweg";
import { numberText } from "../panels/numberText.ts";

interface TrialsProps {
  readonly search: LineSearchExplanation;
  readonly chosen: number;
  readonly onChoose: (trial: number) => void;
}

export function LineSearchTrials(props: TrialsProps): JSX.Element {
  return (
    <>
      <table class="search-trials">
        <thead>
          <tr>
            <th scope="col">trial</th>
            <th scope="col">step size t</th>
            <th scope="col">loss φ(t)</th>
            <th scope="col">allowed</th>
            <th scope="col">verdict</th>
          </tr>
        </thead>
        <tbody>
          <Index each={props.search.trials}>
            {(trial, i) => (
              <tr class="search-trial" classList={{ "is-chosen": props.chosen === i }}>
                <th scope="row">
                  <button
                    type="button"
                    class="search-choose"
                    aria-pressed={props.chosen === i}
                    aria-label={`trial ${i + 1}`}
                    onClick={() => props.onChoose(i)}
                  >
                    {i + 1}
                  </button>
                </th>
                <td>{numberText(trial().stepSize, 4)}</td>
                <td>{trial().value === null ? "not finite" : numberText(trial().value, 4)}</td>
                <td>{numberText(trial().bound, 4)}</td>
                <td class={trial().accepted ? "search-yes" : "search-no"}>
                  {trial().accepted ? "accepted" : "too high"}
                </td>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
      <Show when={!props.search.accepted}>
        <p class="search-none">No step was found: {props.search.reason}.</p>
      </Show>
    </>
  );
}
