/** The numbers behind the map of a network with two inputs: what it says on a grid, in color, and the line between two classes. */
import type { Lab } from "../state/types.ts";
import { signedPixels } from "../style/colors.ts";
import { gridOf } from "./NeuronPictures.ts";
import type { Domain } from "./plotDomain.ts";

/** Cells of a side: while numbers change, and at rest. */
export const COARSE = 32;
export const FINE = 96;

/** Of the full color, so that points stand out from the ground. */
const STRENGTH = 0.56;

/** What the network says at the centers of cells, row by row from the top. */
export interface Field {
  readonly side: number;
  readonly outputs: number;
  /** [side * side + 1, outputs]; the last row is the probe. */
  readonly values: Float32Array;
}

export type MapKind =
  /** One output, the share of class 1. */
  | "share"
  /** One output, any number. */
  | "number"
  /** One output a class. */
  | "classes";

/** Colors of classes where there are more than two (Okabe and Ito, 2008), in 8 bits. */
const classColors = [
  [0, 114, 178],
  [213, 94, 0],
  [0, 158, 115],
  [204, 121, 167],
  [230, 159, 0],
  [86, 180, 233],
] as const;

export const classColor = (label: number): string =>
  `rgb(${classColors[label % classColors.length]!.join(" ")})`;

/** Holds grids and pixels from frame to frame. */
export class FieldReader {
  private readonly grids = new Map<number, Float32Array>();
  private readonly signed = new Float32Array(FINE * FINE);
  private readonly domain: readonly [Domain, Domain];

  constructor(domain: readonly [Domain, Domain]) {
    this.domain = domain;
  }

  /** One prediction of all cells and of the probe. */
  read(lab: Lab, side: number, probe: readonly [number, number]): Field {
    lab.parameters();
    const n = lab.network();
    let grid = this.grids.get(side);
    if (grid === undefined) {
      grid = gridOf(this.domain, side);
      this.grids.set(side, grid);
    }
    grid.set(probe, 2 * side * side);
    const empty = n.inputs !== 2;
    const values = empty ? new Float32Array((side * side + 1) * n.outputs) : lab.predict(grid);
    return { side, outputs: n.outputs, values };
  }

  /** Paints a field into pixels of its size. @param scale What is as strong as color gets, for numbers. */
  paint(
    { side, outputs, values }: Field,
    kind: MapKind,
    scale: number,
    dark: boolean,
    image: ImageData,
  ): void {
    const cells = side * side;
    if (kind === "classes") {
      for (let i = 0; i < cells; i += 1) classPixel(values, i, outputs, dark, image.data);
      return;
    }
    const signed = this.signed.subarray(0, cells);
    if (kind === "share") for (let i = 0; i < cells; i += 1) signed[i] = (2 * values[i]! - 1) * STRENGTH;
    else for (let i = 0; i < cells; i += 1) signed[i] = (values[i]! / scale) * STRENGTH;
    signedPixels(signed, dark, image.data);
  }
}

/** The color of the likeliest class, the paler the less likely it is. */
function classPixel(
  values: Float32Array,
  cell: number,
  outputs: number,
  dark: boolean,
  out: Uint8ClampedArray,
): void {
  let label = 0;
  for (let k = 1; k < outputs; k += 1) {
    if (values[cell * outputs + k]! > values[cell * outputs + label]!) label = k;
  }
  const share = (values[cell * outputs + label]! - 1 / outputs) / (1 - 1 / outputs);
  const strength = 0.12 + 0.5 * Math.max(0, Math.min(1, share || 0));
  const ground = dark ? 32 : 246;
  const color = classColors[label % classColors.length]!;
  for (let c = 0; c < 3; c += 1) out[4 * cell + c] = ground + (color[c]! - ground) * strength;
  out[4 * cell + 3] = 255;
}

/**
 * Where the field passes `level`, as a path in units of the grid: marching squares between the centers of cells, with straight
 * pieces placed by linear interpolation.
 *
 * @see W. E. Lorensen and H. E. Cline, "Marching cubes" (1987), in the plane.
 */
export function contourPath(
  { side, values, outputs }: Field,
  level: number,
  width: number,
  height: number,
): string {
  let path = "";
  const sx = width / side;
  const sy = height / side;
  const at = (row: number, column: number): number => values[(row * side + column) * outputs]! - level;
  const text = (x: number, y: number): string =>
    `${((x + 0.5) * sx).toFixed(1)} ${((y + 0.5) * sy).toFixed(1)}`;
  for (let row = 0; row + 1 < side; row += 1) {
    for (let column = 0; column + 1 < side; column += 1) {
      const a = at(row, column);
      const b = at(row, column + 1);
      const c = at(row + 1, column + 1);
      const d = at(row + 1, column);
      const signs = (a > 0 ? 1 : 0) + (b > 0 ? 2 : 0) + (c > 0 ? 4 : 0) + (d > 0 ? 8 : 0);
      if (signs === 0 || signs === 15 || Number.isNaN(a + b + c + d)) continue;
      const top = (): string => text(column + a / (a - b), row);
      const right = (): string => text(column + 1, row + b / (b - c));
      const bottom = (): string => text(column + d / (d - c), row + 1);
      const left = (): string => text(column, row + a / (a - d));
      if (signs === 1 || signs === 14) path += `M${left()}L${top()}`;
      else if (signs === 2 || signs === 13) path += `M${top()}L${right()}`;
      else if (signs === 4 || signs === 11) path += `M${right()}L${bottom()}`;
      else if (signs === 8 || signs === 7) path += `M${bottom()}L${left()}`;
      else if (signs === 3 || signs === 12) path += `M${left()}L${right()}`;
      else if (signs === 6 || signs === 9) path += `M${top()}L${bottom()}`;
      else if (signs === 5) path += `M${left()}L${top()}M${right()}L${bottom()}`;
      else path += `M${top()}L${right()}M${bottom()}L${left()}`;
    }
  }
  return path;
}
