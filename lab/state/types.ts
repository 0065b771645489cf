// What the page is about, as types: the setting that an address holds, what is derived from it, and the one object that
// every part is handed. Parts read accessors and ask for changes; nothing else connects them.
import type { Accessor } from "solid-js";
import type { Activation, Counts, Dataset, Finding, Init, Loss, Network } from "talweg";
import type { Thinker } from "../engine/thinker.ts";

export type View = "playground" | "digits";

export type DataKind = "parabola" | "sine" | "xor" | "circle" | "moons" | "spirals" | "drawn" | "table";

export interface DataSetting {
  readonly kind: DataKind;
  readonly rows: number;
  /** Standard deviation; only for computed data. */
  readonly noise: number;
  /** Where the inputs of parabola and sine lie. */
  readonly interval: readonly [number, number];
  /** Points that were drawn by hand, or numbers of a table: rows of inputs and one target. */
  readonly points?: readonly (readonly number[])[];
  /** Names of the classes where the last number of a point is the place of one; absent where it is a number. */
  readonly classes?: readonly string[];
  /** Names of the inputs and of the target, of a table. */
  readonly names?: readonly string[];
}

export interface LayerSetting {
  readonly units: number;
  readonly activation: Activation;
}

export type Method =
  | "auto"
  | "guess"
  | "perturb"
  | "gradientDescent"
  | "armijo"
  | "momentum"
  | "adam"
  | "lbfgs"
  | "stochasticArmijo";

export interface TrainerSetting {
  readonly method: Method;
  /** For the methods that have one. */
  readonly learningRate: number;
  readonly epochs: number;
  readonly batchSize: number | "full";
  /** Weight decay. */
  readonly penalty: number;
}

/** All that is needed to come back to the same bits: plain data, what undo goes over and an address holds. */
export interface Setting {
  readonly version: 1;
  readonly view: View;
  readonly data: DataSetting;
  readonly hidden: readonly LayerSetting[];
  /** null: as the data want it. */
  readonly output: Activation | null;
  readonly init: Init | null;
  readonly loss: Loss | null;
  readonly trainer: TrainerSetting;
  /** Of data, first weights and training. */
  readonly seed: number;
  /** Where training begins, if not where the seed says: float32 numbers, little-endian, base64url. */
  readonly start: string | null;
  /** How many steps were taken from there. */
  readonly step: number;
}

/** A change that can be undone: everything that is not the passing of time. */
export interface Change {
  /** For the undo button: "weight W2[3,0]", "learning rate". */
  readonly label: string;
  /** Changes in a row with the same key are undone at once, as in a drag. */
  readonly merge?: string;
  /**
   * From a setting to the changed one; the first is left as it is. The result may be refused: then `progress().message` says why.
   *
   * New data, seed or init begin anew from the seed; anything else goes on from the parameters on show. A setting that is
   * another one altogether (data, hidden and trainer are other objects), or another `start`, is taken as it stands.
   */
  readonly edit: (setting: Setting) => Setting;
}

type Status = "idle" | "running" | "replaying" | "ended" | "failed";

export interface Progress extends Counts {
  readonly status: Status;
  /** Steps since the start of the run, and how many are planned. */
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  /** Of the last step; null before the first. */
  readonly stepSize: number | null;
  /** Why it ended or failed, in a sentence; "" while all is well. */
  readonly message: string;
}

/** Numbers that follow from the parameters on show; computed on the page in the same frame. */
export interface Measures {
  /** Mean over the training examples, without penalty; null where it is not finite. */
  readonly loss: number | null;
  readonly testLoss: number | null;
  /** Shares of right answers, where targets are classes. */
  readonly accuracy: number | null;
  readonly testAccuracy: number | null;
  /** Euclidean norm of the gradient's part of each layer, the first layer first. */
  readonly gradientNorms: readonly number[];
  /** The first eight digits of parametersSha256, as the command shows it. */
  readonly hash: string;
}

/** A run's loss over time, thinned out so that it stays small. */
export interface RunTrace {
  readonly id: number;
  /** "auto, batch 32". */
  readonly label: string;
  readonly live: boolean;
  readonly steps: readonly number[];
  readonly evaluations: readonly number[];
  /** What each step saw. */
  readonly losses: readonly number[];
}

/** A place that the run has passed. */
export interface PathPoint {
  readonly step: number;
  readonly parameters: Float32Array;
}

export type Selected =
  | { readonly kind: "none" }
  | { readonly kind: "neuron"; readonly layer: number; readonly unit: number }
  /** Layers from 1 as in the library; inputs and units from 0. Layer 0 has the inputs. */
  | { readonly kind: "weight"; readonly layer: number; readonly input: number; readonly unit: number }
  | { readonly kind: "bias"; readonly layer: number; readonly unit: number };

/** Where in one step the reader stands, when walking operation by operation; null otherwise. */
export interface Operation {
  readonly pass: "forward" | "loss" | "backward" | "update";
  readonly layer: number;
}

/** A place in the flat vector of parameters, and the number there. */
export type ParameterValue = readonly [index: number, value: number];

/** What every part is handed. */
export interface Lab {
  readonly setting: Accessor<Setting>;
  /** The setting's data; unlike the setting itself the same until somebody changes them. */
  readonly data: Accessor<DataSetting>;
  readonly dataset: Accessor<Dataset>;
  readonly testset: Accessor<Dataset>;
  /** The loss that is in use. */
  readonly loss: Accessor<Loss>;
  /** Of the parameters on show; replaced with each frame, never changed in place. */
  readonly parameters: Accessor<Float32Array>;
  /** Holds those parameters; the same object until layers change, so read `parameters` too where it matters. */
  readonly network: Accessor<Network>;
  readonly progress: Accessor<Progress>;
  readonly measures: Accessor<Measures>;
  /** What the parameters on show make of inputs `[rows, inputs]`: `[rows, outputs]`. */
  predict(x: Float32Array): Float32Array;
  readonly runs: Accessor<readonly RunTrace[]>;
  /** Where the run at hand has been, thinned out; the first is its start. */
  readonly path: Accessor<readonly PathPoint[]>;
  /** Of `doctor`, a little later than the frame. */
  readonly findings: Accessor<readonly Finding[]>;
  /** The doctor has not looked at what is on show yet. */
  readonly findingsStale: Accessor<boolean>;
  readonly selected: Accessor<Selected>;
  readonly operation: Accessor<Operation | null>;
  /** The example that formulas are about, a row of the dataset. */
  readonly example: Accessor<number>;
  readonly speed: Accessor<number>;
  /** Slow thinking in a worker: landscape, line search. */
  readonly thinker: Thinker;
  readonly undoLabel: Accessor<string | null>;
  readonly redoLabel: Accessor<string | null>;

  select(selected: Selected): void;
  showExample(row: number): void;
  change(change: Change): void;
  /** Sets one parameter of those on show, by its place in the flat vector; the run begins anew from there. */
  setParameter(index: number, value: number, merge: string): void;
  /** The same for several at once: places and their values. */
  setParameters(values: readonly ParameterValue[], merge: string): void;
  undo(): void;
  redo(): void;
  play(): void;
  pause(): void;
  /** One operation, step or epoch on (1) or back (-1). */
  stepBy(grain: "operation" | "step" | "epoch", direction: 1 | -1): void;
  goTo(step: number): void;
  /** Steps a frame at most; Infinity for as many as there is time for. */
  setSpeed(stepsPerFrame: number): void;
  /** To the first step of the run, or with `all` to what the seed says. */
  reset(all?: boolean): void;
  forgetRuns(): void;
  /** Ends workers and timers. */
  close(): void;
}
