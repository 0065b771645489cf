/** The numbers behind the fit of a network with one input: where its curve is read, what it says there, and the points. */
import { mathematics64 } from "talweg";
import type { DataKind, Lab } from "../state/types.ts";
import type { Mark } from "./chartTypes.ts";
import type { Domain } from "./plotDomain.ts";

/** Steps of the curve within the sampled interval, and on either side of it. */
const INSIDE = 128;
const OUTSIDE = 40;

export interface CurvePlaces {
  readonly x: Float32Array;
  /** The first and the last place within the sampled interval. */
  readonly inner: readonly [number, number];
}

export interface FitReading {
  readonly x: Float32Array;
  /** [places], of the first output. */
  readonly y: Float32Array;
  /** By output, where there is more than one. */
  readonly outputs: readonly Float32Array[];
  readonly probeAt: number;
  readonly probe: number;
  readonly example: number;
}

/** Where the curve is read: both ends of the sampled interval are among the places, so that no gap shows. */
export function curvePlaces([from, to]: Domain, [low, high]: Domain): CurvePlaces {
  const x = new Float32Array(INSIDE + 2 * OUTSIDE + 1);
  for (let i = 0; i < x.length; i += 1) {
    const inside = (i - OUTSIDE) / INSIDE;
    if (i < OUTSIDE) x[i] = low + ((from - low) * i) / OUTSIDE;
    else if (i <= OUTSIDE + INSIDE) x[i] = from + (to - from) * inside;
    else x[i] = to + ((high - to) * (i - OUTSIDE - INSIDE)) / OUTSIDE;
  }
  return { x, inner: [OUTSIDE, OUTSIDE + INSIDE] };
}

/** All that the figure says of the network, in one prediction. */
export function curveAt(lab: Lab, { x }: CurvePlaces, probe: number, example: number): FitReading {
  lab.parameters();
  const n = lab.network();
  const data = lab.dataset();
  const rows = new Float32Array(x.length + 2);
  rows.set(x);
  rows[x.length] = probe;
  rows[x.length + 1] = data.x[example] ?? 0;
  const nothing = n.inputs !== 1;
  const out = nothing ? new Float32Array(rows.length * n.outputs).fill(Number.NaN) : lab.predict(rows);
  const column = (output: number): Float32Array =>
    n.outputs === 1 ? out : Float32Array.from(rows, (_, row) => out[row * n.outputs + output]!);
  const outputs =
    n.outputs === 1
      ? []
      : Array.from({ length: n.outputs }, (_, output) => column(output).subarray(0, x.length));
  const y = column(0);
  return {
    x,
    y: y.subarray(0, x.length),
    outputs,
    probeAt: probe,
    probe: y[x.length]!,
    example: y[x.length + 1]!,
  };
}

/** What computed data came from. */
export function targetOf(kind: DataKind): ((x: number) => number) | undefined {
  if (kind === "parabola") return (x) => x * x;
  return kind === "sine" ? mathematics64.sin : undefined;
}

/** The target as a line, the examples and the test examples as dots: what changes with the data alone. */
export function pointMarks(
  lab: Lab,
  target: ((x: number) => number) | undefined,
  { x }: CurvePlaces,
): Mark[] {
  const marks: Mark[] = [];
  if (target !== undefined) {
    const line = { type: "line", width: 1, color: "var(--ink-faint)", label: "target" } as const;
    marks.push({ ...line, x, y: Float64Array.from(x, target) });
  }
  const [data, test] = [lab.dataset(), lab.testset()];
  const many = data.rows > 120;
  const dots = { type: "dots", color: "var(--ink)" } as const;
  if (test.rows > 0 && test.outputs === 1 && test.y !== data.y) {
    const some = Math.min(test.rows, 200);
    marks.push({
      ...dots,
      label: "test",
      hollow: true,
      width: 1,
      radius: many ? 1.8 : 2.4,
      opacity: 0.4,
      x: test.x.subarray(0, some),
      y: test.y.subarray(0, some),
    });
  }
  if (data.outputs === 1) {
    const radius = many ? 2 : 3;
    marks.push({ ...dots, label: "examples", radius, opacity: many ? 0.4 : 0.75, x: data.x, y: data.y });
  }
  return marks;
}
