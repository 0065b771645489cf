/** Where the pictures of a network look: the interval of its data, and the region that is drawn. */
import type { Dataset } from "talweg";
import type { DataSetting } from "../state/types.ts";
import { extentOf } from "./chartScale.ts";

export type Domain = readonly [number, number];

/** Where the examples come from, by input: the setting's interval, else from the least to the largest. */
export function sampledDomain({ kind, interval }: DataSetting, data: Dataset): Domain[] {
  if ((kind === "parabola" || kind === "sine") && interval[1] > interval[0]) return [interval];
  return Array.from({ length: data.inputs }, (_, input) => {
    const column = Float64Array.from({ length: data.rows }, (_, row) => data.x[row * data.inputs + input]!);
    const [low, high] = extentOf(column);
    // Who draws wants a ground that stays.
    return kind === "drawn" ? [Math.min(-1, low), Math.max(1, high)] : [low, high];
  });
}

/** Twice as wide as what was sampled, for curves: half of it is extrapolation. */
export function widened([from, to]: Domain, factor: number): Domain {
  const middle = (from + to) / 2;
  const half = ((to - from) / 2) * factor;
  return [middle - half, middle + half];
}

/** The region of a map: a little more than the points; one scale for both inputs where they are places of one plane. */
export function mapDomain(given: DataSetting, data: Dataset): [Domain, Domain] {
  const [x, y] = sampledDomain(given, data) as [Domain, Domain];
  if (given.kind === "table") return [widened(x, 1.12), widened(y, 1.12)];
  const side = Math.max(x[1] - x[0], y[1] - y[0]) * 1.16;
  const around = ([from, to]: Domain): Domain => [(from + to - side) / 2, (from + to + side) / 2];
  return [around(x), around(y)];
}
