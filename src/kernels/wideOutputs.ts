/**
 * The output layer of a wide network: its rows are turned into groups of four with one row in each lane, so that softmax, sums
 * over the outputs and losses are written once for wide and narrow networks (`laneOutputs.ts`).
 *
 *     rows    z[r][0], z[r][1], z[r][2], …                 one after the other
 *     quads   z[r … r+3][0], z[r … r+3][1], …              four rows in the lanes
 */
import type { LaneMathematics } from "./laneMathematics.ts";
import { outputFunctions } from "./laneOutputs.ts";
import type { Loss } from "./spec.ts";
import type { WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Int, Ints, Lanes } from "./wasmValues.ts";
import type { WideLayout } from "./wideLayout.ts";
import { transpose } from "./widePack.ts";

type I = typeof Int;

export interface WideOutputs {
  /** a of group `group` (rows 4 group … 4 group + 3) as quads, from z. */
  activate: Callable<readonly [I], undefined>;
  /** The same group's a to `to`, row-major without gaps, for the first `rows` of them. */
  write: Callable<readonly [I, I, I], undefined>;
  /** Targets of the group from the addresses of four rows: of their first number, or of their labels. */
  targets: Callable<readonly [I, I, I, I, I], undefined> | undefined;
  labels: Callable<readonly [I, I, I, I, I], undefined> | undefined;
  /** Losses of the group's rows. */
  value: Callable<readonly [I], undefined> | undefined;
  /** Their delta, back in rows. */
  delta: Callable<readonly [I], undefined> | undefined;
}

/** Turns `units` columns of four rows, at four addresses, into quads at `to`. */
function rowsToQuads(module: WasmModule, units: number): Callable<readonly [I, I, I, I, I], undefined> {
  return module.inner([Int, Int, Int, Int, Int], undefined, (f, a, b, c, d, to) => {
    const j = f.local(Int);
    const four = (count: number): void => {
      const rows = [a, b, c, d].map((row) => Lanes.at(row.plus(j)));
      const columns = transpose(f, rows as [Lanes, Lanes, Lanes, Lanes]);
      for (let k = 0; k < count; k++) f.store(j.times(4).plus(to), 16 * k, columns[k]!);
    };
    const whole = 4 * (units - (units % 4));
    if (whole > 0) f.count(j, 0, whole, 16, () => four(4));
    j.set(Int.of(whole));
    if (units % 4 > 0) four(units % 4);
  });
}

/** The first number of each of four rows, as one lane each. */
function fourBytes(f: WasmFunction, addresses: readonly Int[]): Ints {
  const out = f.local(Ints);
  for (const [lane, address] of addresses.entries()) out.set(out.withLane(lane, Int.byteAt(address)));
  return out;
}

export function wideOutputs(
  module: WasmModule,
  mathematics: LaneMathematics,
  { layers, quads, losses }: WideLayout,
  loss: Loss | undefined,
): WideOutputs {
  const { shape, z, delta } = layers.at(-1)!;
  const { units, activation } = shape;
  const functions = outputFunctions(module, mathematics, { activation, loss, units, stride: 16 });
  const quad = (address: number, group: Int): Int => group.times(quads.stride).plus(address);
  const toQuads = rowsToQuads(module, units);
  const activate = module.inner([Int], undefined, (f, group) => {
    const row = f.local(Int, group.times(4 * z.stride).plus(z.address));
    const to = f.local(Int, quad(quads.z, group));
    f.run(toQuads.call(row, row.plus(z.stride), row.plus(2 * z.stride), row.plus(3 * z.stride), to));
    f.run(functions.activate.call(to, quad(quads.a, group)));
  });
  const write = module.inner([Int, Int, Int], undefined, (f, group, rows, to) => {
    const j = f.local(Int);
    const r = f.local(Int);
    const from = f.local(Int, quad(quads.a, group));
    f.count(r, 0, rows, 1, () => {
      f.count(j, 0, units, 1, () => {
        const number = Lanes.splatAt(j.times(16).plus(from).plus(r.times(4)));
        f.storeLane(r.times(units).plus(j).times(4).plus(to), 0, number, 0);
      });
    });
  });
  const { value, delta: outputDelta } = functions;
  if (value === undefined || outputDelta === undefined) {
    return { activate, write, targets: undefined, labels: undefined, value: undefined, delta: undefined };
  }
  return {
    activate,
    write,
    targets: module.inner([Int, Int, Int, Int, Int], undefined, (f, group, a, b, c, d) => {
      f.run(toQuads.call(a, b, c, d, quad(quads.y, group)));
    }),
    labels: module.inner([Int, Int, Int, Int, Int], undefined, (f, group, a, b, c, d) => {
      const four = fourBytes(f, [a, b, c, d]);
      const to = f.local(Int, quad(quads.y, group));
      const j = f.local(Int);
      f.count(j, 0, units, 1, () => {
        const hit = four.equals(Ints.splat(j)).asLanes();
        f.store(j.times(16).plus(to), 0, Lanes.of(1).and(hit));
      });
    }),
    value: module.inner([Int], undefined, (f, group) => {
      const [zq, aq, yq] = [quad(quads.z, group), quad(quads.a, group), quad(quads.y, group)];
      f.store(group.times(16), losses, value.call(zq, aq, yq));
    }),
    delta: module.inner([Int], undefined, (f, group) => {
      const from = f.local(Int, quad(quads.delta, group));
      const [zq, aq, yq] = [quad(quads.z, group), quad(quads.a, group), quad(quads.y, group)];
      f.run(outputDelta.call(zq, aq, yq, from));
      const to = f.local(Int, group.times(4 * delta.stride).plus(delta.address));
      const j = f.local(Int);
      f.count(j, 0, Math.ceil(units / 4), 1, () => {
        const rows = transpose(f, [
          Lanes.at(from, 0),
          Lanes.at(from, 16),
          Lanes.at(from, 32),
          Lanes.at(from, 48),
        ]);
        for (const [r, row] of rows.entries()) f.store(to, r * delta.stride, row);
        from.set(from.plus(64));
        to.set(to.plus(16));
      });
    }),
  };
}
