/** What all neurons say at the places where their pictures are drawn: one forward pass a frame, for whoever needs it. */
import { type Accessor, createMemo } from "solid-js";
import type { Lab } from "../state/types.ts";
import { type Probes, probesOf } from "./NeuronPictures.ts";
import { mapDomain, sampledDomain } from "./plotDomain.ts";

/** Parameters above which maps get fewer cells, so that a drag stays within its frame. */
const MANY = 300;

/** Where neurons are asked; made anew with other data only, or when the network grows much. */
export function createProbes(lab: Lab): Accessor<Probes> {
  const many = createMemo(() => lab.network().parameterCount > MANY);
  // The setting is another with each frame, its data are not.
  const given = lab.data;
  return createMemo(() => {
    const data = lab.dataset();
    const domain = data.inputs === 2 ? mapDomain(given(), data) : sampledDomain(given(), data);
    return probesOf(data, domain, many());
  });
}

/**
 * Activations by column, the inputs first, at the probes and at the example: each [probes + 1, units]. Empty in between.
 *
 * @param hidden Whether the hidden layers are wanted at the probes too, not only at the example.
 */
export function activationsAt(lab: Lab, probes: Probes, hidden: boolean): readonly ArrayLike<number>[] {
  lab.parameters();
  const n = lab.network();
  const { x, inputs } = lab.dataset();
  if (inputs !== n.inputs || probes.x.length !== (probes.count + 1) * inputs) return [];
  const row = lab.example() * inputs;
  for (let i = 0; i < inputs; i += 1) probes.x[probes.count * inputs + i] = x[row + i] ?? 0;
  if (hidden) return [probes.x, ...n.forward(probes.x).a];
  // Where hidden neurons are dots, the one example is all that they show, and the outputs come from the faster prediction.
  const example = n.forward(probes.x.subarray(probes.count * inputs)).a;
  const below = example.slice(0, -1).map((last) => {
    const rows = new Float32Array((probes.count + 1) * last.length);
    rows.set(last, probes.count * last.length);
    return rows;
  });
  return [probes.x, ...below, lab.predict(probes.x)];
}
