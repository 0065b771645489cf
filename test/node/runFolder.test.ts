import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { FileError, FormatError } from "talweg/core";
import { dense, network } from "talweg/network";
import { createRun, openRun, type RunFolder, type RunRecord, readMetrics, readRun } from "talweg/node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bitsOf, thrownBy } from "../formats/material.ts";

let top: string;
let folder: string;
const model = network([dense(2, 3, "tanh"), dense(3, 1)], { seed: 4 });
const record: RunRecord = {
  version: 1,
  state: "running",
  command: "talweg train xor --seed 4",
  data: "xor",
  flags: {},
  seed: 4,
  out: null,
  plot: null,
  directory: ".",
  options: {},
  layers: model.layers,
  parameterCount: model.parameterCount,
  rows: 4,
  dataSha256: "",
  versions: {},
  machine: {},
  started: "2026-01-01T00:00:00.000Z",
  ended: null,
  resumed: [],
  reason: null,
  result: null,
};
const opened: RunFolder[] = [];

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "talweg-run-"));
  folder = join(top, "run");
});

afterEach(() => {
  for (const run of opened.splice(0)) run.close();
  rmSync(top, { recursive: true });
});

/** A new run, ready for its first step. */
function create(): RunFolder {
  const run = createRun(folder, record);
  opened.push(run);
  run.begin();
  return run;
}

function reopened(): RunFolder {
  for (const run of opened.splice(0)) run.close();
  const run = openRun(folder);
  opened.push(run);
  return run;
}

/** A run with checkpoints after steps 1, 2, …, each with a line of metrics before it. */
function withCheckpoints(count: number): RunFolder {
  const run = create();
  for (let step = 1; step <= count; step++) {
    run.add({ event: "step", step });
    run.save(model, { step }, { step, epoch: 1 });
  }
  return run;
}

const path = (name: string): string => join(folder, name);

function flip(name: string, at: number): void {
  const bytes = readFileSync(path(name));
  bytes[at]! ^= 1;
  writeFileSync(path(name), bytes);
}

test("a new run needs a new or empty folder, and says what stands in its way", () => {
  mkdirSync(folder);
  create().close();
  const there = thrownBy(() => createRun(folder, record));
  expect(there).toBeInstanceOf(FileError);
  expect((there as Error).message).toBe(
    `${folder}: a run stands there already, expected a new or empty folder, since each run has its own; ` +
      `go on with it by talweg resume ${folder}, or name another folder.`,
  );
  writeFileSync(join(top, "a.txt"), "");
  expect((thrownBy(() => createRun(top, record)) as Error).message).toContain(
    `${top}: the folder has a.txt and 1 more in it, expected a new or empty one`,
  );
  expect((thrownBy(() => createRun(join(top, "a.txt"), record)) as Error).message).toContain(
    "since a file stands there; name another folder.",
  );
  const none = thrownBy(() => openRun(join(top, "none")));
  expect(none).toBeInstanceOf(FileError);
  expect((none as Error).message).toContain("there is no run (no run.json), expected a folder that");
});

test("a folder in which a run was killed before it began counts as empty", () => {
  mkdirSync(folder);
  writeFileSync(path("run.lock"), JSON.stringify({ pid: 999_999_999, started: null, host: hostname() }));
  writeFileSync(path(".run.json.999999999.0123abcd.tmp"), "{");
  create();
  expect(readdirSync(folder).sort()).toEqual(["metrics.jsonl", "run.json", "run.lock"]);
});

test("a run that a living process has is refused, with its number, and is free when it is closed", () => {
  const run = create();
  const error = thrownBy(() => openRun(folder));
  expect(error).toBeInstanceOf(FileError);
  expect((error as Error).message).toBe(
    `${folder}: process ${process.pid} is training this run, expected nobody, since two would undo each other's files; ` +
      `wait for it, or stop it with kill ${process.pid}.`,
  );
  run.close();
  expect(existsSync(path("run.lock"))).toBe(false);
  expect(reopened().record).toEqual(record);
});

