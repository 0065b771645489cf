/**
 * The gradient of one layer for one block of rows: sums over the rows, each of the four lanes its leaf.
 *
 * Weights and biases are one matrix `[inputs + 1, units]` in the flat vector, the biases its last row, with an input that is
 * always 1. A tile of it has at most eight sums; here two inputs by four units:
 *
 *     four rows of   delta 0  delta 1  delta 2  delta 3
 *     input 0        sum      sum      sum      sum       += input 0 * delta
 *     input 1        sum      sum      sum      sum       += input 1 * delta
 *
 * At the end (lane 0 + lane 1) + (lane 2 + lane 3) of four sums at a time is one vector of the gradient.
 */
import { storeFirst, transposed } from "./narrowGather.ts";
import { FOUR_ROWS, MOST_SUMS, type NarrowLayer, STRIDE, tilesOf } from "./narrowLayout.ts";
import type { Local, WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Int, Lanes } from "./wasmValues.ts";

type Address = typeof Int;

/** Rows `first` … of the matrix, perhaps with the biases at their end, by some of the units. */
interface Tile {
  readonly inputs: number;
  readonly bias: boolean;
  readonly units: number;
}

interface PlacedTile extends Tile {
  readonly firstInput: number;
  readonly firstUnit: number;
}

/** Tiles that cover `[inputs + 1, units]`. */
function cover(inputs: number, units: number): PlacedTile[] {
  const most = Math.floor(MOST_SUMS / Math.min(units, 4));
  // The biases go with the last inputs where these leave room.
  const shared = inputs % most !== 0;
  const tiles: PlacedTile[] = [];
  for (const { first: firstUnit, count } of tilesOf(units)) {
    for (let firstInput = 0; firstInput < inputs; firstInput += most) {
      const left = inputs - firstInput;
      tiles.push({
        firstInput,
        firstUnit,
        inputs: Math.min(most, left),
        bias: shared && left < most,
        units: count,
      });
    }
  }
  if (shared) return tiles;
  for (const { first: firstUnit, count } of tilesOf(units, MOST_SUMS))
    tiles.push({ firstInput: inputs, firstUnit, inputs: 0, bias: true, units: count });
  return tiles;
}

/** (inputs, deltas, end, out): sums over the rows from `inputs` to `end`; every address is of the tile's first number. */
type TileFunction = Callable<readonly [Address, Address, Address, Address], undefined>;

/** The layer's tiles as functions, one for each shape. */
function tileFunctions(module: WasmModule, units: number, held: number): (tile: Tile) => TileFunction {
  const made = new Map<string, TileFunction>();
  return (tile) => {
    const key = `${tile.inputs},${tile.bias},${tile.units}`;
    const known = made.get(key) ?? tileFunction(module, tile, units, held);
    made.set(key, known);
    return known;
  };
}

function tileFunction(module: WasmModule, tile: Tile, layerUnits: number, held: number): TileFunction {
  const { inputs, bias, units } = tile;
  const lines = inputs + (bias ? 1 : 0);
  return module.inner([Int, Int, Int, Int], undefined, (f, a, d, end, out) => {
    const sums = each(lines, () => each(units, () => f.local(Lanes)));
    const input = each(inputs, () => f.local(Lanes));
    const delta = f.local(Lanes);
    // Moved on before they are used, the addresses need no copies.
    for (const address of [a, d, end]) address.set(address.minus(FOUR_ROWS));
    f.loop(() => {
      a.set(a.plus(FOUR_ROWS));
      d.set(d.plus(FOUR_ROWS));
      for (const [i, x] of input.entries()) x.set(Lanes.at(a, i * STRIDE));
      for (let j = 0; j < units; j++) {
        delta.set(Lanes.at(d, j * STRIDE));
        for (const [i, line] of sums.entries()) {
          const sum = line[j]!;
          sum.set(sum.plus(i < inputs ? input[i]!.times(delta) : delta));
        }
      }
      return a.differs(end);
    });
    // By way of memory: used together, they would be computed in an order for which the registers do not suffice.
    for (const [i, sum] of sums.flat().entries()) f.store(Int.of(held), 16 * i, sum);
    for (const [i, sum] of sums.flat().entries()) sum.set(Lanes.at(Int.of(held), 16 * i));
    // Whole rows of the matrix follow one another.
    const runs = units === layerUnits ? [sums.flat()] : sums;
    for (const [i, run] of runs.entries()) storeSums(f, out, 4 * i * layerUnits, run);
  });
}

const each = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

/** The four lanes of each sum joined, to neighboring places from `out + offset` on. */
function storeSums(f: WasmFunction, out: Int, offset: number, sums: readonly Local<Lanes>[]): void {
  for (let at = 0; at < sums.length; at += 4) {
    const four = each(4, (i) => sums[Math.min(at + i, sums.length - 1)]!);
    const [l0, l1, l2, l3] = transposed(f, four);
    storeFirst(f, out, offset + 4 * at, l0.plus(l1).plus(l2.plus(l3)), sums.length - at);
  }
}

/**
 * (input, bytes, out): the gradient of the layer, summed over the rows of the block, to its place in the flat vector at
 * `out`; `bytes` of rows count.
 *
 * @param below As for `forwardFunction`.
 * @param held Room for the sums of a tile.
 */
export function gradientFunction(
  module: WasmModule,
  layer: NarrowLayer,
  below: number | undefined,
  held: number,
): Callable<readonly [Address, Address, Address], undefined> {
  const { inputs, units } = layer.shape;
  const functionOf = tileFunctions(module, units, held);
  const tiles = cover(inputs, units).map((tile) => ({ ...tile, run: functionOf(tile) }));
  return module.inner([Int, Int, Int], undefined, (f, input, bytes, out) => {
    const start = below === undefined ? input : Int.of(below);
    const end = f.local(Int, start.plus(bytes));
    for (const { firstInput, firstUnit, run } of tiles) {
      const skipped = firstInput === inputs ? 0 : firstInput * STRIDE;
      const sums = layer.weights + 4 * (firstInput * units + firstUnit);
      f.run(
        run.call(
          start.plus(skipped),
          Int.of(layer.delta + firstUnit * STRIDE),
          end.plus(skipped),
          out.plus(sums),
        ),
      );
    }
  });
}
