/** What follows from a setting before any training: examples, network, loss, and the meter for them. */
import type { Dataset, Loss, Network } from "talweg";
import { datasetOf, hasTest } from "./datasetOf.ts";
import { Meter } from "./measure.ts";
import { lossOf, networkOf } from "./networkOf.ts";
import type { DataSetting, Setting } from "./types.ts";

export interface Scene {
  readonly data: DataSetting;
  readonly seed: number;
  readonly dataset: Dataset;
  /** The dataset itself where there is no other. */
  readonly testset: Dataset;
  /** Whether the test examples were not trained on. */
  readonly tested: boolean;
  readonly network: Network;
  readonly loss: Loss;
  readonly meter: Meter;
}

/** @param last The scene before: what has not changed is taken over, so that it keeps its identity. */
export function sceneOf(setting: Setting, last: Scene | undefined): Scene {
  const { data, seed } = setting;
  const same = last !== undefined && last.data === data && last.seed === seed;
  const dataset = same ? last.dataset : datasetOf(setting, "train");
  const tested = hasTest(data);
  const apart = (): Dataset => (tested ? datasetOf(setting, "test") : dataset);
  const testset = same ? last.testset : apart();
  const fresh = networkOf(setting, dataset);
  const network = last !== undefined && sameLayers(last.network, fresh) ? last.network : fresh;
  const loss = lossOf(setting, network, dataset);
  // What explains or saves the network reads these.
  Object.assign(network.metadata, { seed, loss });
  if (same && network === last.network && loss === last.loss) return last;
  last?.meter.close();
  const meter = new Meter(network, loss, dataset, tested ? testset : null);
  return { data, seed, dataset, testset, tested, network, loss, meter };
}

function sameLayers(a: Network, b: Network): boolean {
  return JSON.stringify(a.layers) === JSON.stringify(b.layers);
}
