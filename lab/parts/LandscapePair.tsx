// The two parameters of the landscape: chosen by the page, or by name.
import type { JSX } from "solid-js";
import { parameterName } from "talweg";
import { Choice } from "../panels/controls.tsx";
import type { Lab } from "../state/types.ts";
import type { Wish } from "./landscapeQuestion.ts";

/** Names in a list at most; the selection reaches the others. */
const LISTED = 400;
const AUTO = "auto";

interface PairProps {
  readonly lab: Lab;
  readonly pair: readonly [number, number];
  readonly wish: Wish;
  readonly onWish: (wish: Wish) => void;
}

export function LandscapePair(props: PairProps): JSX.Element {
  const options = (axis: 0 | 1): { value: string; label: string }[] => {
    const n = props.lab.network();
    const count = Math.min(LISTED, n.parameterCount);
    const none = props.lab.selected().kind === "none";
    const auto = axis === 0 ? (none ? "steepest" : "selected") : none ? "next steepest" : "steepest";
    return [
      { value: AUTO, label: `${auto}: ${parameterName(n, props.pair[axis])}` },
      ...Array.from({ length: count }, (_, i) => ({ value: String(i), label: parameterName(n, i) })),
    ];
  };
  const value = (axis: 0 | 1): string => {
    const wish = props.wish[axis];
    return wish === null || wish >= props.lab.network().parameterCount ? AUTO : String(wish);
  };
  const choose = (axis: 0 | 1, to: string): void => {
    const wish: [number | null, number | null] = [...props.wish];
    wish[axis] = to === AUTO ? null : Number(to);
    props.onWish(wish);
  };
  return (
    <div class="landscape-pair">
      <Choice
        label="across"
        segmented={false}
        value={value(0)}
        options={options(0)}
        onChange={(to) => choose(0, to)}
      />
      <Choice
        label="up"
        segmented={false}
        value={value(1)}
        options={options(1)}
        onChange={(to) => choose(1, to)}
      />
    </div>
  );
}
