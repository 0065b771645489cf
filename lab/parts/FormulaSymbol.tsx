// A symbol that can be pressed: what it names is selected, here and in the picture of the network.
import { createMemo, type JSX } from "solid-js";
import { Inline, Sym } from "./math.tsx";
import { useMarks } from "./mathMarks.ts";

export function FormulaSymbol(props: { name: string }): JSX.Element {
  const marks = useMarks();
  const name = createMemo(() => props.name);
  return (
    <button
      type="button"
      class="formula-symbol"
      tabindex={-1}
      data-stop=""
      aria-label={`Select ${name()}`}
      onFocus={() => marks.mark(name())}
      onBlur={() => marks.unmark(name())}
      onClick={() => marks.press(name())}
    >
      <Inline>
        <Sym name={name()} />
      </Inline>
    </button>
  );
}
