/** Runs that survive: Ctrl-C, kills, full disks, damaged files. */
import { execFile, spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { readRun } from "talweg/node";
import { beforeAll, expect, test } from "vitest";
import { folder, last, lines, talweg } from "./command.ts";

const top = folder();
const words =
  "train moons --layers 9,9 --dropout 0.1 --rows 120 --epochs 60 --validation 0.2 --patience 60 --seed 2 --checkpoint-every 16 --log-every 5";
const train = [...words.split(" "), "--json", "--run"];

beforeAll(async () => {
  expect((await talweg([...train, "whole"], { cwd: top })).code).toBe(0);
});

/** Starts the run in a folder of its own and stops it by a signal at an epoch; its folder lies in the one returned. */
async function stopped(signal: "SIGINT" | "SIGKILL", epoch = 20): Promise<string> {
  const cwd = folder();
  const { code } = await talweg([...train, "run"], {
    cwd,
    onLine: (line, child) => {
      if (line.includes(`"event":"epoch","epoch":${epoch},`)) child.kill(signal);
    },
  });
  expect(code).toBe(signal === "SIGINT" ? 130 : null);
  return cwd;
}

function metrics(run: string): unknown[] {
  const text = readFileSync(join(run, "metrics.jsonl"), "utf8");
  expect(text.endsWith("}\n")).toBe(true);
  return lines(text).map(({ seconds: _, ...event }) => event);
}

/** That a run ended as the one that was never stopped, and left nothing else. */
function expectWhole(run: string): void {
  const whole = join(top, "whole");
  expect(readRun(run).result?.parametersSha256).toBe(readRun(whole).result?.parametersSha256);
  expect(readFileSync(join(run, "model.safetensors"))).toEqual(
    readFileSync(join(whole, "model.safetensors")),
  );
  expect(metrics(run)).toEqual(metrics(whole));
  expect(readdirSync(run).sort()).toEqual(readdirSync(whole).sort());
}

test("ten random kills in training and in saving cost nothing: every run ends with the bits of an unbroken one", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["tools/kills.js", "10", "3"]);
  expect(last(stdout)).toMatchObject({
    kills: 10,
    differing: [],
    faults: [],
    expected: {
      state: "done",
      files: [
        expect.stringMatching(/^checkpoint-/),
        expect.stringMatching(/^checkpoint-/),
        "checkpoints.json",
        "metrics.jsonl",
        "model.safetensors",
        "run.json",
      ],
    },
  });
});

test("a run folder holds what was asked, every epoch and some steps, the last two checkpoints, and the model", () => {
  const whole = join(top, "whole");
  expect(readdirSync(whole).sort()).toEqual([
    "checkpoint-160.safetensors",
    "checkpoint-176.safetensors",
    "checkpoints.json",
    "metrics.jsonl",
    "model.safetensors",
    "run.json",
  ]);
  expect(readRun(whole)).toMatchObject({
    state: "done",
    command: `talweg ${words.replace("--seed 2 ", "")} --seed 2`,
    data: "moons",
    seed: 2,
    options: { optimizer: "auto", loss: "binaryCrossEntropy", epochs: 60, batchSize: 32, validation: 0.2 },
    rows: 96,
    versions: { node: process.version },
    machine: { cores: expect.any(Number) },
    result: { reason: "epochs", epochs: 60, steps: 180, model: "whole/model.safetensors" },
  });
  const events = metrics(whole) as { event: string; step: number }[];
  expect(events.filter(({ event }) => event === "epoch")).toHaveLength(60);
  expect(events.filter(({ event }) => event === "step").map(({ step }) => step)).toEqual(
    Array.from({ length: 36 }, (_, i) => 5 * (i + 1)),
  );
});

