// The library bundled: for the time of a start, and for its size.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

const here = dirname(fileURLToPath(import.meta.url));
const cache = join(here, "../.cache");
/** What a user of training alone would write. */
const USE = 'export { network, train } from "talweg";';

/** The files of a bundle, the entry first. */
async function bundle(input, minify) {
  const made = await rolldown({ input, external: [/^node:/], platform: "neutral", logLevel: "warn" });
  const { output } = await made.generate({ format: "esm", minify });
  await made.close();
  return output.map(({ fileName, code }) => ({ fileName, code }));
}

/** The same for a module that is only there to be bundled; it stands in this folder, so that it finds the library. */
async function bundleText(text, minify) {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "bundle-"));
  try {
    const file = join(folder, "use.js");
    writeFileSync(file, `${text}\n`);
    return await bundle(file, minify);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes a bundle and gives the path of its entry. */
function writeBundle(folder, files) {
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  for (const { fileName, code } of files) writeFileSync(join(folder, fileName), code);
  return join(folder, files[0].fileName);
}

/** The program that takes a first step, and the library alone, each as a bundle on the disk. */
export async function writeBundles() {
  const folder = mkdtempSync(join(tmpdir(), "talweg-bench-"));
  return {
    first: writeBundle(join(folder, "first"), await bundle(join(here, "first.js"), false)),
    library: writeBundle(join(folder, "library"), await bundleText(USE, false)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Bytes of what network and train bring along: minified, and gzipped at level 9. */
export async function librarySize() {
  const files = await bundleText(USE, true);
  const sum = (size) => files.reduce((all, { code }) => all + size(code), 0);
  return {
    use: USE,
    files: files.length,
    minified: sum((code) => Buffer.byteLength(code)),
    gzipped: sum((code) => gzipSync(code, { level: 9 }).length),
  };
}
