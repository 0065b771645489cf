/**
 * What the digits view has on show as text for a link, and back.
 *
 * A line of JSON with the fields that differ from what the view opens with, then the picture: ink, or the 784 pixels of a picture
 * of MNIST, in which stretches without ink and of full ink are counted. The numbers of a network are in no link: they are too
 * many. Its hash is, and what is needed to have it again: nothing for the one that came with the page, the plan of one that
 * learned here, the name of a file. Links are made by strangers, so every field is looked at.
 */
import { FormatError, OptionError } from "talweg";
import { choice, fields, refuse, whole } from "../state/checks.ts";
import { pack, unpack } from "../state/packing.ts";
import type { Origin, Picture, Wanted } from "./digitsState.ts";
import { PIXELS } from "./images.ts";
import { plannedSteps, type TrainingPlan } from "./protocol.ts";
import { enlarged, type Ink, SIDE } from "./raster.ts";
import type { Neuron } from "./reading.ts";

/** What a link is about. */
export interface Linked {
  readonly picture: Picture;
  readonly origin: Origin;
  /** The first eight digits of parametersSha256 of that network, with all of its neurons. */
  readonly hash: string;
  readonly off: readonly Neuron[];
  readonly selected: Neuron;
  /** The digit that "why" is about, null for the answer. */
  readonly about: number | null;
  readonly wanted: Wanted | null;
}

const limits = {
  number: [0, 59_999],
  digit: [0, 9],
  layer: [1, 100],
  unit: [0, 99_999],
  off: 5000,
  hidden: [1, 512],
  epochs: [1, 1000],
  seed: [0, 2 ** 32 - 1],
  name: 100,
} as const;

type Plain = Record<string, unknown>;

/** "" for what the view opens with. */
export async function toText(linked: Linked, opening: Linked): Promise<string> {
  const [mine, usual] = [plainOf(linked), plainOf(opening)];
  const all: Plain = Object.fromEntries(
    Object.entries(mine).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name])),
  );
  const { ink, taken } = linked.picture;
  if (taken === null && isSame(ink, opening.picture.ink)) delete all.picture;
  else all.picture = taken === null ? "drawn" : "taken";
  if (Object.keys(all).length === 0) return "";
  const line = new TextEncoder().encode(`${JSON.stringify({ ...all, hash: linked.hash })}\n`);
  const counted = all.picture === undefined ? new Uint8Array() : counts(taken === null ? ink : taken.pixels);
  const bytes = new Uint8Array(line.length + counted.length);
  bytes.set(line);
  bytes.set(counted, line.length);
  return pack(bytes);
}

/**
 * @throws {FormatError} When it is damaged.
 * @throws {OptionError} With the field that cannot be.
 */
export async function fromText(text: string, opening: Linked): Promise<Linked> {
  if (text === "") return opening;
  const bytes = await unpack(text);
  const end = bytes.indexOf(10);
  const given = parse(bytes.subarray(0, Math.max(0, end)));
  const { number, target, centered, about, selected, off, origin, hash, wanted } = {
    ...plainOf(opening),
    ...given,
  };
  const picture = pictureOf(given.picture, number, bytes.subarray(end + 1), opening.picture.ink);
  return {
    picture: { ...picture, target: digitOrNull("target", target), centered: centered !== false },
    origin: originOf(origin),
    hash: hashOf(hash),
    off: neurons(off),
    selected: neuron("selected", selected),
    about: digitOrNull("about", about),
    wanted: wantedOf(wanted),
  };
}

/** All but the picture itself, in a fixed order. */
function plainOf({ picture, origin, hash, off, selected, about, wanted }: Linked): Plain {
  return {
    number: picture.taken?.number ?? null,
    target: picture.target,
    centered: picture.centered,
    about,
    selected: pair(selected),
    off: off.map(pair),
    origin: plainOrigin(origin),
    hash,
    wanted: wanted && {
      origin: plainOrigin(wanted.origin),
      hash: wanted.hash,
      off: wanted.off.map(pair),
      selected: pair(wanted.selected),
    },
  };
}

const pair = ({ layer, unit }: Neuron): [number, number] => [layer, unit];