test("checkpoints change no bit, however often they come", async () => {
  const short = words
    .replace("--epochs 60", "--epochs 8")
    .replace(/ --checkpoint.*/, " --json --quiet-steps");
  const { stdout } = await talweg(short.split(" "));
  const timed = await talweg([...short.split(" "), "--checkpoint-seconds", "1e-9", "--run", "timed"], {
    cwd: top,
  });
  expect(last(timed.stdout).parametersSha256).toBe(last(stdout).parametersSha256);
  expect(lines(timed.stdout).filter(({ event }) => event === "checkpoint")).toHaveLength(24);
});

test("after Ctrl-C talweg resume ends with the same bits, and then says that the run is done", async () => {
  const cwd = await stopped("SIGINT");
  expect(readRun(join(cwd, "run"))).toMatchObject({ state: "stopped", reason: "SIGINT" });
  const { code, stdout } = await talweg(["resume", "run", "--json"], { cwd });
  expect(code).toBe(0);
  const [start, resume] = lines(stdout);
  expect(start).toMatchObject({ event: "start" });
  expect(resume).toMatchObject({
    event: "resume",
    run: "run",
    checkpoint: `checkpoint-${resume!.step}.safetensors`,
  });
  expect(resume!.step).toBeGreaterThanOrEqual(57);
  expectWhole(join(cwd, "run"));
  // What a kill at the very end would leave.
  writeFileSync(join(cwd, "run/run.lock"), "{");
  writeFileSync(join(cwd, "run/.run.json.999999999.0123abcd.tmp"), "{");
  const again = await talweg(["train", "--resume", "run"], { cwd });
  expect(again.code).toBe(0);
  expect(again.stdout).toMatch(
    /^run: this run is done, so there is nothing to resume\n60 epochs, 180 steps in /,
  );
  expectWhole(join(cwd, "run"));
  const twice = await talweg([...train, "run"], { cwd });
  expect(twice.code).toBe(1);
  expect(last(twice.stdout).message).toContain(
    "run: a run stands there already, expected a new or empty folder",
  );
});

test("a stopped run says how to go on", async () => {
  const cwd = folder();
  const { stderr } = await talweg([..."train parabola --epochs 100000 --run".split(" "), "my run"], {
    cwd,
    onLine: (line, child) => {
      if (line.startsWith("epoch 1/")) child.kill("SIGINT");
    },
  });
  expect(stderr).toMatch(
    /^talweg: stopped by SIGINT after step (\d+); the state is saved in my run\/checkpoint-\1\.safetensors\.\nGo on with: talweg resume 'my run'$/m,
  );
});

test("a run in the hands of a living process is refused, and free when that is killed", async () => {
  const cwd = folder();
  let refused: ReturnType<typeof talweg> | undefined;
  const endless = words
    .replace("--epochs 60", "--epochs 1000000")
    .replace("--patience 60", "--patience 1000000 --stop-seconds 20");
  await talweg([...endless.split(" "), "--json", "--quiet-steps", "--run", "run"], {
    cwd,
    onLine: (line, child) => {
      if (refused !== undefined || !line.includes('"event":"checkpoint"')) return;
      refused = talweg(["resume", "run", "--json"], { cwd });
      void refused.then(() => child.kill("SIGKILL"));
    },
  });
  const { code, stdout } = await refused!;
  expect(code).toBe(1);
  expect(last(stdout).message).toMatch(
    /^run: process \d+ is training this run, expected nobody, since two would/,
  );
  expect(existsSync(join(cwd, "run/run.lock"))).toBe(true);
  const { stdout: listed } = await talweg(["runs", "run", "--json"], { cwd });
  expect(last(listed).runs).toMatchObject([{ state: "broken off" }]);
  const resumed = await talweg(["resume", "run", "--json", "--stop-evaluations", "1"], { cwd });
  expect(resumed.code).toBe(0);
  expect(existsSync(join(cwd, "run/run.lock"))).toBe(false);
});

