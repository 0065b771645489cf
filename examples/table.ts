// A table in, answers out, in the columns' own terms; network, epochs and step sizes are chosen.
import { predictTable, readCsv, trainTable } from "talweg";

const flats = Array.from(
  { length: 80 },
  (_, i) => [20 + ((7 * i) % 90), i % 3 === 0 ? "Oslo" : "Bergen"] as const,
);
const rows = flats.map(([area, city]) => `${area},${city},${300 + 9 * area + (city === "Oslo" ? 400 : 0)}`);
const table = readCsv(["area,city,rent", ...rows].join("\n"));

const { model, notes } = await trainTable(table, { target: "rent" });
console.log(notes[0]);
const { answers } = predictTable(model, readCsv("city,area\nOslo,50\nBergen,70\n"));
for (const { values } of answers) console.log(values.rent);
