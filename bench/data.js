// The data of a workload as raw little-endian files, the same for all contestants, and the start that all begin with.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dense, network, randomStream, shuffledOrder } from "talweg";
import { loadMnist } from "talweg/node";
import { onnxFile } from "./onnx.js";

const SEED = 1;
/** Orders of whole epochs; contestants begin again with the first when they have used them up. */
const ORDERS = 8;

function parabola({ rows }) {
  const { uniform } = randomStream(SEED, "data");
  const x = Float32Array.from({ length: rows }, (_, i) => uniform(i));
  return { x, y: x.map((value) => value * value) };
}

/** Random numbers in [0, 1) without a zero to skip, and random labels. */
function denseNoise({ rows, sizes }) {
  const x = new Float32Array(rows * sizes[0]);
  const { uniform } = randomStream(SEED, "data", 1);
  for (let i = 0; i < x.length; i++) x[i] = uniform(i);
  const { word } = randomStream(SEED, "data", 2);
  return { x, y: Uint8Array.from({ length: rows }, (_, i) => word(i) % sizes.at(-1)) };
}

function digits({ rows, sizes, kind }) {
  const { x, y } = loadMnist(kind === "classes" ? "train" : "test");
  return { x: x.subarray(0, rows * sizes[0]), y: y.subarray(0, rows) };
}

/** Folders that are there: none is left behind when the program is stopped. */
const folders = new Set();
const removeFolder = (folder) => rmSync(folder, { recursive: true, force: true });
process.on("exit", () => folders.forEach(removeFolder));

const sources = { parabola, dense: denseNoise, mnist: digits };

/** The start as one vector, and layer by layer. */
function startOf({ sizes, activations }) {
  const layers = sizes.slice(1).map((units, i) => dense(sizes[i], units, activations[i]));
  const model = network(layers, { seed: SEED });
  return {
    start: Float32Array.from(model.parameters),
    layers: layers.map(({ inputs, units }, i) => ({
      width: inputs,
      units,
      w: Float32Array.from(model.weights(i + 1)),
      b: Float32Array.from(model.biases(i + 1)),
    })),
  };
}

/** Rows as the reference wants them: inputs from 0 to 1, labels as numbers and other targets as rows. */
function rowReaders({ sizes }, { x, y }) {
  const [width, outputs] = [sizes[0], sizes.at(-1)];
  const scale = x instanceof Uint8Array ? 255 : 1;
  return {
    x: (row) => Float64Array.from(x.subarray(row * width, (row + 1) * width), (value) => value / scale),
    y: (row) => (y instanceof Uint8Array ? y[row] : y.subarray(row * outputs, (row + 1) * outputs)),
  };
}

const typeOf = (array) => (array instanceof Uint8Array ? "u8" : "f32");

function ordersOf({ rows, check, shuffle }) {
  if (!shuffle) return {};
  const orders = new Uint32Array(rows * ORDERS);
  for (let i = 0; i < ORDERS; i++) orders.set(shuffledOrder(rows, SEED, i + 1), i * rows);
  return { orders, checkOrder: shuffledOrder(check.rows, SEED, 1) };
}

/**
 * Writes the files of a workload.
 *
 * @returns `task`, what a contestant is sent; `forReference`, the same for reference.js; `remove()`, which removes the files.
 */
export function writeData(workload) {
  const { name, kind, sizes, activations, loss, optimizer, learningRate, shuffle, rows, batch, check } =
    workload;
  const folder = mkdtempSync(join(tmpdir(), "talweg-bench-"));
  folders.add(folder);
  const source = sources[workload.data](workload);
  const { start, layers } = startOf(workload);
  const { orders, checkOrder } = ordersOf(workload);
  const arrays = { x: source.x, y: source.y, start, orders, checkOrder };
  if (kind === "one" || kind === "many") arrays.onnx = onnxFile(layers);
  const files = {};
  for (const [file, array] of Object.entries(arrays)) {
    if (array === undefined) continue;
    files[file] = join(folder, file);
    writeFileSync(files[file], new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  const task = { name, kind, sizes, activations, loss, optimizer, learningRate, shuffle, rows, batch, check };
  return {
    task: {
      ...task,
      seed: SEED,
      types: { x: typeOf(source.x), y: typeOf(source.y) },
      files,
      orders: { rows, count: ORDERS },
    },
    forReference: { ...rowReaders(workload, source), start, checkOrder },
    remove: () => {
      removeFolder(folder);
      folders.delete(folder);
    },
  };
}
