import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { tableSummarizer } from "talweg/data";
import { expect, test } from "vitest";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function used(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

test("different values are kept without the long cells, or the lines, that they were cut from", () => {
  const summarizer = tableSummarizer();
  const before = used();
  for (let i = 0; i < 100; i++) {
    const line = Buffer.alloc(1_000_000, 97 + (i % 26)).toString("latin1");
    // A long cell, of which a part is kept; and a short one, which an engine keeps as a part of its line.
    const cells = [[`${i} `.concat(line)], [line.slice(5, 5 + 20 + i)]];
    summarizer.add({ names: ["long", "short"], from: i, rows: 1, columns: cells });
  }
  expect(used() - before).toBeLessThan(10_000_000);
  expect(summarizer.summary().columns[1]).toMatchObject({ distinct: 100 });
});
