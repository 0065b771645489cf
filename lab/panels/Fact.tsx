// A number with its name; where there is more to say of it, it opens its calculation.
import "./Fact.css";
import { createUniqueId, type JSX, Show } from "solid-js";

export interface FactProps {
  name: string;
  value: string;
  of?: string;
  /** Room for so many digits. */
  width: number;
  strong?: boolean;
  /** Opens the calculation of the number. */
  onShow?: () => void;
}

export function Fact(props: FactProps): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="fact" classList={{ "fact-strong": props.strong === true }}>
      <dt id={`${id}-name`}>{props.name}</dt>
      <dd style={{ "min-width": `${props.width}ch` }}>
        <Show when={props.onShow} fallback={props.value}>
          {(show) => (
            <button
              type="button"
              class="fact-show"
              id={id}
              aria-labelledby={`${id}-name ${id}`}
              title="Show the calculation"
              onClick={() => show()()}
            >
              {props.value}
            </button>
          )}
        </Show>
        <Show when={props.of}>
          <span class="fact-of"> / {props.of}</span>
        </Show>
      </dd>
    </div>
  );
}
