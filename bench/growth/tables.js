// How ours grows, as Markdown.
import { number, percent, table } from "../markdown.js";

function curveTable({ axis, title, points }) {
  const head = [axis, "parameters", "µs an example", "spread, rounds", "peak memory, MiB"];
  const rows = points.map((point) =>
    point.failed === undefined
      ? [
          number(point.at),
          number(point.parameterCount),
          number(1e6 * point.secondsAnExample),
          `±${percent(point.spread)} of ${point.rounds.length}`,
          number(point.peakMiB),
        ]
      : [number(point.at), "", "–", point.failed, ""],
  );
  return `### ${axis} (${title})\n\n${table(head, rows, [0, 1, 2, 3, 4])}`;
}

function startTable({ emptyNode, firstStep, import: imported }) {
  const names = [
    ["a Node that does nothing", emptyNode],
    ["from the start of a process to the first training step of 1-12-12-1, one bundled file", firstStep],
    ["the import of the bundled library alone", imported],
  ];
  const rows = names.map(([name, { median, spread, rounds }]) => [
    name,
    number(median),
    `±${percent(spread)} of ${rounds.length}`,
  ]);
  return `### Start\n\n${table(["what", "ms", "spread, processes"], rows, [1, 2])}`;
}

const sizeLine = ({ use, minified, gzipped, files }) =>
  `### Size\n\n\`${use}\`: ${number(minified)} bytes minified, ${number(gzipped)} bytes gzipped at level 9` +
  `${files === 1 ? "" : `, in ${files} files`}.`;

/** The section of the page. */
export function growthSection({ curves, start, size }) {
  const parts = ["## How ours grows"];
  if (curves !== undefined) {
    parts.push("![Time and memory of ours against width, depth, batch and examples](bench-growth.svg)");
    parts.push(
      "MNIST, ReLU, softmax, Adam; one process a point, which is warmed up for half a second and an epoch at least.",
    );
    parts.push(...curves.map(curveTable));
  }
  if (start !== undefined) parts.push(startTable(start));
  if (size !== undefined) parts.push(sizeLine(size));
  return parts.join("\n\n");
}
