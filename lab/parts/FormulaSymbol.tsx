// A symbol that can be pressed: what it names is selected, here and in the picture of the network.
import type { JSX } from "solid-js";
import { Inline, Sym } from "./math.tsx";
import { useMarks } from "./mathMarks.ts";

export function FormulaSymbol(props: { name: string }): JSX.Element {
  const marks = useMarks();
  return (
    <button
      type="button"
      class="formula-symbol"
      tabindex={-1}
      data-stop=""
      aria-label={`Select ${props.name}`}
      onFocus={() => marks.mark(props.name)}
      onBlur={() => marks.unmark(props.name)}
      onClick={() => marks.press(props.name)}
    >
      <Inline>
        <Sym name={props.name} />
      </Inline>
    </button>
  );
}
