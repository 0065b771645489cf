// Everything after the set-up: who is there, all workloads, our growth, and the files.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compare, withoutPaths } from "./compare.js";
import { findContestants, OURS } from "./contestants.js";
import { comparisonFigure } from "./figure.js";
import { growthFigure } from "./growth/figure.js";
import { measureGrowth } from "./growth/growth.js";
import { machine } from "./machine.js";
import { aptLine } from "./python.js";
import { document } from "./tables.js";
import { scaled, workloads } from "./workloads.js";

const docs = join(dirname(fileURLToPath(import.meta.url)), "../docs");

/** Each workload that some contestant takes part in, with those that do. */
function selected(contestants, { only }) {
  return workloads
    .map((workload) => {
      const wanted = ({ name }) => only === undefined || only.test(`${workload.name} ${name}`);
      const takesPart = contestants.filter((one) => one.workloads.includes(workload.name));
      return { workload, entrants: takesPart.filter(wanted) };
    })
    .filter(({ entrants }) => entrants.length > 0);
}

/** Puts the ratio to ours into each row: its time over our time. */
function withRatios(record) {
  const ours = record.results.find(({ contestant }) => contestant === OURS)?.median;
  if (ours === undefined) return record;
  const ratio = (value) => (record.better === "less" ? value / ours : ours / value);
  const results = record.results.map((row) =>
    row.median === undefined ? row : { ...row, ratio: ratio(row.median) },
  );
  return { ...record, results };
}

/** What fails here takes its workload out, not the others. */
async function measureOne(workload, entrants, options) {
  try {
    return withRatios(await compare(workload, entrants, options));
  } catch (error) {
    options.report(`  failed: ${error.stack}`);
    const { name, title, unit, better, rows } = workload;
    return { name, title, unit, better, rows, results: [], failed: withoutPaths(error.message) };
  }
}

async function measureAll(contestants, options, report) {
  const records = [];
  for (const { workload, entrants } of selected(contestants, options)) {
    const begun = performance.now();
    report(`\n${workload.name}: ${workload.title}`);
    records.push(await measureOne(scaled(workload, options.quick), entrants, { ...options, report }));
    report(`  ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  }
  return records;
}

function writeFiles(folder, record, text) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "bench.json"), `${JSON.stringify(record, null, 2)}\n`);
  writeFileSync(join(folder, "bench.md"), text);
  const figures = { "bench.svg": comparisonFigure(record), "bench-growth.svg": growthFigure(record) };
  for (const [file, figure] of Object.entries(figures)) {
    if (figure !== undefined) writeFileSync(join(folder, file), figure);
  }
}

export async function run(options) {
  const report = (line) => console.error(line);
  const { contestants, pythons } = findContestants();
  const apt = aptLine(pythons);
  if (apt !== undefined) report(`Peers in Python are missing; on Debian this adds them:\n  ${apt}`);
  const about = machine();
  if (about.load > 0.5)
    report(`Something else is running (load ${about.load}); the figures will be worse than they should.`);
  const record = {
    date: new Date().toISOString().slice(0, 10),
    quick: options.quick,
    machine: about,
    pythons: pythons.map(({ python, numpy, sklearn, torch }) => ({ python, numpy, sklearn, torch })),
    comparison: await measureAll(contestants, options, report),
    growth: await measureGrowth(options, report),
  };
  const text = document(record);
  console.log(text);
  const folder = options.out ?? (options.quick || options.only ? undefined : docs);
  if (folder === undefined) return;
  writeFiles(folder, record, text);
  report(`Written to ${folder}`);
}
