/** Data by name or path: the one entrance for commands. */
import { existsSync, statSync } from "node:fs";
import { type Dataset, FileError, OptionError } from "../core/index.ts";
import { type CurveOptions, dataNames, datasetByName, smallDataNames } from "../data/index.ts";
import { loadFolder } from "./idxFolder.ts";
import { loadMnist } from "./mnist.ts";

export interface LoadOptions extends CurveOptions {
  /** Where the files of mnist or fashion-mnist are, if not in their usual place. */
  folder?: string;
}

/** Where Debian's package dataset-fashion-mnist puts its files. */
const fashionFolder = "/usr/share/datasets/fashion-mnist";

/** The names of the classes of Fashion-MNIST, `[10]`, as its authors give them. */
export const fashionMnistClasses: readonly string[] = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];

/**
 * The data of a name (`dataNames`) or of a folder with IDX files.
 *
 * @param options `part` "train". For sets from files, `rows` takes the first so many rows, all by default, and `seed` and
 *   `precision` have nothing to do; `interval` and `noise` belong to the small sets alone.
 * @throws {OptionError} When there is no such data, or an option does not go with it.
 * @throws {FileError | FormatError | DataError} When files are missing, damaged or hold labels without a class.
 */
export function loadData(name: string, options: LoadOptions = {}): Dataset {
  const { folder, ...small } = options;
  if ((smallDataNames as readonly string[]).includes(name)) {
    if (folder !== undefined) throw unfitting(name, "folder", "is computed and has no files");
    return datasetByName(name, small);
  }
  for (const option of ["interval", "noise"] as const) {
    if (options[option] !== undefined) throw unfitting(name, option, "is read from files as it is");
  }
  return firstRows(name, loadFiles(name, options), options.rows);
}

function loadFiles(name: string, { part = "train", folder }: LoadOptions): Dataset {
  if (name === "mnist") return folder === undefined ? loadMnist(part) : loadMnist(part, folder);
  if (name === "fashion-mnist") return loadFashion(part, folder);
  if (folder !== undefined) throw unfitting(name, "folder", "is a path itself");
  if (!existsSync(name)) {
    throw new OptionError(
      "name",
      `there is no data "${name}", neither a name nor a path; expected one of ${dataNames.join(", ")}, or a folder with IDX files; ` +
        "check the spelling.",
    );
  }
  if (!statSync(name).isDirectory()) {
    throw new OptionError(
      "name",
      `${name}: the path is a file, expected a folder with IDX files (train-images-idx3-ubyte and so on), which hold inputs and targets; ` +
        "pass the folder that it lies in. A table such as sales.csv is read by readTable and needs a target: trainTable, or talweg train sales.csv --target price.",
    );
  }
  return loadFolder(name, part);
}

function loadFashion(part: "train" | "test", folder: string = fashionFolder): Dataset {
  if (!existsSync(folder)) {
    throw new FileError(
      folder,
      `${folder}: there is no such folder, expected the files of Fashion-MNIST there; ` +
        "install Debian's package dataset-fashion-mnist, or fetch the files and name their folder.",
    );
  }
  return loadFolder(folder, part, { classes: fashionMnistClasses });
}

/** The first rows, without a copy. */
function firstRows(name: string, dataset: Dataset, rows: number = dataset.rows): Dataset {
  if (!Number.isSafeInteger(rows) || rows < 1 || rows > dataset.rows) {
    throw new OptionError(
      "rows",
      `${name}: rows is ${String(rows)}, expected a whole number from 1 to ${dataset.rows}, the rows of the file; pass fewer, or none for all.`,
    );
  }
  const { x, y, inputs, outputs } = dataset;
  const width = y instanceof Uint8Array ? 1 : outputs;
  return { ...dataset, x: x.subarray(0, rows * inputs), y: y.subarray(0, rows * width), rows };
}

function unfitting(name: string, option: string, why: string): OptionError {
  return new OptionError(
    option,
    `${name}: ${option} is given, expected none, since this set ${why}; leave it out.`,
  );
}
