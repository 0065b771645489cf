// Makes what the lab's digits view ships: a small trained network by our own command, and parts of MNIST.
//   node tools/lab-digits.js
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "./build.js";
import { root } from "./run.js";

const folder = join(root, "lab/digits");
const words = "train mnist --layers 64 --epochs 14 --batch-size 64 --penalty 0.0001 --seed 1 --json --quiet";
/** What the network must reach on all 10,000 test images, and may weigh. */
const ACCURACY = 0.97;
const BYTES = 210_000;

await build();
const { loadMnist } = await import("../dist/src/node/index.js");

function train() {
  const away = mkdtempSync(join(tmpdir(), "talweg-digits-"));
  try {
    const out = join(away, "network.safetensors");
    const command = [join(root, "dist/cli/talweg.js"), ...words.split(" "), "--out", out];
    const lines = execFileSync(process.execPath, command, { encoding: "utf8", maxBuffer: 2 ** 28 });
    const { testAccuracy, parametersSha256 } = JSON.parse(lines.trim().split("\n").at(-1));
    const { size } = statSync(out);
    console.log(
      `${testAccuracy} on the test images, ${size} bytes, parameters ${parametersSha256.slice(0, 8)}`,
    );
    if (!(testAccuracy >= ACCURACY && size <= BYTES)) {
      throw new Error(`expected at least ${ACCURACY} in at most ${BYTES} bytes; mend the options above.`);
    }
    writeFileSync(join(folder, "network.safetensors"), readFileSync(out));
  } finally {
    rmSync(away, { recursive: true, force: true });
  }
}

/** Every `every`-th image: the bytes of all pictures, then the labels, packed. */
function pack(part, every, name) {
  const { x, y, rows, inputs } = loadMnist(part);
  const chosen = Array.from({ length: Math.floor(rows / every) }, (_, i) => i * every);
  const images = chosen.map((row) => x.subarray(row * inputs, (row + 1) * inputs));
  const bytes = gzipSync(Buffer.concat([...images, Uint8Array.from(chosen, (row) => y[row])]), { level: 9 });
  const path = join(folder, name);
  writeFileSync(`${path}.part`, bytes);
  renameSync(`${path}.part`, path);
  console.log(`${name}: ${chosen.length} images, ${bytes.length} bytes`);
}

pack("test", 10, "test-1000.bin");
pack("train", 30, "train-2000.bin");
train();
