// Writes a table of any size with a known rule: node tools/stream-table.js FILE BYTES [SEED]. Used by the proof `stream`.
//
// y = 3 a - 2 b + 0.5 a c + the price of the city + 4 where member is yes, and noise of deviation 1; d is there to mislead. A few
// cells are missing: a missing value counts as the mean, which costs a little of what could be known.
import { closeSync, openSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";

const cities = ["Basel", "Bern", "Chur", "Geneva", "Lausanne", "Lugano", "St. Gallen", "Zurich"];
const prices = [4, 1, -3, 6, 2, -1, -2, 7];
/** Deviation of the noise. */
const NOISE = 1;

/** Numbers of a bell with five decimals and as text, drawn once: 65,536 of them are enough for any table. */
function bell(random) {
  const values = new Float64Array(65_536);
  const texts = [];
  for (let i = 0; i < values.length; i++) {
    const text = (
      Math.sqrt(-2 * Math.log(1 - random() / 2 ** 32)) * Math.cos((2 * Math.PI * random()) / 2 ** 32)
    ).toFixed(5);
    texts.push(text);
    values[i] = Number(text);
  }
  return { values, texts };
}

/** xorshift32, fast and good enough to make a table. */
function generator(seed) {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}

/** @returns Rows, bytes, and sums of y and its rule, from which the share that can be explained follows. */
export function writeTable(path, bytes, seed = 1, header = true) {
  const random = generator(seed);
  const { values, texts } = bell(random);
  const file = openSync(path, "w");
  let lines = header ? "row,a,b,c,d,city,member,since,y\n" : "";
  let written = 0;
  let rows = 0;
  let [sum, squares] = [0, 0];
  const days = Array.from({ length: 4096 }, (_, i) =>
    new Date(Date.UTC(2012, 0, 1 + i)).toISOString().slice(0, 10),
  );
  while (written + lines.length < bytes) {
    for (let i = 0; i < 1000; i++) {
      const [first, second, third] = [random(), random(), random()];
      const [a, b, c] = [first & 0xffff, first >>> 16, second & 0xffff];
      const city = (second >>> 16) & 7;
      const member = (second >>> 19) & 1;
      const y =
        3 * values[a] -
        2 * values[b] +
        0.5 * values[a] * values[c] +
        prices[city] +
        4 * member +
        NOISE * values[third & 0xffff];
      sum += y;
      squares += y * y;
      // One of 64 numbers is missing, and one of 256 cities.
      const isMissing = (random() & 63) === 0;
      const place = ((second >>> 20) & 255) === 0 ? "" : cities[city];
      lines += `${rows},${texts[a]},${isMissing ? "" : texts[b]},${texts[c]},${texts[third >>> 16]},${place},${member === 1 ? "yes" : "no"},${days[(second >>> 20) & 4095]},${y.toFixed(3)}\n`;
      rows++;
    }
    if (lines.length > 1 << 20) {
      written += writeSync(file, lines, null, "latin1");
      lines = "";
    }
  }
  written += writeSync(file, lines, null, "latin1");
  closeSync(file);
  const variance = squares / rows - (sum / rows) ** 2;
  return { rows, bytes: written, explainable: 1 - NOISE ** 2 / variance };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path, bytes, seed = "1"] = process.argv.slice(2);
  console.log(JSON.stringify(writeTable(path, Number(bytes), Number(seed))));
}
