// What a contestant is asked to do, read from the files that the coordinator wrote: every contestant gets the same numbers.
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** The folder of an installed package, by its name in package.json. */
export const packageFolder = (name) => join(here, "../node_modules", name);

/** The version that is installed. */
export function versionOf(name) {
  return JSON.parse(readFileSync(join(packageFolder(name), "package.json"), "utf8")).version;
}

/** A package that is not an ES module. */
export const load = createRequire(import.meta.url);

/** The first `count` numbers of a file of raw little-endian numbers. */
function numbers(path, Type, count) {
  const array = new Type(count);
  const file = openSync(path, "r");
  try {
    const bytes = new Uint8Array(array.buffer);
    for (let done = 0; done < bytes.length; ) {
      const read = readSync(file, bytes, done, bytes.length - done, done);
      if (read === 0) throw new Error(`${path} ends after ${done} bytes, expected ${bytes.length}`);
      done += read;
    }
  } finally {
    closeSync(file);
  }
  return array;
}

const types = { u8: Uint8Array, f32: Float32Array };

/** Rows that are needed: those of the rounds and those of the check. */
const rowsNeeded = (task) => Math.max(task.rows, task.check.rows);

/** Inputs `[rows, inputs]` as they are in the file: bytes, or float32. */
export function rawInputs(task) {
  return numbers(task.files.x, types[task.types.x], rowsNeeded(task) * task.sizes[0]);
}

/** Inputs `[rows, inputs]` as float32; bytes become numbers from 0 to 1. */
export function inputs(task) {
  const raw = rawInputs(task);
  if (raw instanceof Float32Array) return raw;
  const x = new Float32Array(raw.length);
  for (let i = 0; i < x.length; i++) x[i] = raw[i] / 255;
  return x;
}

/** Targets: labels as bytes `[rows]`, or float32 `[rows, outputs]`. */
export function targets(task) {
  const width = task.types.y === "u8" ? 1 : task.sizes.at(-1);
  return numbers(task.files.y, types[task.types.y], rowsNeeded(task) * width);
}

/** Targets `[rows, outputs]` as float32; a label becomes a row with a 1 at its place. */
export function targetRows(task) {
  const y = targets(task);
  if (y instanceof Float32Array) return y;
  const classes = task.sizes.at(-1);
  const out = new Float32Array(y.length * classes);
  for (const [row, label] of y.entries()) out[row * classes + label] = 1;
  return out;
}

/** The common start as one vector W1, b1, W2, b2, … */
export function startFlat(task) {
  const count = task.sizes.slice(1).reduce((sum, units, i) => sum + (task.sizes[i] + 1) * units, 0);
  return numbers(task.files.start, Float32Array, count);
}

/** The common start, layer by layer: `w` `[inputs, units]` row-major, `b` `[units]`. */
export function startLayers(task) {
  const flat = startFlat(task);
  let at = 0;
  const take = (count) => {
    at += count;
    return flat.slice(at - count, at);
  };
  return task.sizes.slice(1).map((units, i) => {
    const width = task.sizes[i];
    return { width, units, w: take(width * units), b: take(units) };
  });
}

/** The order of the rows in the check's epoch. */
export const checkOrder = (task) => numbers(task.files.checkOrder, Uint32Array, task.check.rows);

/** Orders of the rounds' epochs, one after the other and then again; a contestant with fewer rows gets its own in that order. */
export function roundOrders(task) {
  const { rows, count } = task.orders;
  const all = numbers(task.files.orders, Uint32Array, rows * count);
  const orders = Array.from({ length: count }, (_, i) =>
    all.subarray(i * rows, (i + 1) * rows).filter((row) => row < task.rows),
  );
  let next = 0;
  return () => orders[next++ % count];
}

/** Row `i` of `[rows, width]`, a view. */
export const rowOf = (values, width, i) => values.subarray(i * width, (i + 1) * width);

/** Each row as an array of its own, for libraries that take one example at a time. */
export function rowArrays(values, width, Type = Float32Array) {
  return Array.from({ length: values.length / width }, (_, i) => Type.from(rowOf(values, width, i)));
}

/** The batches of one epoch, each as copies of its inputs and targets; without an order the rows come as they stand. */
export function* batches(task, x, y, rows, order) {
  for (let from = 0; from < rows; from += task.batch) {
    const count = Math.min(task.batch, rows - from);
    const part = (values, width) =>
      order === undefined
        ? values.slice(from * width, (from + count) * width)
        : gather(values, width, order.subarray(from, from + count));
    yield [part(x, task.sizes[0]), part(y, task.sizes.at(-1)), count];
  }
}

/** The named rows beside each other. */
export function gather(values, width, rows) {
  const out = new Float32Array(rows.length * width);
  for (let k = 0; k < rows.length; k++) out.set(rowOf(values, width, rows[k]), k * width);
  return out;
}

/** Mean squared error of outputs against targets of the same length. */
export function meanSquaredError(outputs, wanted) {
  let sum = 0;
  for (let i = 0; i < wanted.length; i++) sum += (outputs[i] - wanted[i]) ** 2;
  return sum / wanted.length;
}
