// PyTorch's other OpenBLAS: Debian pairs PyTorch, which works with OpenMP, with an OpenBLAS that has threads of its own, and with
// two threads both get in each other's way. The OpenMP build is fetched and unpacked beside, not installed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "libopenblas0-openmp";
const cache = join(dirname(fileURLToPath(import.meta.url)), ".cache", PACKAGE);

/** The folder with the library in an unpacked package. */
function libraryFolder() {
  const lib = join(cache, "usr/lib");
  if (!existsSync(lib)) return undefined;
  const folders = readdirSync(lib).map((triple) => join(lib, triple, "openblas-openmp"));
  return folders.find((folder) => existsSync(folder));
}

function unpack() {
  mkdirSync(cache, { recursive: true });
  const quiet = { cwd: cache, stdio: "ignore", timeout: 120_000 };
  if (spawnSync("apt-get", ["download", PACKAGE], quiet).status !== 0) return;
  const file = readdirSync(cache).find((name) => name.endsWith(".deb"));
  if (file !== undefined) spawnSync("dpkg", ["-x", file, "."], quiet);
}

/** `{ folder }` to put on the library path, or `{ reason }` why there is none. */
export function openmpLibrary() {
  if (libraryFolder() === undefined) unpack();
  const folder = libraryFolder();
  if (folder !== undefined) return { folder };
  return {
    reason: `Debian's package ${PACKAGE} could not be fetched (apt-get download, after apt-get update)`,
  };
}
