// How ours grows: time and memory against width, depth, batch and number of examples, one process for each point; then the
// start of a process, and the size of the library.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChild } from "../child.js";
import { writeData } from "../data.js";
import { median, spread } from "../statistics.js";
import { workloads } from "../workloads.js";
import { librarySize, writeBundles } from "./bundle.js";
import { startTimes } from "./startup.js";

const here = dirname(fileURLToPath(import.meta.url));
const LIMIT = 300;

const digits = { hidden: [128], batch: 128, rows: 2048 };

/** The points of each curve: what stands on its axis, and what is trained. */
const CURVES = [
  {
    name: "width",
    axis: "units of the hidden layer",
    title: "784-U-10, batch 128",
    points: [16, 32, 64, 128, 256, 512, 1024, 2048].map((at) => ({ at, ...digits, hidden: [at] })),
  },
  {
    name: "depth",
    axis: "hidden layers of 128",
    title: "784-128-…-128-10, batch 128",
    points: [1, 2, 3, 4, 6, 8].map((at) => ({ at, ...digits, hidden: new Array(at).fill(128) })),
  },
  {
    name: "batch",
    axis: "examples in a batch",
    title: "784-128-10, 8,192 examples",
    points: [1, 4, 16, 64, 256, 1024, 4096].map((at) => ({ at, ...digits, batch: at, rows: 8192 })),
  },
  {
    name: "examples",
    axis: "examples in an epoch",
    title: "784-128-10, batch 128",
    points: [1000, 3000, 10_000, 30_000, 60_000].map((at) => ({ at, ...digits, rows: at })),
  },
];

/** A quick try takes the ends of each curve and few examples. */
function points(curve, quick) {
  if (!quick) return curve.points;
  return [curve.points[0], curve.points.at(-1)].map((point) => ({
    ...point,
    rows: Math.min(point.rows, 512),
  }));
}

async function measurePoint(point, data, { number, quick }) {
  const child = startChild({ command: [process.execPath, join(here, "point.js")], env: process.env });
  try {
    const { sizes, types, files } = data.task;
    const task = { sizes, types, files, rows: point.rows, check: { rows: 0 } };
    const limits = quick
      ? { rounds: 1, measure: 0, warmUp: 0, most: 0.5 }
      : { rounds: number, measure: 1, warmUp: 0.5, most: 20 };
    const message = { command: "measure", task, point, limits };
    const { error, secondsAnExample, peakMiB, parameterCount } = await child.ask(message, LIMIT);
    if (error !== undefined) return { at: point.at, failed: error };
    return {
      at: point.at,
      parameterCount,
      rounds: secondsAnExample,
      secondsAnExample: median(secondsAnExample),
      spread: spread(secondsAnExample),
      peakMiB,
    };
  } finally {
    await child.quit();
  }
}

async function measureCurve(curve, data, options, report) {
  const measured = [];
  for (const point of points(curve, options.quick)) measured.push(await measurePoint(point, data, options));
  report(`  ${curve.name}: ${measured.map(({ at }) => at).join(", ")}`);
  const { name, axis, title } = curve;
  return { name, axis, title, points: measured };
}

async function measureCurves(curves, options, report) {
  const data = writeData(workloads.find(({ name }) => name === "W2b128"));
  try {
    const measured = [];
    for (const curve of curves) measured.push(await measureCurve(curve, data, options, report));
    return measured;
  } finally {
    data.remove();
  }
}

async function measureStart({ quick }) {
  const bundles = await writeBundles();
  try {
    return startTimes(bundles, quick ? 3 : 20);
  } finally {
    bundles.remove();
  }
}

/** The parts that were asked for; undefined where none was. What fails is left out, and said. */
export async function measureGrowth(options, report) {
  const wanted = (name) => options.only === undefined || options.only.test(`growth ${name}`);
  const curves = CURVES.filter(({ name }) => wanted(name));
  const parts = {
    ...(curves.length > 0 ? { curves: () => measureCurves(curves, options, report) } : {}),
    ...(wanted("start") ? { start: () => measureStart(options) } : {}),
    ...(wanted("size") ? { size: librarySize } : {}),
  };
  if (Object.keys(parts).length === 0) return undefined;
  report("\nHow ours grows");
  const record = {};
  for (const [name, measure] of Object.entries(parts)) {
    try {
      record[name] = await measure();
      report(`  ${name}: measured`);
    } catch (error) {
      report(`  ${name} failed: ${error.stack}`);
    }
  }
  return record;
}