function plainOrigin(origin: Origin): Plain {
  if (origin.kind === "file") return { kind: "file", name: origin.name.slice(0, limits.name) };
  if (origin.kind === "shipped") return { kind: "shipped" };
  const { extent, hidden, epochs, seed } = origin.plan;
  return { kind: "trained", extent, hidden, epochs, seed, step: origin.step };
}

function originOf(given: unknown): Origin {
  const { kind, name, step, ...plan } = fields("origin", given);
  const known = choice("origin", kind, ["shipped", "trained", "file"]);
  if (known === "shipped") return { kind: known };
  if (known === "file") {
    if (typeof name === "string" && name.length <= limits.name) return { kind: known, name };
    throw refuse("file", name, "the name of a file", "copy the link again");
  }
  const checked: TrainingPlan = {
    extent: choice("extent", plan.extent, ["full", "shipped"]),
    hidden: whole("hidden", plan.hidden, limits.hidden),
    epochs: whole("epochs", plan.epochs, limits.epochs),
    seed: whole("seed", plan.seed, limits.seed),
  };
  return { kind: known, plan: checked, step: whole("step", step, [1, plannedSteps(checked)]) };
}

function wantedOf(given: unknown): Wanted | null {
  if (given === null) return null;
  const { origin, hash, off, selected } = fields("wanted", given);
  return {
    origin: originOf(origin),
    hash: hashOf(hash),
    off: neurons(off),
    selected: neuron("selected", selected),
  };
}

function hashOf(given: unknown): string {
  if (typeof given === "string" && /^[0-9a-f]{8}$/.test(given)) return given;
  throw refuse("hash", given, "the first eight digits of a hash", "copy the link again");
}

function neurons(given: unknown): Neuron[] {
  if (Array.isArray(given) && given.length <= limits.off) return given.map((one) => neuron("off", one));
  throw refuse("off", given, `a list of at most ${limits.off} neurons`, "copy the link again");
}

function neuron(name: string, given: unknown): Neuron {
  const [layer, unit] = Array.isArray(given) ? (given as unknown[]) : [];
  return {
    layer: whole(`${name}: layer`, layer, limits.layer),
    unit: whole(`${name}: unit`, unit, limits.unit),
  };
}

const digitOrNull = (name: string, given: unknown): number | null =>
  given === null ? null : whole(name, given, limits.digit);

function pictureOf(
  kind: unknown,
  number: unknown,
  counted: Uint8Array,
  opening: Ink,
): Pick<Picture, "ink" | "taken"> {
  if (kind === undefined) return { ink: opening, taken: null };
  if (choice("picture", kind, ["drawn", "taken"]) === "drawn") {
    return { ink: uncounted(counted, SIDE * SIDE), taken: null };
  }
  const pixels = uncounted(counted, PIXELS);
  return { ink: enlarged(pixels), taken: { pixels, number: whole("number", number, limits.number) } };
}

function parse(line: Uint8Array): Plain {
  try {
    const given: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line));
    return { ...fields("digits", given) };
  } catch (error) {
    if (error instanceof OptionError) throw error;
    throw new FormatError("link: what it says of the digits cannot be read; copy the whole of it again.");
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.every((value, i) => value === b[i]);

const isCounted = (value: number): boolean => value === 0 || value === 255;

/** Each byte as it is; after 0 and 255 how many more of them follow, up to 255. */
function counts(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const value = bytes[at++]!;
    out.push(value);
    if (!isCounted(value)) continue;
    const begin = at;
    while (at < bytes.length && bytes[at] === value && at - begin < 255) at++;
    out.push(at - begin);
  }
  return Uint8Array.from(out);
}

/** @throws {FormatError} When they are not as many. */
function uncounted(counted: Uint8Array, length: number): Ink {
  const out = new Uint8Array(length);
  let at = 0;
  for (let i = 0; i < counted.length; i++) {
    const value = counted[i]!;
    const more = isCounted(value) ? (counted[++i] ?? length) : 0;
    if (at + more >= length) return wrongLength(length);
    out.fill(value, at, at + more + 1);
    at += more + 1;
  }
  return at === length ? out : wrongLength(length);
}

function wrongLength(length: number): never {
  throw new FormatError(
    `link: its picture has not the ${length} values that it should have; copy the whole of it again.`,
  );
}