test.runIf(existsSync("/proc/self/stat"))(
  "the lock of a process that is gone is taken over, though another has its number now",
  () => {
    create().close();
    const lock = { pid: process.pid, started: "another boot:1", host: hostname() };
    writeFileSync(path("run.lock"), JSON.stringify(lock));
    reopened();
    expect(JSON.parse(readFileSync(path("run.lock"), "utf8"))).toMatchObject({ pid: process.pid });
    expect(readFileSync(path("run.lock"), "utf8")).not.toContain("another boot");
  },
);

test("half a lock, as a loss of power leaves it, is taken over", () => {
  create().close();
  writeFileSync(path("run.lock"), '{"pid":');
  utimesSync(path("run.lock"), 1, 1);
  reopened();
});

test("the lock of another machine is believed, and the message says what to do", () => {
  create().close();
  writeFileSync(path("run.lock"), JSON.stringify({ pid: 999_999_999, started: null, host: "elsewhere" }));
  expect((thrownBy(() => openRun(folder)) as Error).message).toContain(
    `process 999999999 on elsewhere is training this run, expected nobody, since two would undo each other's files; wait for it, or remove ${path("run.lock")} where`,
  );
});

test("the last two checkpoints are kept, and the newest is found again bit by bit", () => {
  withCheckpoints(4);
  const files = ["checkpoint-3.safetensors", "checkpoint-4.safetensors", "checkpoints.json"];
  expect(readdirSync(folder).sort()).toEqual([...files, "metrics.jsonl", "run.json", "run.lock"]);
  const { found, damaged } = reopened();
  expect(damaged).toEqual([]);
  expect(found?.entry).toMatchObject({ file: "checkpoint-4.safetensors", step: 4, epoch: 1 });
  expect(found?.state).toEqual({ step: 4 });
  expect(bitsOf(found!.network.parameters)).toBe(bitsOf(model.parameters));
});

test("the same step is not saved twice, since its file must not be in the making while it counts", () => {
  const run = withCheckpoints(1);
  const before = readFileSync(path("checkpoint-1.safetensors"));
  run.save(model, { step: 1, later: true }, { step: 1, epoch: 1 });
  expect(readFileSync(path("checkpoint-1.safetensors"))).toEqual(before);
});

test("whatever is changed in the newer checkpoint, the older one is taken, and that is said", () => {
  withCheckpoints(2);
  const whole = readFileSync(path("checkpoint-2.safetensors"));
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.boolean(), (at, cut) => {
      writeFileSync(path("checkpoint-2.safetensors"), whole);
      if (cut) truncateSync(path("checkpoint-2.safetensors"), at);
      else flip("checkpoint-2.safetensors", at);
      const { found, damaged } = reopened();
      expect(found?.entry.step).toBe(1);
      expect(damaged).toHaveLength(1);
      expect(damaged[0]).toMatch(
        /the file has (SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}|\d+ bytes, expected \d+);/,
      );
      expect(damaged[0]).toContain("checkpoint-1.safetensors is taken instead, which costs some steps");
    }),
    { numRuns: 30 },
  );
});

test("where both checkpoints are gone the run begins anew", () => {
  withCheckpoints(2);
  rmSync(path("checkpoint-1.safetensors"));
  flip("checkpoint-2.safetensors", 100);
  const run = reopened();
  expect(run.found).toBeUndefined();
  expect(run.damaged[1]).toBe(
    `${path("checkpoint-1.safetensors")}: the file is missing; the run begins anew, which costs some steps and changes no bit.`,
  );
  run.begin();
  expect(readFileSync(path("metrics.jsonl"), "utf8")).toBe("");
  expect(JSON.parse(readFileSync(path("checkpoints.json"), "utf8"))).toEqual({ version: 1, checkpoints: [] });
  expect(readdirSync(folder).sort()).toEqual(["checkpoints.json", "metrics.jsonl", "run.json", "run.lock"]);
});

test("a checkpoint that no manifest names and files that are not whole are swept away; others stay", () => {
  withCheckpoints(1);
  writeFileSync(path("checkpoint-9.safetensors"), "half");
  writeFileSync(path(`.checkpoint-9.safetensors.${process.pid}.0123abcd.tmp`), "half");
  writeFileSync(path("notes.tmp"), "mine");
  reopened().begin();
  expect(readdirSync(folder).sort()).toEqual([
    "checkpoint-1.safetensors",
    "checkpoints.json",
    "metrics.jsonl",
    "notes.tmp",
    "run.json",
    "run.lock",
  ]);
});

