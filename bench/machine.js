// What the figures were taken on.
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";

/** The release number alone: what is built into a kernel beside it is the business of who runs the machine. */
const kernel = () => /^[0-9]+(\.[0-9]+)*/.exec(release())?.[0] ?? "unknown";

/** The name that a Linux distribution gives itself, else what Node knows. */
function system() {
  try {
    const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
    if (name) return `${name}, kernel ${kernel()}`;
  } catch {
    // Other systems have no such file.
  }
  return `${process.platform} ${kernel()}`;
}

/** Family and model tell processors apart that call themselves the same. */
function processor() {
  const name = cpus()[0]?.model ?? "unknown";
  try {
    const text = readFileSync("/proc/cpuinfo", "utf8");
    const number = (key) => new RegExp(`^${key}\\s*: (\\d+)`, "m").exec(text)?.[1];
    const widest = ["avx512f", "avx2", "avx"].find((flag) => new RegExp(`\\b${flag}\\b`).test(text));
    const [family, model] = [number("cpu family"), number("model")];
    if (family !== undefined)
      return `${name} (family ${family}, model ${model}${widest ? `, ${widest}` : ""})`;
  } catch {
    // Other systems have no such file.
  }
  return name;
}

export function machine() {
  return {
    processor: processor(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: system(),
    architecture: process.arch,
    node: process.version,
    /** Of the minute before, by everything else. */
    load: Number(loadavg()[0].toFixed(2)),
  };
}
