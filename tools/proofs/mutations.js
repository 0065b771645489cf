// A million damaged files for each reader: every one gives data or an error of the library, within a second, and leaves nothing
// in the memory. Damage is drawn from a seed: bytes flipped, put in, taken out, doubled, moved, cut off.
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  dense,
  FormatError,
  fromJson,
  fromSafetensors,
  network,
  TalwegError,
  toJson,
  toSafetensors,
} from "talweg";
import { randomStream } from "talweg/core";
import { readCsv, readIdx, readJsonLines, readParquet } from "talweg/data";

const RUNS = 1_000_000;
const SLOWEST = 1000;
/** Bytes that may stay behind; the engine's own tables move by a few megabytes. */
const GROWTH = 8e6;

const bytesOf = (text) => new TextEncoder().encode(text);
const words = (list) => list.map(bytesOf);
const csv = '\uFEFFname,x,"y ""z"""\r\nAnna,1.5,"two\nlines"\nÖzil,,😀\n"__proto__",-5,NA\n';
const lines = '{"a": 1, "é": "x\\n\\u00e9"}\r\n{"__proto__": -1.5e3, "a": null}\n\n{"a": "😀", "b": true}\n';
const idx = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, ...Array.from({ length: 12 }, (_, i) => i * 20)];
const model = () => network([dense(2, 3, "tanh"), dense(3, 1, "sigmoid")], { seed: 1 });
const inParquet = [
  [0],
  [255, 255, 255, 255, 7],
  [0xf9, 0xff, 0xff, 0xff, 0x0f],
  [0x1c, 0x1c, 0x1c, 0x1c],
  [0x80],
].map((bytes) => Uint8Array.from(bytes));
/** 22 types with Snappy, and with Zstandard and pages of the second kind; and values that are not packed, so that damage meets them. */
const parquet = (name) => ({
  file: new Uint8Array(
    readFileSync(new URL(`../../test/reference/parquet/${name}.parquet`, import.meta.url)),
  ),
  words: inParquet,
  read: async (bytes) => checkTable(await readParquet(bytes), bytes),
});
const inCsv = ['"', '""', ",", ";", "\n", "\r", "\r\n", "\0", "\uFEFF", "€", ",,,,,,,,", "__proto__"];
const inJson = [
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "\n",
  "\\",
  "\\u",
  "1e999",
  "-",
  "null",
  "[[[[[[[[",
  "__proto__",
];

/** The readers: a good file, words to put in, and how to read; text readers must say the line of each fault. */
const readers = {
  csv: {
    file: bytesOf(csv),
    words: words(inCsv),
    read: (bytes) => checkTable(readCsv(bytes), bytes),
    text: true,
  },
  tsv: {
    file: bytesOf(csv.replaceAll(",", "\t")),
    words: words([...inCsv, "\t"]),
    read: (bytes) => checkTable(readCsv(bytes, { delimiter: "\t", ragged: "skip" }), bytes),
    text: true,
  },
  "json lines": {
    file: bytesOf(lines),
    words: words(inJson),
    read: (bytes) => checkTable(readJsonLines(bytes), bytes),
    text: true,
  },
  idx: { file: Uint8Array.from(idx), words: [], read: readIdx },
  parquet: parquet("types"),
  "parquet, dictionaries": parquet("dictionaries"),
  "parquet, second kind": parquet("types-second"),
  "parquet, differences": parquet("deltas"),
  "json model": {
    file: bytesOf(toJson(model())),
    words: words(inJson),
    read: (bytes) => fromJson(new TextDecoder().decode(bytes)),
  },
  safetensors: { file: toSafetensors(model()), words: words(inJson), read: fromSafetensors },
};

/** A table from few bytes may not be large, and its columns must fit. */
function checkTable({ names, rows, columns }, bytes) {
  const fits = columns.length === names.length && columns.every((column) => column.length === rows);
  // A line of JSON needs three bytes and may leave every column of the others empty.
  const cells = names.length * rows;
  if (!fits || cells > Math.max(64, bytes.length * names.length))
    throw new Error(`${rows} rows, ${names.length} columns`);
}

