/** Models and checkpoints as files. */
import { extname } from "node:path";
import { OptionError } from "../core/index.ts";
import {
  type DescribedOptions,
  decodeUtf8,
  fromCheckpoint,
  fromJson,
  fromSafetensors,
  toCheckpoint,
  toJson,
  toSafetensors,
} from "../formats/index.ts";
import type { Network } from "../network/index.ts";
import { atPath, readBytes } from "./readBytes.ts";
import { writeFileAtomic } from "./writeFileAtomic.ts";

interface Format {
  write: (n: Network) => Uint8Array | string;
  read: (bytes: Uint8Array, described: Partial<DescribedOptions>) => Network;
}

const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  [".safetensors", { write: (n) => toSafetensors(n), read: fromSafetensors }],
  [".json", { write: toJson, read: (bytes) => fromJson(decodeUtf8(bytes, "model JSON")) }],
]);

/**
 * Saves a network, as safetensors or JSON by the extension of the path; an older file is replaced only when all is written.
 *
 * @throws {OptionError} When the extension is neither.
 * @throws {NotFiniteError} When a parameter is NaN or infinite; nothing is written then.
 * @throws {FileError} When the file cannot be written.
 */
export function saveModel(n: Network, path: string): void {
  const { write } = formatOf(path);
  writeFileAtomic(path, write(n));
}

/**
 * The network in a file that `saveModel` or `saveCheckpoint` wrote, or in a safetensors file of another program.
 *
 * @param described What such a file holds, see `fromSafetensors`; only safetensors files need it.
 * @throws {OptionError} When the extension is neither .safetensors nor .json.
 * @throws {FileError} When the file cannot be read.
 * @throws {FormatError} When it is damaged or not a model, with its path.
 */
export function loadModel(path: string, described: Partial<DescribedOptions> = {}): Network {
  const { read } = formatOf(path);
  const bytes = readBytes(path);
  return atPath(path, () => read(bytes, described));
}

/**
 * Saves a network and the state of its training as one safetensors file.
 *
 * @param state Plain data, see `toCheckpoint`.
 * @throws {OptionError | NotFiniteError | FileError} As `saveModel`, and when the state is not plain data.
 */
export function saveCheckpoint(n: Network, state: unknown, path: string): void {
  if (extname(path) !== ".safetensors")
    throw wrongExtension(path, "since a checkpoint is a safetensors file", [".safetensors"]);
  writeFileAtomic(path, toCheckpoint(n, state));
}

/** The network and state that `saveCheckpoint` was given. @throws {FileError | FormatError} As `loadModel`. */
export function loadCheckpoint(path: string): { network: Network; state: unknown } {
  const bytes = readBytes(path);
  return atPath(path, () => fromCheckpoint(bytes));
}

function formatOf(path: string): Format {
  const format = formats.get(extname(path));
  if (format !== undefined) return format;
  throw wrongExtension(path, "since the extension chooses the format", [...formats.keys()]);
}

function wrongExtension(path: string, why: string, extensions: readonly string[]): OptionError {
  const given = extname(path) === "" ? "no extension" : `the extension ${extname(path)}`;
  return new OptionError(
    "path",
    `${path}: the name has ${given}, expected ${extensions.join(" or ")}, ${why}; write for example model.safetensors.`,
  );
}
