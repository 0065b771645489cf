/** The numbers of a formula as a table, for taking them out. */
import type { Explanation } from "talweg/explain";
import type { Selected } from "../state/types.ts";
import type { DataRow } from "./Frame.tsx";

export function formulaRows({ layers, loss, parameter }: Explanation, selected: Selected): DataRow[] {
  const rows: DataRow[] = [];
  const add = (name: string, value: number | null): void => void rows.push({ name, value });
  if (selected.kind !== "none" && selected.layer > 0) {
    const { layer, unit } = selected;
    const { terms, bias, z, a, slope } = layers[layer - 1]!.units[unit]!;
    const below = layer === 1 ? "x" : `a${layer - 1}`;
    for (const { from, input, weight, product } of terms) {
      add(`${below}[${from}]`, input);
      add(`W${layer}[${from},${unit}]`, weight);
      add(`${below}[${from}] * W${layer}[${from},${unit}]`, product);
    }
    add(`b${layer}[${unit}]`, bias);
    add(`z${layer}[${unit}]`, z);
    add(`a${layer}[${unit}]`, a);
    add(`da${layer}[${unit}]/dz${layer}[${unit}]`, slope);
  }
  if (parameter !== undefined) {
    add(`dC/d${parameter.name}, by the factors`, parameter.check.factors);
    add(`dC/d${parameter.name}, by the backward pass`, parameter.check.backward);
    add(`dC/d${parameter.name}, by differences`, parameter.check.differences);
  }
  for (const { unit, output, target, term } of loss?.outputs ?? []) {
    add(`output ${unit}`, output);
    add(`target ${unit}`, target);
    add(`loss of output ${unit}`, term);
  }
  if (loss !== undefined) add("loss of the example", loss.value);
  return rows;
}
