/** Where the layers, neurons and edges of the network's picture lie, in pixels; plain numbers, no page needed. */

export interface DiagramLayout {
  readonly width: number;
  readonly height: number;
  /** Names stand over inputs and outputs instead of beside them. */
  readonly narrow: boolean;
  /** Units of each column; column 0 has the inputs. */
  readonly sizes: readonly number[];
  /** x of each column, and the distance between two. */
  readonly columns: readonly number[];
  readonly pitch: number;
  /** Half the side of a neuron's picture, or the radius of its dot, by column. */
  readonly half: readonly number[];
  /** Whether neurons of the column are dots without a picture. */
  readonly compact: readonly boolean[];
  /** y of each unit, by column. */
  readonly rows: readonly (readonly number[])[];
  /** All neurons, column by column. */
  readonly neurons: readonly Spot[];
}

/** Where one neuron lies. */
export interface Spot {
  readonly layer: number;
  readonly unit: number;
  readonly x: number;
  readonly y: number;
  readonly half: number;
  readonly compact: boolean;
}

/** Room for the names of inputs on the left and of outputs on the right; where it is narrow they stand above. */
const SIDES = { left: 66, right: 70 } as const;
const NARROW_SIDES = { left: 28, right: 28 } as const;
/** Columns nearer than this cannot hold their controls; the picture scrolls then. */
const LEAST_PITCH = 60;
const LARGEST_PICTURE = 48;
/** Below this a picture shows nothing. */
const SMALLEST_PICTURE = 17;

export function layoutOf(sizes: readonly number[], room: number): DiagramLayout {
  const narrow = room < 560;
  const sides = narrow ? NARROW_SIDES : SIDES;
  const gaps = sizes.length - 1;
  const width = Math.max(room, sides.left + sides.right + gaps * LEAST_PITCH);
  const pitch = (width - sides.left - sides.right) / gaps;
  const most = Math.max(...sizes);
  const step = Math.max(15, Math.min(66, 416 / most));
  const height = Math.max(236, Math.round(most * step));
  const columns = sizes.map((_, i) => Math.round(sides.left + i * pitch));
  const half: number[] = [];
  const compact: boolean[] = [];
  const rows = sizes.map((size) => {
    // A column with few neurons spreads out less than the tallest one fills.
    const own = Math.min(height / size, Math.max(step, Math.min(88, (0.72 * height) / size)));
    const side = Math.floor(Math.min(own - 7, pitch * 0.42, LARGEST_PICTURE));
    compact.push(side < SMALLEST_PICTURE);
    half.push(side < SMALLEST_PICTURE ? Math.max(3, Math.min(6, own * 0.34)) : side / 2);
    return Array.from({ length: size }, (_, i) => Math.round(height / 2 + (i - (size - 1) / 2) * own));
  });
  const neurons = rows.flatMap((ys, layer) =>
    ys.map((y, unit) => ({
      layer,
      unit,
      x: columns[layer]!,
      y,
      half: half[layer]!,
      compact: compact[layer]!,
    })),
  );
  return { width, height, narrow, sizes, columns, pitch, half, compact, rows, neurons };
}

/** Where the edge from one neuron to one of the next column begins and ends. */
export interface Ends {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** @param layer The layer of the weight, from 1. */
export function endsOf(layout: DiagramLayout, layer: number, input: number, unit: number): Ends {
  const { columns, half, rows } = layout;
  return {
    x0: columns[layer - 1]! + half[layer - 1]! + 1,
    y0: rows[layer - 1]![input]!,
    x1: columns[layer]! - half[layer]! - 1,
    y1: rows[layer]![unit]!,
  };
}

/** A curve that leaves and arrives level. */
export function edgePath({ x0, y0, x1, y1 }: Ends): string {
  const middle = (x0 + x1) / 2;
  return `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`;
}

/** How far up an edge has come (0 to 1) at a share u of its way across: y(t) at the t where x(t) = u, tabulated. */
const CLIMB = 64;
const climbs = Float64Array.from({ length: CLIMB + 1 }, (_, i) => {
  const u = i / CLIMB;
  let [low, high] = [0, 1];
  for (let k = 0; k < 30; k += 1) {
    const t = (low + high) / 2;
    if (t * (1.5 - 1.5 * t + t * t) < u) low = t;
    else high = t;
  }
  return low * low * (3 - 2 * low);
});

export function edgeHeight({ x0, y0, x1, y1 }: Ends, x: number): number {
  const u = Math.max(0, Math.min(1, (x - x0) / (x1 - x0)));
  return y0 + (y1 - y0) * climbs[Math.round(u * CLIMB)]!;
}

/** What lies under a point. */
export type Hit =
  | { readonly kind: "neuron" | "bias"; readonly layer: number; readonly unit: number }
  | { readonly kind: "weight"; readonly layer: number; readonly input: number; readonly unit: number };

/** Where the mark of a bias lies: at the lower left corner of its neuron. */
export function biasPlace(layout: DiagramLayout, layer: number, unit: number): { x: number; y: number } {
  const half = layout.half[layer]!;
  const out = layout.compact[layer] ? half + 3 : half;
  return { x: layout.columns[layer]! - out, y: layout.rows[layer]![unit]! + out };
}

/**
 * The neuron, bias or edge nearest to a point, within `reach` pixels; undefined where there is none.
 *
 * Neurons win over edges, which all end at one, and a bias' mark over its neuron.
 */
export function hitAt(layout: DiagramLayout, x: number, y: number, reach: number): Hit | undefined {
  return biasAt(layout, x, y, reach) ?? neuronAt(layout, x, y, reach) ?? edgeAt(layout, x, y, reach);
}

function biasAt(layout: DiagramLayout, x: number, y: number, reach: number): Hit | undefined {
  for (let layer = 1; layer < layout.sizes.length; layer += 1) {
    if (layout.compact[layer] || Math.abs(x - layout.columns[layer]! + layout.half[layer]!) > reach) continue;
    for (let unit = 0; unit < layout.sizes[layer]!; unit += 1) {
      const at = biasPlace(layout, layer, unit);
      const near = Math.min(reach, 0.5 * layout.half[layer]! + 2);
      if (Math.abs(at.x - x) <= near && Math.abs(at.y - y) <= near) return { kind: "bias", layer, unit };
    }
  }
  return undefined;
}

function neuronAt(layout: DiagramLayout, x: number, y: number, reach: number): Hit | undefined {
  for (const [layer, column] of layout.columns.entries()) {
    const half = layout.half[layer]! + Math.min(4, reach / 3);
    if (Math.abs(x - column) > half) continue;
    const unit = layout.rows[layer]!.findIndex((row) => Math.abs(y - row) <= half);
    if (unit >= 0) return { kind: "neuron", layer, unit };
  }
  return undefined;
}

function edgeAt(layout: DiagramLayout, x: number, y: number, reach: number): Hit | undefined {
  for (let layer = 1; layer < layout.sizes.length; layer += 1) {
    if (x <= layout.columns[layer - 1]! || x >= layout.columns[layer]!) continue;
    let best: Hit | undefined;
    let nearest = reach;
    for (let input = 0; input < layout.sizes[layer - 1]!; input += 1) {
      for (let unit = 0; unit < layout.sizes[layer]!; unit += 1) {
        const distance = Math.abs(edgeHeight(endsOf(layout, layer, input, unit), x) - y);
        if (distance < nearest) {
          nearest = distance;
          best = { kind: "weight", layer, input, unit };
        }
      }
    }
    return best;
  }
  return undefined;
}
