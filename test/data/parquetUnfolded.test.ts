/** Parquet that unfolds to more than the memory may hold. */
import { DataError } from "talweg/core";
import { parquetChunks, readParquet } from "talweg/data";
import { expect, test } from "vitest";
import { handMade, little, varint, zigzag } from "./parquetMaterial.ts";

test("texts that unfold to more than the memory may hold are refused as a whole, however small the file", async () => {
  // DELTA_BYTE_ARRAY: after the first, each text shares 1,000,000 bytes with the one before. Differences of prefixes: 1,000,000, then 0.
  const [texts, length] = [600, 1_000_000];
  const head = (first: number): number[] => [varint(128), varint(4), varint(texts), zigzag(first)].flat();
  const blocks = Math.ceil((texts - 1) / 128) - 1;
  const more = Array.from({ length: blocks }, () => [...zigzag(0), 0, 0, 0, 0]).flat();
  // A block whose first part has differences of 32 bits: one that counts, and 31 of 0.
  const first = [...zigzag(0), 32, 0, 0, 0, ...little(4, length, ...new Array<number>(31).fill(0))];
  const prefixes = [...head(0), ...first, ...more];
  // The least difference of a block is added to all, so that but for the first they are made up for.
  const lengths = [...head(length), ...zigzag(-length), 32, 32, 32, 32];
  lengths.push(...little(4, 0, ...new Array<number>(127).fill(length)), ...more);
  const text = Array.from({ length }, () => 121);
  const page = [...prefixes, ...lengths, ...text];
  const bytes = handMade({ type: 6, schema: [[6, 5, 0]], values: texts, encoding: 7, page });
  const error: unknown = await readParquet(bytes).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  expect((error as Error).message).toContain("Parquet: its texts have more than 536870912 characters");
  let rows = 0;
  for await (const chunk of parquetChunks(bytes)) rows += chunk.rows;
  expect(rows).toBe(texts);
});
