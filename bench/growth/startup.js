// How long a fresh process takes from its start to the first training step, and to import the library.
import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { median, spread } from "../statistics.js";

/** Milliseconds from before the process to the time that it prints as its last line. */
function untilPrinted(parameters) {
  const begun = performance.timeOrigin + performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout.trim().split("\n").at(-1)) - begun;
}

function printed(parameters) {
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}

const figure = (values) => ({ rounds: values, median: median(values), spread: spread(values) });
const module_ = (code) => ["--input-type=module", "--eval", code];

/**
 * Milliseconds, each out of `number` fresh processes that take turns.
 *
 * @param files `first`, the bundled program, and `library`, the bundled library alone.
 */
export function startTimes({ first, library }, number) {
  const now = "performance.timeOrigin + performance.now()";
  const url = JSON.stringify(pathToFileURL(library).href);
  const importing = `const t = performance.now(); await import(${url}); console.log(performance.now() - t);`;
  const times = { empty: [], firstStep: [], import: [] };
  for (let i = 0; i <= number; i++) {
    const round = {
      empty: untilPrinted(module_(`console.log(${now})`)),
      firstStep: untilPrinted([first]),
      import: printed(module_(importing)),
    };
    // The first round brings the files into memory.
    if (i > 0) for (const [name, value] of Object.entries(round)) times[name].push(value);
  }
  return {
    unit: "ms",
    emptyNode: figure(times.empty),
    firstStep: figure(times.firstStep),
    import: figure(times.import),
  };
}