test("a flipped byte in the newer checkpoint and a broken line of metrics cost some steps and are told", async () => {
  const cwd = await stopped("SIGKILL");
  const { checkpoints } = JSON.parse(readFileSync(join(cwd, "run/checkpoints.json"), "utf8")) as {
    checkpoints: { file: string; step: number }[];
  };
  const [older, newer] = checkpoints;
  const path = join(cwd, "run", newer!.file);
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 4;
  writeFileSync(path, bytes);
  appendFileSync(join(cwd, "run/metrics.jsonl"), '{"event":"epo');
  cpSync(join(cwd, "run"), join(cwd, "copy"), { recursive: true });
  const { code, stdout } = await talweg(["resume", "run", "--json"], { cwd });
  expect(code).toBe(0);
  const events = lines(stdout);
  expect(events.find(({ event }) => event === "warning")).toMatchObject({
    code: "damaged-checkpoint",
    message: expect.stringMatching(
      /^run\/checkpoint-\d+\.safetensors: the file has SHA-256 .* is taken instead/,
    ),
  });
  expect(events.find(({ event }) => event === "resume")).toMatchObject({ step: older!.step });
  expectWhole(join(cwd, "run"));
  const people = await talweg(["resume", "copy"], { cwd });
  expect(people.stderr).toContain("warning: copy/checkpoint-");
  expect(people.stderr).toContain(`copy: the run goes on after step ${older!.step}, from ${older!.file}.`);
});

