/** A number on the page opens the calculation behind it. */
import type { Lab, Selected } from "../state/types.ts";

/** @param selected What the number belongs to; by default the loss. */
export function showCalculation(lab: Lab, selected: Selected = { kind: "none" }): void {
  lab.select(selected);
  const formula = document.querySelector<HTMLElement>(".formula");
  formula?.scrollIntoView({ block: "nearest" });
  formula?.querySelector<HTMLElement>(".formula-sentence")?.focus({ preventScroll: true });
}
