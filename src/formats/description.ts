/** What a network is beside its numbers, as JSON: the part that safetensors files, JSON files and checkpoints share. */
import { FormatError, seedKey, TalwegError } from "../core/index.ts";
import { dense, type Layer, type Metadata, type Network } from "../network/index.ts";
import { decodePlain, encodePlain } from "./plainData.ts";
import { requirePreprocessing } from "./preprocessing.ts";
import { isObject, shorten } from "./strictJson.ts";

/** The version of the description that is written here; older ones are read for ever. */
const formatVersion = 1;

export interface Description {
  layers: Layer[];
  metadata: Metadata;
}

/**
 * The description in its fixed order: version, layers, loss, seed, preprocessing?, classes?, options.
 *
 * @throws {FormatError} When the metadata would not be readable again, such as a wrong number of classes or a preprocessing that
 *   does not fit the network.
 * @throws {OptionError} When preprocessing or options hold something else than plain data.
 */
export function describe(n: Network): Record<string, unknown> {
  const { loss = null, seed, preprocessing, classes, options } = n.metadata;
  const description: Record<string, unknown> = {
    version: formatVersion,
    layers: n.layers.map(({ inputs, units, activation, init, dropout }) => ({
      inputs,
      units,
      activation,
      init,
      dropout,
    })),
    loss,
    seed: typeof seed === "bigint" ? String(seed) : seed,
  };
  if (preprocessing !== undefined) description.preprocessing = encodePlain(preprocessing, "preprocessing");
  if (classes !== undefined) description.classes = [...classes];
  description.options = options === undefined ? null : encodePlain(options, "options");
  readDescription(description, "the network's metadata");
  return description;
}

/**
 * Layers and metadata from parsed JSON; keys that are not known are left alone.
 *
 * The loss is checked by the caller, who has the network.
 *
 * @param place How messages call the JSON: "metadata talweg".
 * @throws {FormatError} When a value is not one that this library could have written.
 */
export function readDescription(value: unknown, place: string): Description {
  if (!isObject(value)) throw wrong(place, value, "an object with version, layers and seed");
  requireVersion(value.version, place);
  const { layers, loss, seed, preprocessing, classes, options } = value;
  if (!Array.isArray(layers) || layers.length === 0) {
    throw wrong(`${place}: layers`, layers, "a list of at least one layer");
  }
  const read = layers.map((layer, i) => readLayer(layer, `${place}: layer ${i + 1}`));
  const metadata: Metadata = { seed: readSeed(seed, place) };
  if (loss !== undefined && loss !== null) {
    if (typeof loss !== "string") throw wrong(`${place}: loss`, loss, "the name of a loss or null");
    metadata.loss = loss as NonNullable<Metadata["loss"]>;
  }
  if (classes !== undefined) metadata.classes = readClasses(classes, read, place);
  if (preprocessing !== undefined && preprocessing !== null) {
    const widths = { inputs: read[0]!.inputs, outputs: read.at(-1)!.units };
    const decoded = decodePlain(preprocessing, `${place}: preprocessing`);
    metadata.preprocessing = requirePreprocessing(decoded, widths, place);
  }
  if (options !== undefined && options !== null) {
    const decoded = decodePlain(options, `${place}: options`);
    if (!isObject(decoded)) throw wrong(`${place}: options`, options, "an object or null");
    metadata.options = decoded;
  }
  return { layers: read, metadata };
}

/** Runs a check of another room and says the same as a fault of the file. */
export function asFormatError<T>(place: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof TalwegError) || error instanceof FormatError) throw error;
    throw new FormatError(`${place}: ${error.message}`);
  }
}

/** @throws {FormatError} When the version is newer than this library, or none. */
function requireVersion(version: unknown, place: string): void {
  if (version === formatVersion) return;
  if (typeof version === "number" && Number.isSafeInteger(version) && version > formatVersion) {
    throw new FormatError(
      `${place}: format version ${version} is newer than this library reads (${formatVersion}), so its meaning is not known here; upgrade talweg.`,
    );
  }
  throw wrong(`${place}: version`, version, String(formatVersion));
}

function readLayer(value: unknown, place: string): Layer {
  if (!isObject(value))
    throw wrong(place, value, "an object with inputs, units, activation, init and dropout");
  const { inputs, units, activation, init, dropout } = value;
  for (const [key, size] of Object.entries({ inputs, units, dropout })) {
    if (typeof size !== "number") throw wrong(`${place}: ${key}`, size, "a number");
  }
  for (const [key, name] of Object.entries({ activation, init })) {
    if (typeof name !== "string") throw wrong(`${place}: ${key}`, name, "a name");
  }
  // The constructor of layers knows the closed lists of names and the ranges.
  const { inputs: i, units: u, activation: a, init: t, dropout: d } = value as unknown as Layer;
  return asFormatError(place, () => dense(i, u, a, { init: t, dropout: d }));
}

/** A seed is a number, or the digits of one that is too large for a number. */
function readSeed(value: unknown, place: string): Metadata["seed"] {
  const seed = typeof value === "string" && /^[0-9]{1,20}$/.test(value) ? BigInt(value) : value;
  if (typeof seed !== "bigint" && typeof seed !== "number") {
    throw wrong(`${place}: seed`, value, "a whole number, or its digits as a text");
  }
  asFormatError(place, () => seedKey(seed));
  return seed;
}

function readClasses(value: unknown, layers: readonly Layer[], place: string): string[] {
  const outputs = layers.at(-1)?.units ?? 0;
  const isNames = Array.isArray(value) && value.every((name) => typeof name === "string");
  // One output tells two classes apart, so it may have two names.
  if (isNames && (value.length === outputs || (outputs === 1 && value.length === 2)))
    return value as string[];
  throw wrong(
    `${place}: classes`,
    value,
    `a list of ${outputs === 1 ? "1 or 2 names for 1 output" : `${outputs} names, one an output`}`,
  );
}

function wrong(place: string, value: unknown, expected: string): FormatError {
  return new FormatError(
    `${place} is ${shorten(value)}, expected ${expected}, since the network is built from it; the file is damaged or edited: save or fetch it again.`,
  );
}
