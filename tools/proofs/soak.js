// Ten thousand trainings in one process take no more memory than the first ones did: see tools/soak.js.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const MOST_GROWTH = 5;
/** What JavaScript holds settles soon; the process grows on while V8 compiles what turns out to run often. */
const HELD_SINCE = 100;
const RESIDENT_SINCE = 1000;

/** Half-spaces and arenas for each thread would grow and shrink by many megabytes of nothing. */
const FLAGS = ["--max-semi-space-size=1"];
const ENVIRONMENT = { MALLOC_ARENA_MAX: "1" };

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

export default async function prove(report) {
  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, "tools/soak.js"], {
    env: { ...process.env, ...ENVIRONMENT },
    maxBuffer: 1 << 26,
  });
  const { counts, workers, series } = JSON.parse(stdout);
  const after = (what, runs) => series.filter((point) => point.runs >= runs).map((point) => point[what]);
  const rounded = (x) => Math.round(100 * x) / 100;
  const heldAfter = after("held", HELD_SINCE);
  const held = rounded(heldAfter.at(-1) - heldAfter[0]);
  // Single measurements of a process go up and down by a megabyte, so ten of them are taken.
  const residentAfter = after("resident", RESIDENT_SINCE);
  const resident = rounded(median(residentAfter.slice(-10)) - median(residentAfter.slice(0, 10)));
  const inAll = rounded(series.at(-1).resident - series[0].resident);
  report(
    `held ${held} MB more than after ${HELD_SINCE} runs, resident ${resident} MB more than after ${RESIDENT_SINCE}`,
  );
  report(`${JSON.stringify(counts)}, workers left: ${workers}`);
  return {
    claim:
      "In 10,000 trainings in one process, of a thousand shapes and to all ends, what JavaScript holds (heap, external memory, " +
      `array buffers) grows by less than ${MOST_GROWTH} MB after the first ${HELD_SINCE}, the process by less than ` +
      `${MOST_GROWTH} MB after the first ${RESIDENT_SINCE}, and no worker is left.`,
    holds: held < MOST_GROWTH && resident < MOST_GROWTH && workers === 0 && counts.notFinite > 0,
    growth: { held, resident, residentSinceFirstHundred: inAll },
    counts,
    workers,
    series,
  };
}
