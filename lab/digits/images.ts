/**
 * Pictures of MNIST: what comes with the page, and all of it where the server of `talweg lab` has it.
 *
 * The shipped parts are bytes of pictures followed by their labels, packed by gzip; `tools/lab-digits.js` makes them.
 */
import { type Dataset, FormatError, imagesDataset, readIdx } from "talweg";
import { joined } from "../state/packing.ts";
import shippedTest from "./test-1000.bin?url";
import shippedTrain from "./train-2000.bin?url";

export const PIXELS = 784;
export const classes: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

export type Extent = "shipped" | "full";

/** Where the bytes are, and what they are. */
export interface ImageSource {
  readonly extent: Extent;
  /** One file of a shipped part, or images and labels of a full one. */
  readonly urls: readonly string[];
}

const absolute = (url: string): string => new URL(url, document.baseURI).href;

export function sourceOf(part: "train" | "test", extent: Extent): ImageSource {
  const shipped = part === "train" ? shippedTrain : shippedTest;
  const urls = extent === "full" ? [`data/mnist/${part}-images`, `data/mnist/${part}-labels`] : [shipped];
  return { extent, urls: urls.map(absolute) };
}

/** The place of a picture in the published set: a shipped part has every tenth of the test set, every thirtieth of the other. */
export const numberOf = (row: number, extent: Extent): number => (extent === "full" ? row : 10 * row);

/** Whether the server has all of MNIST. A page on a static host has an empty list. */
export async function hasFull(): Promise<boolean> {
  try {
    const list: unknown = await (await fetch(absolute("data/index.json"))).json();
    return (
      Array.isArray(list) &&
      list.includes("/data/mnist/train-images") &&
      list.includes("/data/mnist/test-images")
    );
  } catch {
    return false;
  }
}

/** @param onProgress Bytes that have come, and how many there will be (0 where that is not known). */
export async function loadImages(
  { extent, urls }: ImageSource,
  onProgress: (loaded: number, total: number) => void = () => {},
): Promise<Dataset> {
  const [first = "", second] = urls;
  if (extent === "shipped" || second === undefined) return unpacked(await bytesOf(first, onProgress));
  const labels = await bytesOf(second, () => {});
  const images = await bytesOf(first, onProgress);
  return imagesDataset(readIdx(images, { name: "images" }), readIdx(labels, { name: "labels" }), { classes });
}

async function unpacked(packed: Uint8Array<ArrayBuffer>): Promise<Dataset> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const rows = bytes.length / (PIXELS + 1);
  if (!Number.isInteger(rows) || rows === 0) {
    throw new FormatError(
      `The pictures that came with the page have ${bytes.length} bytes, expected ${PIXELS + 1} for each; load the page anew.`,
    );
  }
  const x = bytes.subarray(0, rows * PIXELS);
  const y = bytes.subarray(rows * PIXELS);
  return { x, y, rows, inputs: PIXELS, outputs: 10, scale: 1 / 255, classes: [...classes] };
}

async function bytesOf(
  url: string,
  onProgress: (loaded: number, total: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) {
    throw new FormatError(
      `${new URL(url).pathname} cannot be had here (${response.status}); start the lab anew.`,
    );
  }
  const total = Number(response.headers.get("Content-Length") ?? 0);
  const parts: Uint8Array[] = [];
  let loaded = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    loaded += value.length;
    onProgress(loaded, total);
  }
  return joined(parts, loaded);
}