test("a full disk is an error that says how the run stands, and costs nothing once there is room again", async () => {
  const cwd = await stopped("SIGINT");
  // No file may grow beyond a kilobyte: checkpoints cannot be written, as on a disk that is full.
  const script = `ulimit -f 1; "${process.execPath}" "${resolve("dist/cli/talweg.js")}" resume run --quiet`;
  const { status, stderr } = spawnSync("bash", ["--norc", "-c", script], { cwd, encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^talweg: run\/.*: the (file|metrics) could not be written, since /m);
  expect(stderr).toMatch(
    /^The run stands after step \d+, and nothing of that is lost\. Go on with: talweg resume run$/m,
  );
  expect(readdirSync(join(cwd, "run")).filter((name) => /tmp|lock/.test(name))).toEqual([]);
  expect((await talweg(["resume", "run"], { cwd })).code).toBe(0);
  expectWhole(join(cwd, "run"));
});

/** Runs a script where it may mount a disk of its own, which goes when it ends. */
function withOwnMounts(script: string, cwd: string): { status: number | null; stderr: string } {
  const words = ["--norc", "-c", 'exec unshare -rm bash --norc -c "$SCRIPT"'];
  return spawnSync("bash", words, { cwd, encoding: "utf8", env: { ...process.env, SCRIPT: script } });
}

const canMount = withOwnMounts("mount -t tmpfs none /mnt", top).status === 0;

test.runIf(canMount)("a disk that is full in truth keeps the checkpoint before", async () => {
  const cwd = await stopped("SIGINT");
  mkdirSync(join(cwd, "disk"));
  const script = `mount -t tmpfs -o size=400k none disk && cp -r run disk/run && { cat /dev/zero >disk/filler; true; }
    "${process.execPath}" "${resolve("dist/cli/talweg.js")}" resume disk/run --quiet; code=$?
    ls -A disk/run >names; rm disk/filler
    "${process.execPath}" "${resolve("dist/cli/talweg.js")}" resume disk/run --quiet >&2 || exit 99
    cp -r disk/run done; exit $code`;
  const { status, stderr } = withOwnMounts(script, cwd);
  expect(stderr).toMatch(
    /could not be (written|locked).*since the disk is full or the quota used up; free some space and try again/,
  );
  expect(status).toBe(1);
  expect(readFileSync(join(cwd, "names"), "utf8")).toMatch(/^checkpoint-\d+\.safetensors$/m);
  expect(readFileSync(join(cwd, "names"), "utf8")).not.toContain("tmp");
  expectWhole(join(cwd, "done"));
});

test("other data and another version are noticed when a run goes on", async () => {
  const cwd = await stopped("SIGINT");
  const file = join(cwd, "run/run.json");
  const record = readRun(join(cwd, "run"));
  writeFileSync(file, JSON.stringify({ ...record, dataSha256: "0".repeat(64) }));
  const other = await talweg(["resume", "run", "--json"], { cwd });
  expect(other.code).toBe(1);
  expect(last(other.stdout)).toMatchObject({ event: "error", code: "data" });
  expect(last(other.stdout).message).toMatch(
    /^run: the examples of moons have SHA-256 [0-9a-f]{64}, expected 0{64}, as they had when the run began, since/,
  );
  expect(readRun(join(cwd, "run")).state).toBe("stopped");
  writeFileSync(file, JSON.stringify({ ...record, versions: { talweg: "0.0.1" } }));
  const { code, stderr } = await talweg(["resume", "run"], { cwd });
  expect(stderr).toContain("warning: run: the run was begun by talweg 0.0.1 and goes on under ");
  expect(code).toBe(0);
  expectWhole(join(cwd, "run"));
});

test("options that do not go with a run folder are refused before anything is made", async () => {
  for (const [line, text] of [
    [
      "train xor --run a --run b --runs c",
      "--run names the folder of the run and --runs the one that it is made in",
    ],
    ["train xor --log-every 3", "but none is named; add --run FOLDER"],
    ["train xor --run a --log-every 0", "--log-every is 0, expected a whole number of steps of at least 1"],
    ["train xor --run a --patience 3", "patience is 3, but there are no validation examples"],
    ["train --resume whole --epochs 9", "but --epochs is given; leave it out"],
    ["runs --only nope whole", '--only names "nope", but there is no such run in whole; there are whole.'],
  ] as const) {
    const { code, stderr } = await talweg(line.split(" "), { cwd: top });
    expect(stderr).toContain(text);
    expect(code, line).toBe(2);
  }
  expect(existsSync(join(top, "a"))).toBe(false);
  const none = await talweg(["runs"], { cwd: top });
  expect(none.code).toBe(1);
  expect(none.stderr).toContain(
    "runs: there is no such folder, expected one with runs in it; begin one with",
  );
});

test("talweg runs lists runs with what tells them apart, and draws their losses on one axis", async () => {
  const cwd = folder();
  mkdirSync(join(cwd, "runs"));
  cpSync(join(top, "whole"), join(cwd, "runs/whole"), { recursive: true });
  await talweg("train moons --rows 120 --epochs 4 --layers 5 --runs runs".split(" "), { cwd });
  mkdirSync(join(cwd, "runs/broken"));
  writeFileSync(join(cwd, "runs/broken/run.json"), "{");
  const { code, stdout } = await talweg(["runs", "--json", "--plot", "runs.svg"], { cwd });
  expect(code).toBe(0);
  const { runs, differing } = last(stdout) as { runs: Record<string, unknown>[]; differing: string[] };
  const named = expect.stringMatching(/^\d{4}-\d\d-\d\d-\d{6}-moons$/);
  expect(runs).toMatchObject([
    { name: "whole", state: "done", data: "moons", epochs: 60, plannedEpochs: 60, steps: 180 },
    {
      name: named,
      state: "done",
      epochs: 4,
      loss: expect.any(Number),
      validationLoss: null,
      options: { layers: "2-5-1" },
    },
    { name: "broken", state: "unreadable" },
  ]);
  expect(differing).toEqual(["layers", "dropout", "epochs", "seed", "patience", "validation"]);
  const svg = readFileSync(join(cwd, "runs.svg"), "utf8");
  expect(svg).toContain(">whole</text>");
  expect(svg).toContain("2 runs on moons");
  const people = await talweg(["runs"], { cwd });
  expect(people.stdout).toMatch(/^ {2}whole +60 .* done$/m);
  expect(people.stdout).toMatch(
    /^ {2}\d{4}-\d\d-\d\d-\d{6}-moons {2}layers 2-5-1, dropout 0, epochs 4, seed 0$/m,
  );
  for (const line of people.stdout.split("\n").filter((text) => !text.includes("run.json"))) {
    expect([...line].length).toBeLessThan(80);
  }
});
