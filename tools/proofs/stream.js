// A table of 4 GB is learned from in a process of less than 400 MB. `node tools/proofs/stream.js 100` tries it with 100 MB.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeTable } from "../stream-table.js";

const MEGABYTES = 4000;
/** Resident, at its highest, in megabytes of 10^6 bytes. */
const MOST = 400;
/** What may be lost of the share of the variance that the rule explains. */
const SLACK = 0.01;
const HELD_OUT = 5e6;

/** Runs the command; gives the lines that it prints, and the most memory that it had at once, in megabytes. */
function talweg(parameters) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["dist/cli/talweg.js", ...parameters, "--json"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    let highest = 0;
    // The kernel keeps the highest; it is gone with the process, so the last look counts.
    const look = () => {
      try {
        const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
        const kilobytes = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
        highest = Math.max(highest, (kilobytes * 1024) / 1e6);
      } catch {
        // It has ended.
      }
    };
    const timer = setInterval(look, 20);
    child.stdout.setEncoding("utf8").on("data", (text) => {
      look();
      output += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(timer);
      const lines = output.split("\n").filter((line) => line !== "");
      if (code !== 0) reject(new Error(`talweg ${parameters[0]} ended with ${code}: ${lines.at(-1)}`));
      else resolve({ events: lines.map((line) => JSON.parse(line)), highest });
    });
  });
}

const rounded = (x, digits = 4) => Number(x.toPrecision(digits));

function requireRoom(folder, bytes) {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < 1.1 * bytes) {
    throw new Error(
      `${folder} has ${Math.round((bavail * bsize) / 1e6)} MB free, expected ${Math.round((1.1 * bytes) / 1e6)}; set TMPDIR.`,
    );
  }
}

export default async function prove(report, megabytes = MEGABYTES) {
  if (process.platform !== "linux")
    throw new Error("The highest memory of a process is read from /proc, which only Linux has.");
  requireRoom(tmpdir(), megabytes * 1e6);
  const folder = mkdtempSync(join(tmpdir(), "talweg-stream-"));
  try {
    const [table, unseen, model] = ["table.csv", "unseen.csv", "model.safetensors"].map((name) =>
      join(folder, name),
    );
    const { rows, bytes, explainable } = writeTable(table, megabytes * 1e6, 1);
    writeTable(unseen, HELD_OUT, 2);
    report(`${rows} rows, ${Math.round(bytes / 1e6)} MB, are written`);
    const begun = performance.now();
    const train = ["train", table, "--target", "y", "--epochs", "1", "--stream", "--out", model];
    const { events, highest } = await talweg(train);
    const seconds = (performance.now() - begun) / 1000;
    const result = events.at(-1);
    report(
      `${rounded(seconds)} s, ${Math.round(rows / seconds)} rows a second, at most ${Math.round(highest)} MB resident`,
    );
    const { events: scored } = await talweg(["evaluate", model, unseen]);
    const { rSquared } = scored.at(-1).scores;
    report(
      `R² ${rounded(rSquared)} on rows that were not seen, of ${rounded(explainable)} that the rule explains`,
    );
    return {
      claim: `A CSV file of ${megabytes} MB trains for one epoch in a process whose resident memory stays below ${MOST} MB, and on rows that were not seen the model explains the variance to within ${SLACK} of what the rule behind the table does.`,
      holds: highest < MOST && rSquared > explainable - SLACK,
      table: { rows, megabytes: Math.round(bytes / 1e6) },
      command: "talweg train table.csv --target y --epochs 1 --stream",
      residentMegabytes: Math.round(highest),
      trainingSeconds: Math.round(seconds),
      rowsASecond: Math.round(rows / seconds),
      steps: result.steps,
      rSquared: { unseen: rounded(rSquared), ofTheRule: rounded(explainable) },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const megabytes = Number(process.argv[2] ?? MEGABYTES);
  console.log(JSON.stringify(await prove(console.log, megabytes), null, 2));
}