/** One file, damaged in one to four places. */
function damaged({ file, words }, draw) {
  let bytes = file;
  const below = (n) => Math.floor(draw() * n);
  for (let left = 1 + below(4); left > 0; left--) {
    const at = below(bytes.length + 1);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    const some = Math.min(after.length, 1 + below(8));
    const kind = below(words.length > 0 ? 7 : 6);
    if (kind === 0 && after.length > 0) bytes = join(before, [after[0] ^ (1 << below(8))], after.subarray(1));
    else if (kind === 1 && after.length > 0) bytes = join(before, [below(256)], after.subarray(1));
    else if (kind === 2)
      bytes = join(
        before,
        Array.from({ length: 1 + below(4) }, () => below(256)),
        after,
      );
    else if (kind === 3) bytes = join(before, after.subarray(some));
    else if (kind === 4) bytes = join(before, after.subarray(0, some), after);
    else if (kind === 5) bytes = below(4) === 0 ? before : join(after, before);
    else if (kind === 6) bytes = join(before, words[below(words.length)], after);
  }
  return bytes;
}

function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** What is wrong with an error, if anything is. */
function faultOf(error, text) {
  if (!(error instanceof TalwegError)) return `${error.name}: ${error.message}`;
  if (/undefined|\[object/.test(error.message)) return `says nothing: ${error.message}`;
  if (text && error instanceof FormatError && error.line === undefined)
    return `without a line: ${error.message}`;
  return undefined;
}

async function timed(call) {
  const begun = performance.now();
  await call();
  return performance.now() - begun;
}

async function outcome({ read }, bytes) {
  try {
    return await read(bytes);
  } catch (error) {
    return error;
  }
}

async function tryReader(name, reader, collect) {
  const stream = randomStream(1, "data");
  let drawn = 0;
  const draw = () => stream.uniform(drawn++);
  const result = {
    reader: name,
    files: RUNS,
    read: 0,
    refused: 0,
    slowestMilliseconds: 0,
    grownBytes: 0,
    faults: [],
  };
  let before = 0;
  for (let run = 0; run < RUNS; run++) {
    if (run === RUNS / 10) before = collect();
    const bytes = damaged(reader, draw);
    let milliseconds = await timed(async () => {
      try {
        await reader.read(bytes);
        result.read++;
      } catch (error) {
        result.refused++;
        const fault = faultOf(error, reader.text);
        if (fault !== undefined && result.faults.length < 5) result.faults.push(`${fault} (run ${run})`);
      }
    });
    // Another process may have had the processor in between: what is slow is read once more.
    if (milliseconds > SLOWEST / 10)
      milliseconds = Math.min(milliseconds, await timed(() => outcome(reader, bytes)));
    result.slowestMilliseconds = Math.max(result.slowestMilliseconds, milliseconds);
  }
  result.grownBytes = collect() - before;
  result.slowestMilliseconds = Math.round(result.slowestMilliseconds * 10) / 10;
  return result;
}

export default async function prove(report) {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc");
  const collect = () => {
    gc();
    return process.memoryUsage().heapUsed;
  };
  const results = [];
  for (const [name, reader] of Object.entries(readers)) {
    const result = await tryReader(name, reader, collect);
    results.push(result);
    const { read, refused, slowestMilliseconds, grownBytes, faults } = result;
    report(
      `${name}: ${read} read, ${refused} refused, slowest ${slowestMilliseconds} ms, ${grownBytes} bytes more in use`,
    );
    for (const fault of faults) report(`  ${fault}`);
  }
  return {
    claim:
      "A million damaged files for each reader: every one gives data or an error of the library, with its line where it is text, " +
      "within a second, and the memory in use does not grow.",
    holds: results.every(
      ({ slowestMilliseconds, grownBytes, faults }) =>
        faults.length === 0 && slowestMilliseconds < SLOWEST && grownBytes < GROWTH,
    ),
    readers: results,
  };
}
