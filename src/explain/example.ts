/** One example, run forward and backward: what every part of an explanation reads. */
import type { Objective } from "../core/index.ts";
import type { Network } from "../network/index.ts";
import type { RowNumbers } from "./forwardTerms.ts";
import type { OutputNumbers } from "./lossTerms.ts";

export interface Example {
  /** In float64, and nobody else's. */
  readonly n64: Network;
  /** `[inputs]`. */
  readonly input: Float64Array;
  readonly numbers: RowNumbers;
  readonly outputs: OutputNumbers;
  /** The loss of the example as a function of the parameters. */
  readonly f: Objective;
  readonly value: number;
  /** By the network's backward pass. */
  readonly gradient: Float64Array;
}
