/** How much a page must load for the README's first lines. */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type OutputChunk, rolldown } from "rolldown";
import { expect, test } from "vitest";

/** The files, minified, that these names need: what is loaded at once, and what is loaded when there is work for it. */
async function chunks(names: string): Promise<{ first: OutputChunk[]; later: OutputChunk[] }> {
  const entry = "entry.js";
  const library = fileURLToPath(new URL("../src/index.ts", import.meta.url));
  const bundle = await rolldown({
    input: entry,
    platform: "browser",
    treeshake: true,
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? `export { ${names} } from ${JSON.stringify(library)};` : null),
      },
    ],
  });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  await bundle.close();
  const all = output.filter((file) => file.type === "chunk");
  const first = all.filter((chunk) => chunk.isEntry);
  for (const chunk of first) {
    for (const name of chunk.imports) {
      const imported = all.find(({ fileName }) => fileName === name);
      if (imported !== undefined && !first.includes(imported)) first.push(imported);
    }
  }
  return { first, later: all.filter((chunk) => !first.includes(chunk)) };
}

const compressed = (files: readonly OutputChunk[]): number =>
  files.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);

test("network and train, bundled, minified and compressed, take at most 40 KB, and when they are needed the generator of fast code 32 KB more, the challenger 4 KB", async () => {
  const { first, later } = await chunks("network, train");
  const bytes = compressed(first);
  expect(bytes, `${bytes} bytes at once`).toBeLessThanOrEqual(40 * 1024);
  expect(later.map(({ name }) => name).sort()).toEqual(["challenger", "fastKernels"]);
  for (const file of later) {
    const most = file.name === "challenger" ? 4 : 32;
    expect(compressed([file]), `bytes of ${file.name}`).toBeLessThanOrEqual(most * 1024);
  }
});
