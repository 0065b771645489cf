// Kills trainings at random moments, while they train and while they save, and resumes them:
//
//     node tools/kills.js [KILLS] [SEED]
//
// Every run must end with the bits of one that was never stopped. The last line of the output is JSON: what was found. Half of the kills
// come after a random time, the others at the moment when a file is being written.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const command = resolve("dist/cli/talweg.js");
const WORDS =
  "moons --layers 24,24 --dropout 0.1 --rows 500 --epochs 12 --batch-size 20 --validation 0.2 --patience 20 " +
  "--checkpoint-every 13 --log-every 3 --seed 5";
const START = ["train", ...WORDS.split(" "), "--quiet", "--run"];

/** Numbers in [0, 1) that depend on the seed alone: Park and Miller, "Random number generators" (1988). */
function uniform(seed) {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return (state - 1) / 2147483646;
  };
}

/** Calls the command; `meddle` may kill it. */
function call(words, meddle = () => {}) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [command, ...words], { stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    const stop = meddle(child) ?? (() => {});
    child.on("error", fail);
    child.on("close", (code, signal) => {
      stop();
      done({ code, signal, stderr });
    });
  });
}

function afterSome(milliseconds) {
  return (child) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
    return () => clearTimeout(timer);
  };
}

/** Kills when so many files have been begun, in the midst of writing the last one. */
function whileWriting(folder, count) {
  return (child) => {
    let seen = 0;
    const watcher = watch(folder, (_, name) => {
      if (name?.endsWith(".tmp") && ++seen === count) child.kill("SIGKILL");
    });
    return () => watcher.close();
  };
}

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Everything that a folder may show after a kill: files that cannot be read are faults. */
function lookAt(folder) {
  const names = readdirSync(folder);
  const faults = [];
  const json = (name) => {
    if (!names.includes(name)) return undefined;
    try {
      return JSON.parse(readFileSync(join(folder, name), "utf8"));
    } catch (error) {
      faults.push(`${name}: ${error.message}`);
      return undefined;
    }
  };
  json("run.json");
  const listed = json("checkpoints.json")?.checkpoints ?? [];
  for (const { file, sha256 } of listed) {
    const whole = names.includes(file) && hash(readFileSync(join(folder, file))) === sha256;
    if (!whole) faults.push(`${file} is not what checkpoints.json says`);
  }
  const known = new Set(listed.map(({ file }) => file));
  const unlisted = names.filter((name) => /^checkpoint-\d+/.test(name) && !known.has(name)).length;
  return {
    faults,
    begun: names.includes("run.json"),
    temporary: names.filter((n) => n.endsWith(".tmp")).length,
    unlisted,
  };
}

/** The lines of the metrics without the times. */
function metrics(folder) {
  const lines = readFileSync(join(folder, "metrics.jsonl"), "utf8").trimEnd().split("\n");
  return lines.map((line) => {
    const { seconds: _, ...event } = JSON.parse(line);
    return JSON.stringify(event);
  });
}

/** What must be the same in all runs. */
function outcome(folder) {
  const { state, result } = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
  return {
    state,
    parametersSha256: result.parametersSha256,
    model: hash(readFileSync(join(folder, "model.safetensors"))),
    metrics: hash(metrics(folder).join("\n")),
    files: readdirSync(folder).sort(),
  };
}

async function finished(words) {
  const { code, stderr } = await call(words);
  if (code !== 0) throw new Error(`talweg ${words.join(" ")} ended with ${code}: ${stderr}`);
}

/** One run, killed until it has been killed `most` times or has ended. */
async function killedRun(folder, most, { random, full, found }) {
  let kills = 0;
  while (kills < most) {
    const begun = existsSync(join(folder, "run.json"));
    const words = begun ? ["resume", folder, "--quiet"] : [...START, folder];
    const writing = begun && (found.kills + kills) % 2 === 1;
    const meddle = writing ? whileWriting(folder, 1 + Math.floor(random() * 12)) : afterSome(random() * full);
    const { code, signal, stderr } = await call(words, meddle);
    if (signal === "SIGKILL") {
      kills++;
      if (!existsSync(folder)) continue;
      const seen = lookAt(folder);
      found.faults.push(...seen.faults);
      if (!seen.begun) found.beforeTheRun++;
      if (seen.temporary > 0) found.whileWriting++;
      if (seen.unlisted > 0) found.beforeTheManifest++;
      continue;
    }
    if (code !== 0) throw new Error(`talweg ${words.join(" ")} ended with ${code}: ${stderr}`);
    return kills;
  }
  await finished(existsSync(join(folder, "run.json")) ? ["resume", folder, "--quiet"] : [...START, folder]);
  return kills;
}

export async function kills(count, seed, report = () => {}) {
  const top = mkdtempSync(join(tmpdir(), "talweg-kills-"));
  const random = uniform(seed);
  const found = {
    kills: 0,
    runs: 0,
    differing: [],
    faults: [],
    beforeTheRun: 0,
    whileWriting: 0,
    beforeTheManifest: 0,
  };
  try {
    const unbroken = join(top, "unbroken");
    const begun = performance.now();
    await finished([...START, unbroken]);
    const full = performance.now() - begun;
    const expected = JSON.stringify(outcome(unbroken));
    while (found.kills < count) {
      const folder = join(top, `run-${found.runs}`);
      const most = Math.min(count - found.kills, 1 + Math.floor(random() * 6));
      found.kills += await killedRun(folder, most, { random, full, found });
      found.runs++;
      const got = JSON.stringify(outcome(folder));
      if (got !== expected) found.differing.push(got);
      rmSync(folder, { recursive: true });
      report(`${found.kills} kills, ${found.runs} runs, ${found.differing.length} of them with other bits`);
    }
    return { ...found, expected: JSON.parse(expected) };
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}

if (process.argv[1]?.endsWith("kills.js") && !process.argv[1].includes("proofs")) {
  const [count = "10", seed = "1"] = process.argv.slice(2);
  console.log(JSON.stringify(await kills(Number(count), Number(seed))));
}
