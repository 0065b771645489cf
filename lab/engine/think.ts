/** Slow thinking about the parameters on show: the landscape around them, the doctor, a line search. No page, no worker. */
import {
  type Dataset,
  doctor,
  explainLineSearch,
  type Finding,
  type LineSearchExplanation,
  type Loss,
  loadKernels,
  type Network,
  type Objective,
  objective,
  selectRows,
} from "talweg";
import { datasetOf, hasTest } from "../state/datasetOf.ts";
import { lossOf, networkOf } from "../state/networkOf.ts";
import { trainOptions } from "../state/training.ts";
import type { Setting } from "../state/types.ts";
import { type Landscape, type LandscapeAxes, landscapeOf } from "./landscape.ts";

/** A network with the parameters on show, and what it learns from. */
export interface Subject {
  readonly setting: Setting;
  readonly parameters: Float32Array;
}

export interface LandscapeRequest extends Subject {
  readonly axes: LandscapeAxes;
  /** Points along each axis; 41. */
  readonly size?: number;
  /** Distance from the middle to the edges, in parameters, on each axis; by default what the path or the parameters ask for. */
  readonly reach?: readonly [number, number];
}

export interface LineSearchRequest extends Subject {
  readonly initial?: number;
  readonly c1?: number;
  readonly shrink?: number;
}

/** What can be asked for, by name. */
export interface Thoughts {
  landscape: { request: LandscapeRequest; answer: Landscape };
  doctor: { request: Subject; answer: Finding[] };
  lineSearch: { request: LineSearchRequest; answer: LineSearchExplanation };
}

export type Topic = keyof Thoughts;

/** Examples that a picture needs. */
const LANDSCAPE_ROWS = 300;
const LINE_ROWS = 1000;

interface Parts {
  n: Network;
  data: Dataset;
  test: Dataset | undefined;
  loss: Loss;
}

function partsOf({ setting, parameters }: Subject): Parts {
  const data = datasetOf(setting, "train");
  const n = networkOf(setting, data);
  n.parameters.set(parameters);
  const test = hasTest(setting.data) ? datasetOf(setting, "test") : undefined;
  return { n, data, test, loss: lossOf(setting, n, data) };
}

/** The function that the trainer makes small: loss and penalty. */
function objectiveOf({ setting }: Subject, { n, loss, data }: Parts, rows: number): Objective {
  const some =
    data.rows <= rows
      ? data
      : selectRows(
          data,
          Uint32Array.from({ length: rows }, (_, i) => i),
        );
  return objective(n, loss, some, { penalty: setting.trainer.penalty });
}

/** @param given Asked now and then: whether to give up. Then the answer is undefined. */
export async function think<T extends Topic>(
  topic: T,
  request: Thoughts[T]["request"],
  given: () => Promise<boolean>,
): Promise<Thoughts[T]["answer"] | undefined> {
  await loadKernels();
  if (topic === "landscape") {
    const ask = request as LandscapeRequest;
    return landscapeOf(objectiveOf(ask, partsOf(ask), LANDSCAPE_ROWS), ask, given);
  }
  if (topic === "doctor") return diagnose(request);
  return search(request as LineSearchRequest);
}

function diagnose(subject: Subject): Finding[] {
  const { n, data, test, loss } = partsOf(subject);
  const { optimizer } = trainOptions(subject.setting);
  // From here the doctor knows the learning rate that is in use.
  n.metadata.options = { optimizer: optimizer!.name, optimizerOptions: optimizer!.options ?? {} };
  return doctor(n, data, { loss, ...(test === undefined ? {} : { test }) }).findings;
}

function search(request: LineSearchRequest): LineSearchExplanation {
  const parts = partsOf(request);
  const { initial, c1, shrink } = request;
  const f = objectiveOf(request, parts, LINE_ROWS);
  return explainLineSearch(inFloat32(f), Float64Array.from(request.parameters), {
    ...(initial === undefined ? {} : { initial }),
    ...(c1 === undefined ? {} : { c1 }),
    ...(shrink === undefined ? {} : { shrink }),
  });
}

/** The function as training sees it, for who works in float64. */
function inFloat32(f: Objective): Objective {
  const w32 = new Float32Array(f.dimension);
  const g32 = new Float32Array(f.dimension);
  return {
    dimension: f.dimension,
    value(w) {
      w32.set(w);
      return f.value(w32);
    },
    gradient(w, g) {
      w32.set(w);
      const value = f.gradient(w32, g32);
      g.set(g32);
      return value;
    },
  };
}
