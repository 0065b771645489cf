// The record as Markdown.
import { LOSS_TOLERANCE, OUTPUT_TOLERANCE } from "./agreement.js";
import { growthSection } from "./growth/tables.js";
import { number, percent, table } from "./markdown.js";

/** What stands in a table before those that could not be measured. */
const measured = (record) => record.results.filter(({ median }) => median !== undefined);

const isOurs = ({ group }) => group === "Talweg";

/** The fastest first. */
function bySpeed({ better, results }) {
  const sign = better === "less" ? 1 : -1;
  return [...results].sort((a, b) => sign * (a.median - b.median));
}

function ratioCell(row) {
  if (row.ratio === undefined) return "–";
  if (isOurs(row)) return number(row.ratio);
  return row.ratio < 1 ? `**${number(row.ratio)}, we lose**` : number(row.ratio);
}

/** `~` before a figure that was taken on fewer rows. */
const rough = (row, record) => (row.rows < record.rows ? "~" : "");

function remarks(row, record) {
  const some = [];
  if (row.near !== undefined) some.push(`near: ${row.near}`);
  if (row.rows < record.rows) some.push(`on ${number(row.rows)} rows`);
  if (row.busyWhileOthersRan !== undefined) {
    some.push(`took ${percent(row.busyWhileOthersRan)} of a core while others ran`);
  }
  return some.join("; ");
}

const cells = (row, record) => [
  isOurs(row) ? `**${row.contestant}**` : row.contestant,
  row.version ?? "",
  `${rough(row, record)}${number(row.median)}`,
  `±${percent(row.spread)} of ${row.rounds.length}`,
  ratioCell(row),
  remarks(row, record),
];

/** Why a row has no figure. */
function reason({ missing, failed, wrong }) {
  if (missing !== undefined) return `not available here: ${missing}`;
  return wrong === undefined ? `failed: ${failed}` : `not timed, wrong answer: ${wrong}`;
}

function workloadSection(record) {
  if (record.failed !== undefined)
    return `### ${record.name}: ${record.title}\n\nnot measured: ${record.failed}`;
  const head = ["contestant", "version", record.unit, "spread, rounds", "its time / ours", "remarks"];
  const rows = bySpeed({ ...record, results: measured(record) }).map((row) => cells(row, record));
  const others = record.results
    .filter(({ median }) => median === undefined)
    .map((row) => [row.contestant, row.version ?? "", "–", "", "", reason(row)]);
  return `### ${record.name}: ${record.title}\n\n${table(head, [...rows, ...others], [2, 3, 4])}`;
}

/** The fastest peer of some groups that does the same mathematics. */
function fastest(record, groups) {
  const rows = measured(record).filter(({ group, near }) => groups.includes(group) && near === undefined);
  return bySpeed({ ...record, results: rows })[0];
}

function summary(records) {
  const head = [
    "workload",
    "unit",
    "ours",
    "fastest peer",
    "it",
    "its time / ours",
    "fastest peer in Node",
    "it",
    "its time / ours",
  ];
  const rows = records.map((record) => {
    const ours = record.results.find(({ contestant }) => contestant === "talweg")?.median;
    const peer = (row) =>
      row === undefined
        ? ["–", "", ""]
        : [row.contestant, `${rough(row, record)}${number(row.median)}`, ratioCell(row)];
    return [
      `${record.name}: ${record.title}`,
      record.unit,
      ours === undefined ? "–" : number(ours),
      ...peer(fastest(record, ["Python", "Node"])),
      ...peer(fastest(record, ["Node"])),
    ];
  });
  return table(head, rows, [2, 4, 5, 7, 8]);
}

function machineLine({ machine, pythons, date }) {
  const python = pythons.map(({ python: version, ...modules }) => {
    const list = Object.entries(modules).filter(([, found]) => found !== undefined);
    return `Python ${version} with ${list.map((pair) => pair.join(" ")).join(", ") || "nothing to measure"}`;
  });
  const parts = [
    `${date}. ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}`,
    `Node ${machine.node.slice(1)}`,
    ...python,
  ];
  return `${parts.join("; ")}.`;
}

/** Which linear algebra the peers in Python worked with. */
function blasLine(records) {
  const found = new Map();
  for (const { contestant, blas } of records.flatMap(({ results }) => results)) {
    if (blas !== undefined) found.set(blas, (found.get(blas) ?? new Set()).add(contestant));
  }
  if (found.size === 0) return "";
  const lines = [...found].map(([blas, names]) => `${blas} (${[...names].join("; ")})`);
  return `\n\nLinear algebra: ${lines.join(", ")}.`;
}

const HOW = `
Each contestant is a process of its own, and rounds take turns (A B C A B C …), never two at once. All begin from the same
weights, with the same examples in the same order, and time themselves inside. Figures are medians; the spread is half of the
distance from the least to the largest. Before it is timed, each contestant trains on a part of the data (or predicts 100 images),
and its loss must be within ${percent(LOSS_TOLERANCE)} (each probability within ${OUTPUT_TOLERANCE}, relative) of the same mathematics in float64;
one that disagrees is not timed. *Near* marks those that cannot do the same mathematics: they need only learn, and their times
say what they cost, not what they give. \`~\` marks figures from fewer rows, extrapolated.
The ratio is the peer's time over the time of the row \`talweg\`: above 1 we are faster.`;

/** The whole page. */
export function document(record) {
  const { comparison, growth, quick } = record;
  const parts = ["# Measured against others"];
  if (quick) parts.push("**A quick try on tiny subsets: these figures mean nothing.**");
  parts.push(machineLine(record) + blasLine(comparison));
  if (comparison.length > 0) {
    parts.push("Run again with `npm --prefix bench start`.", HOW.trim());
    parts.push("![Time of each peer over ours, by workload](bench.svg)");
    parts.push(`## Ours and the fastest peer that does the same\n\n${summary(comparison)}`);
    parts.push("## Every contestant", ...comparison.map(workloadSection));
  }
  if (growth !== undefined) parts.push(growthSection(growth));
  return `${parts.join("\n\n")}\n`;
}
