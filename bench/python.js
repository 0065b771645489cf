// Which Pythons there are, and what they can measure. Nothing is installed: what is missing is said, with the line that adds it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian's packages of the peers; a NumPy without a fast BLAS would be no peer. */
const PACKAGES = {
  numpy: "python3-numpy",
  sklearn: "python3-sklearn",
  torch: "python3-torch",
  blas: "libopenblas0-pthread",
};

// Each module is asked in this one process, since PyTorch takes seconds to load.
const QUESTION = `
import json, re, sys
found = {"python": sys.version.split()[0], "executable": sys.executable, "prefix": sys.prefix}
for name in ("numpy", "sklearn", "torch"):
    try:
        module = __import__(name)
        found[name] = module.__version__
        if name == "numpy":
            module.ones((2, 2), "f") @ module.ones((2, 2), "f")
    except Exception:
        pass
try:
    paths = {line.split()[-1] for line in open("/proc/self/maps") if ".so" in line}
    found["fast"] = any(re.search("openblas|mkl|blis|atlas", path) for path in paths)
    found["debian"] = any(re.search(r"/libblas\\.so", path) for path in paths)
except OSError:
    found["fast"] = True
print(json.dumps(found))
`;

/** The environment of a Python peer: its own choice of kernels, and so many threads. */
export function pythonEnvironment(threads) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("OPENBLAS_"));
  const number = threads === undefined ? {} : { OMP_NUM_THREADS: threads, MKL_NUM_THREADS: threads };
  const own = threads === undefined ? {} : { OPENBLAS_NUM_THREADS: threads };
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(Object.entries({ ...number, ...own }).map(([name, value]) => [name, `${value}`])),
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

/** Every python3 on the path, and those that BENCH_PYTHON names (separated as the path is). */
function candidates() {
  const named = (process.env.BENCH_PYTHON ?? "").split(delimiter);
  const onPath = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "python3"));
  return [...named, ...onPath].filter((file) => file !== "" && existsSync(file));
}

function ask(file) {
  const options = { encoding: "utf8", env: pythonEnvironment(), timeout: 60_000 };
  const { status, stdout } = spawnSync(file, ["-c", QUESTION], options);
  if (status !== 0) return undefined;
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1));
  } catch {
    return undefined;
  }
}

/** The Pythons that are there, each with the versions of the peers that it has. */
export function pythons() {
  const found = new Map();
  for (const file of candidates()) {
    const answer = ask(file);
    // One Python may have several names.
    if (answer !== undefined && !found.has(answer.prefix)) found.set(answer.prefix, answer);
  }
  return [...found.values()];
}

const parts = (version) => version.split(/[^0-9]+/).map(Number);

/** Whether version `a` is above `b`, number by number. */
function newer(a, b) {
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** The Python with the newest version of a module, among those whose BLAS is a fast one. */
export function newest(all, module) {
  let best;
  for (const python of all.filter(({ fast }) => fast)) {
    if (python[module] === undefined) continue;
    if (best === undefined || newer(python[module], best[module])) best = python;
  }
  return best;
}

/** One Python for each version of a module, the newest first. */
export function versions(all, module) {
  const byVersion = new Map();
  for (const python of all) {
    if (python[module] !== undefined && !byVersion.has(python[module])) byVersion.set(python[module], python);
  }
  return [...byVersion.values()].sort((a, b) => (newer(a[module], b[module]) ? -1 : 1));
}

/** Why a module cannot be measured here. */
export function missing(all, module) {
  if (all.length === 0) return "there is no python3";
  const slow = all.some((python) => python[module] !== undefined && !python.fast);
  return slow
    ? `NumPy works with the slow reference BLAS; install ${PACKAGES.blas}`
    : `no python3 has ${module}`;
}

/** The line that installs on Debian what is missing, or undefined. */
export function aptLine(all) {
  const wanted = Object.entries(PACKAGES)
    .filter(([module]) =>
      module === "blas" ? !all.some(({ fast }) => fast) : newest(all, module) === undefined,
    )
    .map(([, name]) => name);
  return wanted.length === 0 ? undefined : `apt-get install --no-install-recommends ${wanted.join(" ")}`;
}
