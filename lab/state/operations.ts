/** The order of operations of one step: forward through the layers, the loss, backward through them, the update. */
import type { Operation } from "./types.ts";

/** What to show, and at which step. */
export interface Place {
  readonly step: number;
  /** null: nothing of the step has been done. */
  readonly operation: Operation | null;
}

/** The operations from the parameters of a step on, before the update; layers from 1, of the loss the last one. */
function before(layers: number): Operation[] {
  const numbers = Array.from({ length: layers }, (_, i) => i + 1);
  return [
    ...numbers.map((layer) => ({ pass: "forward", layer }) as const),
    { pass: "loss", layer: layers },
    ...numbers.reverse().map((layer) => ({ pass: "backward", layer }) as const),
  ];
}

/** The update is of all layers at once; 0 stands for that. It leaves the parameters of the next step. */
const update: Operation = { pass: "update", layer: 0 };

/** One operation on. */
export function nextPlace({ step, operation }: Place, layers: number): Place {
  const order = before(layers);
  if (operation === null || operation.pass === "update") return { step, operation: order[0]! };
  const next = order[placeIn(order, operation) + 1];
  return next === undefined ? { step: step + 1, operation: update } : { step, operation: next };
}

/** One operation back; from the first of a step to the update before it. */
export function previousPlace({ step, operation }: Place, layers: number): Place {
  const order = before(layers);
  if (operation?.pass === "update") return { step: step - 1, operation: order.at(-1)! };
  const at = operation === null ? 0 : placeIn(order, operation);
  if (at > 0) return { step, operation: order[at - 1]! };
  return { step, operation: step === 0 ? null : update };
}

function placeIn(order: readonly Operation[], { pass, layer }: Operation): number {
  return order.findIndex((other) => other.pass === pass && other.layer === layer);
}
