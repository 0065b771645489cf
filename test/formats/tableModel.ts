/** A small model of a table with a column of every kind, and rows for it, missing and unseen cells among them. */
import type { Preprocessing, Table, Value } from "talweg/data";
import type { Layer, Network } from "talweg/network";
import { makeLayer, networkOf } from "./material.ts";

const columns: Preprocessing["columns"] = [
  { name: "age", kind: "number", mean: 40, deviation: 12.5, fill: 40, indicator: true, least: 1, most: 90 },
  { name: "label", kind: "category", values: ["Bergen", "Ål", "__proto__", "‹i›</script>"] },
  { name: "member", kind: "boolean", fill: 1, indicator: true },
  { name: "since", kind: "date", mean: 19000.25, deviation: 812.5, fill: 19000.25, indicator: false },
  { name: "", kind: "number", mean: 3e9, deviation: 2.5, fill: 3e9, indicator: false, least: 0, most: 6e9 },
];

const inputs = 2 + 5 + 2 + 1 + 1;

/** A network over those columns; its numbers are multiples of 1/64. */
export function tableNetwork(
  targets: Preprocessing["targets"],
  outputs: number,
  activation: Layer["activation"],
  loss?: NonNullable<Network["metadata"]["loss"]>,
): Network {
  const preprocessing: Preprocessing = { version: 1, inputs, columns, dropped: [], targets };
  const layers = [makeLayer(inputs, 6, "tanh"), makeLayer(6, outputs, activation)];
  const at = (i: number): number => (((i * 37) % 101) - 50) / 64;
  return networkOf(layers, "float32", at, { seed: 3, preprocessing, ...(loss && { loss }) });
}

/** Rows, column by column as the tables of the room data are. */
export const table: Table = {
  names: columns.map(({ name }) => name),
  rows: 6,
  columns: [
    [39, "61.5", null, "-2", 0, "1e2"],
    ["Bergen", "Ål", "__proto__", "nowhere", null, "‹i›</script>"],
    ["true", "No", null, "YES", "0", "false"],
    ["2021-12-25", "1969-07-20", "2024-02-29T12:30:00Z", null, "2000-01-01 06:00:00+02:00", "0001-01-01"],
    [3e9, 3000000001.5, "2999999999", null, "3000000004", 3000000000.25],
  ],
};

/** The rows as objects without a prototype, since any text may be a column. */
export function rowObjects({ names, rows, columns: cells }: Table): Record<string, Value>[] {
  return Array.from({ length: rows }, (_, r) => {
    const row = Object.create(null) as Record<string, Value>;
    for (const [c, name] of names.entries()) row[name] = cells[c]![r]!;
    return row;
  });
}
