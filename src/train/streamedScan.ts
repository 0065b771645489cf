/**
 * The first pass over a table that does not fit into memory: what its columns are, and which rows are watched.
 *
 * A row is a candidate where the number that the seed draws for it lies below the share; of all candidates those with the smallest
 * numbers are watched, so that they are a fair sample whatever the number of rows. Candidates that smaller numbers replace
 * later are learned from, though the columns were summed up without them: at most some hundred thousand of millions of rows.
 *
 * Source: sampling by smallest random keys, Efraimidis and Spirakis, "Weighted random sampling with a reservoir" (2006), with
 * equal weights.
 */
import { randomStream, type Seed } from "../core/index.ts";
import {
  isMissing,
  own,
  type Table,
  type TableChunk,
  type TableSummary,
  tableSummarizer,
  type Value,
} from "../data/index.ts";

/** A table that is read anew for each epoch. */
export interface TableSource {
  /** Begins at the first row; the same rows each time. */
  open(): AsyncIterable<TableChunk>;
  /** For messages. */
  source?: string;
}

/** What the first pass has found. */
export interface TableScan {
  /** Of the table. */
  rows: number;
  /** Rows that lack a target and are not watched. */
  withoutTarget: number;
  /** Of rows that are not watched. */
  summary: TableSummary;
  /** Row numbers, ascending, and the rows themselves. */
  watched: number[];
  table: Table;
}

interface Candidate {
  key: number;
  row: number;
  line: number | undefined;
  lacksTarget: boolean;
  names: readonly string[];
  values: Value[];
}

/** Later of two candidates in order of choice; equal keys give the row that came first. */
const isAfter = (a: Candidate, b: Candidate): boolean => a.key > b.key || (a.key === b.key && a.row > b.row);

/** A cell that does not keep the text alive that it was cut from. */
const owned = (cell: Value | undefined): Value => (typeof cell === "string" ? own(cell) : (cell ?? null));

/** @param most Rows that are watched at most. */
export async function scanTable(
  { open, source }: TableSource,
  { targets, share, most, seed }: { targets: readonly string[]; share: number; most: number; seed: Seed },
): Promise<TableScan> {
  const { word } = randomStream(seed, "shuffle", 0, 1);
  const limit = share * 0x100000000;
  const sample = new Sample(most);
  const summarizer = tableSummarizer();
  let rows = 0;
  let withoutTarget = 0;
  for await (const chunk of open()) {
    const { names, columns, lines } = chunk;
    const answers = targets.map((name) => columns[names.indexOf(name)]);
    const taken = new Set<number>();
    for (let i = 0; i < chunk.rows; i++) {
      const row = chunk.from + i;
      const lacksTarget = answers.some((cells) => isMissing(cells?.[i] ?? null));
      if (lacksTarget) withoutTarget++;
      const key = limit === 0 ? 1 : word(row);
      if (!(key < limit && sample.wants(key))) continue;
      taken.add(row);
      const values = columns.map((cells) => owned(cells[i]));
      sample.add({ key, row, line: lines?.[i], lacksTarget, names, values });
    }
    summarizer.add(chunk, taken.size === 0 ? undefined : (row) => !taken.has(row));
    rows += chunk.rows;
  }
  const summary = summarizer.summary();
  const chosen = sample.rows();
  return {
    rows,
    withoutTarget: withoutTarget - chosen.filter(({ lacksTarget }) => lacksTarget).length,
    summary,
    watched: chosen.map(({ row }) => row),
    table: tableOf(chosen, summary, source),
  };
}

function tableOf(chosen: readonly Candidate[], { columns }: TableSummary, source: string | undefined): Table {
  const places = new Map(columns.map(({ name }, c) => [name, c]));
  // JSON lines may show a column late, so that early rows know fewer.
  const cells = columns.map(() => new Array<Value>(chosen.length).fill(null));
  for (const [row, { names, values }] of chosen.entries()) {
    for (const [c, name] of names.entries()) cells[places.get(name)!]![row] = values[c]!;
  }
  const lines = chosen.flatMap(({ line }) => (line === undefined ? [] : [line]));
  return {
    names: columns.map(({ name }) => name),
    rows: chosen.length,
    columns: cells,
    ...(lines.length === chosen.length && lines.length > 0 && { lines }),
    ...(source !== undefined && { source }),
  };
}

/** The candidates with the smallest keys, as a heap with the largest of them at the top. */
class Sample {
  private readonly most: number;
  private readonly heap: Candidate[] = [];

  constructor(most: number) {
    this.most = most;
  }

  wants(key: number): boolean {
    return this.heap.length < this.most || key < this.heap[0]!.key;
  }

  add(candidate: Candidate): void {
    const { heap } = this;
    if (heap.length < this.most) this.rise(candidate);
    else this.sink(candidate);
  }

  private rise(candidate: Candidate): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(candidate);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isAfter(candidate, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = candidate;
  }

  /** Takes the place of the largest. */
  private sink(candidate: Candidate): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isAfter(heap[child + 1]!, heap[child]!)) child++;
      if (!isAfter(heap[child]!, candidate)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = candidate;
  }

  /** In the order of the table. */
  rows(): Candidate[] {
    return this.heap.toSorted((a, b) => a.row - b.row);
  }
}
