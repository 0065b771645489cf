/** What the gradient's norms were at the last steps that were shown. */
import { type Accessor, createMemo, on } from "solid-js";
import type { Lab } from "../state/types.ts";

export interface NormsAt {
  readonly step: number;
  /** One a layer, the first layer first. */
  readonly norms: readonly number[];
}

/** Frames that are kept. */
const MOST = 80;

/** Follows a run; a step back forgets what came after it, another run all. */
export function normsHistory(lab: Lab): Accessor<readonly NormsAt[]> {
  let run: number | undefined;
  return createMemo(
    on(lab.measures, ({ gradientNorms: norms }, _, history: readonly NormsAt[] = []) => {
      const { step } = lab.progress();
      const id = lab.runs().at(-1)?.id;
      const goesOn = id === run && history[0]?.norms.length === norms.length;
      run = id;
      return [...(goesOn ? history.filter((one) => one.step < step) : []), { step, norms }].slice(-MOST);
    }),
  );
}

/** What the norms say about the depth of the network, from the data alone. */
interface NormsVerdict {
  readonly kind: "still" | "vanishing" | "exploding" | "even";
  /** Largest norm by smallest; Infinity where one is 0. */
  readonly ratio: number;
  readonly least: number;
  readonly most: number;
}

/** From here on layers are said to learn at different speeds. */
const APART = 1000;
/** Less than this moves nothing. */
const NOTHING = 1e-7;

export function verdictOf(norms: readonly number[]): NormsVerdict {
  const least = norms.indexOf(Math.min(...norms));
  const most = norms.indexOf(Math.max(...norms));
  const ratio = norms[least]! > 0 ? norms[most]! / norms[least]! : Number.POSITIVE_INFINITY;
  const some = { ratio, least, most };
  if (!(norms[most]! > NOTHING)) return { kind: "still", ...some };
  if (norms.length < 2 || ratio < APART) return { kind: "even", ...some };
  return { kind: least < most ? "vanishing" : "exploding", ...some };
}
