// One workload: every contestant is started, its answer compared, it is warmed up, and then the rounds go A B C A B C …, never
// two at once.
import { setTimeout as pause } from "node:timers/promises";
import { judge } from "./agreement.js";
import { startChild } from "./child.js";
import { writeData } from "./data.js";
import { referencePrediction, referenceTraining } from "./reference.js";
import { median, spread } from "./statistics.js";

/** Seconds for which a contestant is waited for. */
const LIMITS = { prepare: 120, check: 300, round: 300 };
/** A round longer than this is repeated fewer times. */
const LONG = 20;
const LONG_ROUNDS = 3;
/** What spins on after its round has come to rest by then, in milliseconds. */
const REST = 100;
/** More than this share of a processor while others are measured is worth a word. */
const BUSY = 0.02;
/** Each try makes at most ten times as many units of work. */
const MOST_TRIES = 12;
/** Rows that a contestant which only comes near the workload learns from in its check. */
const NEAR_ROWS = 500;

/** What this contestant is sent: the workload's task with its own number of rows, a tenth of them in a quick try. */
function taskFor(task, contestant, quick) {
  const most = contestant.rows?.[task.name] ?? task.rows;
  const rows = Math.min(task.rows, quick && most < task.rows ? Math.round(most / 10) : most);
  if (contestant.near?.[task.name] === undefined || task.kind !== "classes") return { ...task, rows };
  const few = Math.min(NEAR_ROWS, rows, task.check.rows);
  // It has no use for the order of the whole check.
  return { ...task, rows, check: { rows: few, probe: few, epochs: 1, near: true } };
}

/** A reason as it may stand in a published file: of paths only the last part. */
export const withoutPaths = (reason) => reason?.replace(/(?:[\w.@~+:-]*[\\/])+/g, "");

/** Starts a contestant and compares its answer. */
async function enter(contestant, task, expected, quick) {
  const row = { contestant: contestant.name, group: contestant.group, threads: contestant.threads };
  const near = contestant.near?.[task.name];
  if (near !== undefined) row.near = near;
  if (contestant.missing !== undefined) return { row: { ...row, missing: contestant.missing } };
  const own = taskFor(task, contestant, quick);
  row.rows = own.rows;
  const child = startChild(contestant);
  const about = await child.ask({ command: "prepare", task: own }, LIMITS.prepare);
  if (about.version !== undefined) row.version = about.version;
  if (about.blas !== undefined) row.blas = about.blas;
  const answer = about.error === undefined ? await child.ask({ command: "check" }, LIMITS.check) : about;
  const verdict =
    answer.error === undefined ? judge(answer, expected, near !== undefined) : { failed: answer.error };
  const { wrong } = verdict;
  const failed = withoutPaths(verdict.failed);
  if (failed === undefined && wrong === undefined)
    return { row: { ...row, ...verdict }, child, own, seconds: [] };
  await child.quit();
  return { row: { ...row, ...(failed === undefined ? { wrong } : { failed }) } };
}

/** One round; an error takes the contestant out. */
async function oneRound(entry, units) {
  const idle = entry.child.processorSeconds();
  if (entry.rested !== undefined && idle !== undefined) {
    entry.busy = (entry.busy ?? 0) + idle - entry.rested.seconds;
    entry.idle = (entry.idle ?? 0) + (performance.now() - entry.rested.at) / 1000;
  }
  const { seconds, error } = await entry.child.ask({ command: "round", units }, LIMITS.round);
  await pause(REST);
  entry.rested = { seconds: entry.child.processorSeconds(), at: performance.now() };
  if (error === undefined && Number.isFinite(seconds)) return seconds;
  entry.row.failed = withoutPaths(error) ?? `a round gave ${seconds} seconds`;
  await entry.child.quit();
  return undefined;
}

/** Warms a contestant up, and finds how many units make a round of the wanted length. */
async function warmUp(entry, { target, calls }) {
  entry.units = calls ?? 1;
  let seconds = await oneRound(entry, entry.units);
  for (let tries = 0; target !== undefined && seconds < target / 2; tries++) {
    if (tries === MOST_TRIES) {
      entry.row.failed = `${entry.units} units of work took it ${seconds} s, which cannot be`;
      await entry.child.quit();
      return;
    }
    // By steps, since the first units of all run cold.
    const factor = Math.min(10, target / Math.max(seconds, 1e-6));
    entry.units = Math.max(entry.units + 1, Math.round(entry.units * factor));
    seconds = await oneRound(entry, entry.units);
  }
  entry.long = seconds > LONG;
}

const plays = ({ child, row }) => child !== undefined && row.failed === undefined;

async function rounds(entries, workload, { number, report }) {
  for (const entry of entries.filter(plays)) {
    await warmUp(entry, workload);
    if (entry.long) report(`  ${entry.row.contestant}: rounds of more than ${LONG} s, so fewer of them`);
  }
  for (let round = 0; round < number; round++) {
    for (const entry of entries.filter(plays)) {
      if (entry.long && round >= LONG_ROUNDS) continue;
      const seconds = await oneRound(entry, entry.units);
      // A call's time is told for one call, all else for the units together.
      if (seconds !== undefined)
        entry.seconds.push(workload.calls === undefined ? seconds / entry.units : seconds);
    }
  }
}

/** The row with its figures, in the workload's unit. */
function figures({ row, seconds, units, busy, idle }, workload) {
  if (seconds === undefined || seconds.length === 0 || row.failed !== undefined) return row;
  const values = seconds.map((one) => workload.value(one, row.rows));
  const share = busy / idle;
  return {
    ...row,
    units,
    rounds: values,
    median: median(values),
    spread: spread(values),
    ...(share > BUSY ? { busyWhileOthersRan: share } : {}),
  };
}

/**
 * Measures one workload.
 *
 * @param workload    As `scaled` gives it.
 * @param contestants Those that are to take part in it.
 * @param o.number    Rounds.
 * @param o.quick     Whether this is only a try.
 * @returns The workload's record: the rows, and what was expected.
 */
export async function compare(workload, contestants, { number, quick, report }) {
  const data = writeData(workload);
  const entries = [];
  try {
    const predicts = workload.kind === "one" || workload.kind === "many";
    const answer = predicts ? referencePrediction : referenceTraining;
    const expected = answer(workload, data.forReference);
    for (const contestant of contestants) {
      const begun = performance.now();
      const entry = await enter(contestant, data.task, expected, quick);
      const { missing, failed, wrong } = entry.row;
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      report(`  ${contestant.name}: ${wrong ?? failed ?? missing ?? `answer compared, ${seconds} s`}`);
      entries.push(entry);
    }
    await rounds(entries, workload, { number, report });
    const { name, title, unit, better, rows } = workload;
    const expectedLoss = predicts ? {} : { expected };
    return {
      name,
      title,
      unit,
      better,
      rows,
      ...expectedLoss,
      results: entries.map((e) => figures(e, workload)),
    };
  } finally {
    for (const { child } of entries) await child?.quit();
    data.remove();
  }
}
