/** Where the files that come later cannot be loaded, as when the network is down: a bundle whose parts fail. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import type * as talweg from "talweg";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "talweg-unloadable-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The library without one of its files. */
async function libraryWithout(file: string): Promise<typeof talweg> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL("../../src/index.ts", import.meta.url)),
    platform: "browser",
    external: [/^hyparquet/],
    plugins: [
      {
        name: "missing",
        load: (id) => (id.endsWith(`/${file}`) ? 'throw new Error("the network is down");' : null),
      },
    ],
    logLevel: "silent",
  });
  const out = join(folder, file);
  await bundle.write({ dir: out, format: "esm", entryFileNames: "index.mjs", chunkFileNames: "[name].mjs" });
  await bundle.close();
  return (await import(pathToFileURL(join(out, "index.mjs")).href)) as typeof talweg;
}

test("without the fast kernels training goes on in readable code, to the same bits, unless they are insisted on", async () => {
  const whole = await import("talweg");
  const { dense, network, parabola, train } = await libraryWithout("fastKernels.ts");
  const work = { epochs: 3000, stop: { steps: 40 } };
  const run = (library: Pick<typeof talweg, "network" | "dense">): talweg.Network =>
    library.network([library.dense(1, 100, "tanh"), library.dense(100, 1)], { seed: 1 });
  const data = parabola({ rows: 400, interval: [-1, 1] });
  const result = await train(run({ dense, network }), data, work);
  expect(result.steps).toBe(40);
  const expected = await whole.train(run(whole), data, { ...work, kernels: "simd" });
  expect(result.parametersSha256).toBe(expected.parametersSha256);
  const insisted = train(run({ dense, network }), data, { ...work, kernels: "simd" });
  await expect(insisted).rejects.toThrow("the network is down");
});

test("without the challenger a run that may be challenged is refused before it begins, and others are not", async () => {
  const { auto, dense, network, train, xor } = await libraryWithout("challenger.ts");
  const n = network([dense(2, 3, "sigmoid"), dense(3, 1, "sigmoid")], { seed: 1 });
  const start = n.parameters.slice();
  await expect(train(n, xor(), { epochs: 60 })).rejects.toThrow(
    "train: the code of auto's challenger could not be loaded (Error: the network is down), expected it beside the other files, since the result " +
      "may depend on it; try again, or pass auto({ challenger: false }).",
  );
  expect(n.parameters).toEqual(start);
  const result = await train(n, xor(), { epochs: 60, optimizer: auto({ challenger: false }) });
  expect(result.epochs).toBe(60);
});
