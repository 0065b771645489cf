/** The numbers behind accuracy, test loss, gradient norms and step sizes, by the library, as plain data. */
import { type Accessor, createMemo, untrack } from "solid-js";
import {
  type Dataset,
  evaluate,
  type LineSearchExplanation,
  parameterName,
  predictDataset,
  selectRows,
} from "talweg";
import type { BatchObjective } from "talweg/network";
import { classThreshold, predictedLabel, targetLabel } from "talweg/train";
import { measuredRows } from "../state/measure.ts";
import { batchOf, trainOptions } from "../state/training.ts";
import type { Lab } from "../state/types.ts";
import { lossRay, type SearchConstants, searchAlong } from "./lineSearchHere.ts";

/** The examples that the numbers on the page are of: all, or of a large network the first ones. */
export function measuredExamples(lab: Lab, test: boolean): Dataset {
  const data = test ? lab.testset() : lab.dataset();
  const rows = measuredRows(lab.network(), data.rows);
  if (rows === data.rows) return data;
  return selectRows(
    data,
    Uint32Array.from({ length: rows }, (_, i) => i),
  );
}

interface ClassCount {
  readonly name: string;
  readonly right: number;
  readonly count: number;
}

/** One row of the examples alone. */
export const oneExample = (data: Dataset, row: number): Dataset =>
  selectRows(data, Uint32Array.of(Math.min(row, data.rows - 1)));

/** Which answers are right. */
export interface AccuracyParts {
  readonly accuracy: number;
  readonly right: number;
  readonly rows: number;
  /** From where on one output says class 1; null where the largest of several is the answer. */
  readonly threshold: number | null;
  readonly classes: readonly ClassCount[];
  /** Rows whose answer is wrong. */
  readonly wrong: readonly number[];
  /** Of one row: its outputs, the class that they say, and the one that is wanted. */
  readonly example: { readonly outputs: readonly number[]; readonly said: string; readonly wanted: string };
}

/** @param one The one example whose answer is told. */
export function accuracyParts(lab: Lab, data: Dataset, one: Dataset): AccuracyParts {
  const n = lab.network();
  const loss = lab.loss();
  const outputs = predictDataset(n, data);
  const { metrics, confusion = [] } = evaluate(n, data, { loss, outputs, metrics: ["accuracy"] });
  const threshold = classThreshold(n, loss);
  const name = (label: number): string => data.classes?.[label] ?? String(label);
  const said = (i: number): number => predictedLabel(outputs, i, n.outputs, threshold);
  const answer = predictDataset(n, one);
  const classes = confusion.map((row, label) => ({
    name: name(label),
    right: row[label] ?? 0,
    count: row.reduce((sum, count) => sum + count, 0),
  }));
  const wrong = Array.from({ length: data.rows }, (_, i) => i).filter(
    (i) => said(i) !== targetLabel(data, i),
  );
  return {
    accuracy: metrics.accuracy ?? Number.NaN,
    right: data.rows - wrong.length,
    rows: data.rows,
    threshold: n.outputs === 1 ? threshold : null,
    classes,
    wrong,
    example: {
      outputs: Array.from(answer),
      said: name(predictedLabel(answer, 0, n.outputs, threshold)),
      wanted: name(targetLabel(one, 0)),
    },
  };
}

/** The squares under a gradient's norm. */
export interface NormParts {
  readonly norm: number;
  readonly squares: number;
  /** One for each parameter of the layer, its weights first. */
  readonly terms: readonly { readonly name: string; readonly derivative: number }[];
}

/** @param f Without penalty, as the norms on the page are. @param layer From 1. */
export function normParts(lab: Lab, f: BatchObjective, layer: number): NormParts {
  const n = lab.network();
  const gradient = new Float32Array(n.parameterCount);
  f.load({ from: 0, rows: measuredRows(n, lab.dataset().rows) });
  f.gradient(lab.parameters(), gradient);
  const sizes = n.layers.map(({ inputs, units }) => (inputs + 1) * units);
  const from = sizes.slice(0, layer - 1).reduce((sum, size) => sum + size, 0);
  const part = gradient.subarray(from, from + (sizes[layer - 1] ?? 0));
  let squares = 0;
  for (const g of part) squares += g * g;
  const terms = Array.from(part, (derivative, i) => ({ name: parameterName(n, from + i), derivative }));
  return { norm: Math.sqrt(squares), squares, terms };
}

/** The parameters before the step that led to what is on show; undefined where they were not seen. */
export function placeBefore(lab: Lab): Accessor<Float32Array | undefined> {
  interface Seen {
    readonly run: Float32Array | undefined;
    readonly step: number;
    readonly parameters: Float32Array;
    readonly before: Float32Array | undefined;
  }
  const seen = createMemo((last: Seen | undefined): Seen => {
    const parameters = lab.parameters();
    const { step } = lab.progress();
    const path = untrack(lab.path);
    const run = path[0]?.parameters;
    const same = last !== undefined && last.run === run;
    if (same && last.parameters === parameters) return last;
    const known = path.find((point) => point.step === step - 1)?.parameters;
    const before = same && last.step === step - 1 ? last.parameters : known;
    return { run, step, parameters, before };
  }, undefined);
  return () => seen()?.before;
}

/** The constants of the search that gave the step size; undefined where none like that did. */
export function searchConstants(lab: Lab): SearchConstants | undefined {
  if (lab.setting().trainer.method !== "armijo") return undefined;
  const { initial, c1, shrink } = trainOptions(lab.setting()).optimizer?.options ?? {};
  if (typeof initial !== "number" || typeof c1 !== "number" || typeof shrink !== "number") return undefined;
  return { initial, c1, shrink };
}

/** The search of the last step once more; undefined where it cannot be told, or would not end at the step that was taken. */
export function lastSearch(
  lab: Lab,
  f: BatchObjective,
  before: Float32Array | undefined,
): LineSearchExplanation | undefined {
  const constants = searchConstants(lab);
  const { stepSize } = lab.progress();
  // On a batch the search has seen other examples than all.
  if (constants === undefined || before === undefined || batchOf(lab.setting().trainer) !== "full")
    return undefined;
  if (before.length !== f.dimension) return undefined;
  const ray = lossRay(f, before);
  if (!(ray.gradientNorm > 0)) return undefined;
  const search = searchAlong(ray, constants);
  return search.stepSize === stepSize ? search : undefined;
}