test("metrics beyond the checkpoint are cut off, a broken last line among them", () => {
  const run = withCheckpoints(2);
  run.add({ event: "step", step: 3 });
  run.close();
  writeFileSync(path("metrics.jsonl"), `${readFileSync(path("metrics.jsonl"), "utf8")}{"event":"st`);
  expect(readMetrics(path("metrics.jsonl"))).toEqual([
    { event: "step", step: 1 },
    { event: "step", step: 2 },
  ]);
  const again = reopened();
  expect(again.begin()).toBe(false);
  again.add({ event: "step", step: 3, loss: Number.NaN });
  again.update({ state: "done" });
  expect(readMetrics(path("metrics.jsonl")).at(-1)).toEqual({ event: "step", step: 3, loss: null });
  expect(readMetrics(path("metrics.jsonl"))).toHaveLength(3);
});

test("metrics that have become shorter are told, and go on after their last whole line", () => {
  withCheckpoints(2).close();
  truncateSync(path("metrics.jsonl"), 30);
  const again = reopened();
  expect(again.begin()).toBe(true);
  again.add({ event: "step", step: 3 });
  again.update({});
  expect(readFileSync(path("metrics.jsonl"), "utf8")).toBe(
    '{"event":"step","step":1}\n{"event":"step","step":3}\n',
  );
});

test("a broken line amid the metrics is named", () => {
  const file = join(top, "metrics.jsonl");
  writeFileSync(file, '{"event":"epoch"}\n[1]\n{"event":"epoch"}\n');
  const error = thrownBy(() => readMetrics(file));
  expect(error).toBeInstanceOf(FormatError);
  expect((error as Error).message).toMatch(
    new RegExp(`^${file}:2: the line is no event, expected an object of JSON`),
  );
});

test("a checkpoint that cannot be finished is taken away again, and the ones before still count", () => {
  const run = withCheckpoints(1);
  const manifest = readFileSync(path("checkpoints.json"));
  rmSync(path("checkpoints.json"));
  mkdirSync(path("checkpoints.json"));
  expect(thrownBy(() => run.save(model, { step: 2 }, { step: 2, epoch: 1 }))).toBeInstanceOf(FileError);
  expect(readdirSync(folder).filter((name) => /checkpoint-|tmp/.test(name))).toEqual([
    "checkpoint-1.safetensors",
  ]);
  rmSync(path("checkpoints.json"), { recursive: true });
  writeFileSync(path("checkpoints.json"), manifest);
  expect(reopened().found?.entry.step).toBe(1);
});

test("a run.json or manifest that is damaged, newer or hostile is refused in words", () => {
  withCheckpoints(1).close();
  const manifest = readFileSync(path("checkpoints.json"), "utf8");
  for (const text of [
    "[",
    '{"version":2,"checkpoints":[]}',
    manifest.replace("checkpoint-1", "../checkpoint-1"),
  ]) {
    writeFileSync(path("checkpoints.json"), text);
    const error = thrownBy(() => openRun(folder));
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain(
      "the text is no list of checkpoints of version 1, expected what",
    );
  }
  expect(existsSync(path("run.lock"))).toBe(false);
  for (const [text, fault] of [
    ["{", "the text is not JSON ("],
    ["7", "the text is no object"],
    [JSON.stringify({ ...record, version: 2 }), "version is 2 and not 1"],
    [JSON.stringify({ ...record, state: "x" }), 'state is "x" and none of running, stopped, failed, done'],
    [JSON.stringify({ ...record, seed: -0.5 }), "seed is -0.5 and no whole number"],
    [JSON.stringify({ ...record, flags: null }), "flags is no object"],
  ] as const) {
    writeFileSync(path("run.json"), text);
    const error = thrownBy(() => readRun(folder));
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain(`${path("run.json")}: ${fault}`);
  }
});
