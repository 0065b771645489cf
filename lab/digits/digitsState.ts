/** What the digits view is about, as one value that undo goes over. */
import type { Network } from "talweg";
import type { TrainingPlan } from "./protocol.ts";
import { drawn, type Ink } from "./raster.ts";
import type { Neuron } from "./reading.ts";

/** A picture of MNIST that is looked at as it is. */
interface Taken {
  /** `[784]`. */
  readonly pixels: Uint8Array;
  /** Its place in the published set. */
  readonly number: number;
}

export interface Picture {
  readonly ink: Ink;
  /** Present as long as nobody drew on it. */
  readonly taken: Taken | null;
  /** What it should be read as, where that is known. */
  readonly target: number | null;
  /** Scaled into 20 by 20 pixels and centered by mass, as MNIST was; else as it lies on the field. */
  readonly centered: boolean;
}

/** Where a network came from. */
export type Origin =
  /** With the page. */
  | { readonly kind: "shipped" }
  /** It learned in this page; a plan is another object for each run. */
  | { readonly kind: "trained"; readonly plan: TrainingPlan; readonly step: number }
  | { readonly kind: "file"; readonly name: string };

export interface Model {
  readonly network: Network;
  readonly origin: Origin;
}

/** A network that a link is about and that is not here: what came with it waits for it. */
export interface Wanted {
  readonly origin: Origin;
  /** The first eight digits of parametersSha256. */
  readonly hash: string;
  readonly off: readonly Neuron[];
  readonly selected: Neuron;
}

export interface Scene {
  readonly picture: Picture;
  readonly model: Model;
  /** Neurons of hidden layers that are switched off. */
  readonly off: readonly Neuron[];
  readonly wanted: Wanted | null;
}

/** What the view opens with: a four that nearly closes, or a nine that does not; a network has to decide. */
export const opening: readonly (readonly (readonly [number, number])[])[] = [
  [
    [0.47, 0.2],
    [0.41, 0.24],
    [0.33, 0.4],
    [0.38, 0.52],
    [0.52, 0.54],
    [0.66, 0.5],
  ],
  [
    [0.61, 0.22],
    [0.66, 0.5],
    [0.63, 0.82],
  ],
];

export const openingPicture = (): Picture => ({
  ink: drawn(opening),
  taken: null,
  target: null,
  centered: true,
});
