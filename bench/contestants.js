// Who takes part, in what, and with how much of the data. What cannot run here becomes an entry with its reason.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openmpLibrary } from "./openmp.js";
import { missing, newest, pythonEnvironment, pythons, versions } from "./python.js";

const here = dirname(fileURLToPath(import.meta.url));
const script = (file) => join(here, "contestants", file);

const CURVES = ["W1a", "W1b"];
const DIGITS = ["W2b128", "W2b32", "W3"];
const DENSE = ["W2d", "W3d"];
const PREDICTIONS = ["W4one", "W4many"];
const ALL = [...CURVES, ...DIGITS, ...DENSE, ...PREDICTIONS];
const NODE_ALL = [...CURVES, ...DIGITS, ...PREDICTIONS];

/** The name under which the figures of all others are divided by ours. */
export const OURS = "talweg";

/** Node 26 as a package, where there is one for this system. */
const node26 = join(here, "node_modules/node-26/bin/node");

/**
 * An entry.
 *
 * `near` names the workloads to which the contestant only comes near, with the reason; `rows` those on which it is given fewer
 * rows, since it is slow; `missing` is the reason why it cannot run here.
 */
function node(name, file, parameters, more) {
  const command = [process.execPath, script(file), ...parameters];
  return { name, group: "Node", threads: 1, command, env: process.env, ...more };
}

function ours() {
  const all = { group: "Talweg", workloads: ALL };
  const has26 = existsSync(node26);
  return [
    node(OURS, "talweg.js", ["default"], { ...all, threads: "auto" }),
    node("talweg, 1 thread", "talweg.js", ["one-thread"], all),
    {
      ...node("talweg, Node 26 --wide", "talweg.js", ["wide"], { ...all, threads: "auto" }),
      command: [node26, script("talweg.js"), "wide"],
      ...(has26 ? {} : { missing: "the package with Node 26 is for 64-bit Linux" }),
    },
  ];
}

const oneActivation = "one activation (sigmoid) for the whole net, squared error, one example at a time";
const everywhere = (workloads, why) => Object.fromEntries(workloads.map((name) => [name, why]));

function plainJavaScript() {
  const single = ["W1b", "W2b128", "W3", ...PREDICTIONS];
  const noW3 = ["W1b", "W2b128", ...PREDICTIONS];
  const synaptic = "float64, ReLU and sigmoid, squared error, one example at a time";
  const tanh = "float64, tanh, classes only, plain gradient descent";
  const convnet = {
    ...everywhere(CURVES, "float64, linear output, half of the squared error"),
    ...everywhere(DIGITS, "float64, Adadelta, as it has no Adam"),
  };
  return [
    node("brain.js 2 beta", "brain.js", ["2"], {
      workloads: single,
      near: everywhere(single, oneActivation),
      rows: { W2b128: 6000, W3: 600 },
    }),
    node("brain.js 1.6", "brain.js", ["1"], {
      workloads: single,
      near: everywhere(single, oneActivation),
      rows: { W2b128: 3000, W3: 600 },
    }),
    node("synaptic", "synaptic.js", [], {
      workloads: noW3,
      near: everywhere(noW3, synaptic),
      rows: { W2b128: 150, W4one: 200, W4many: 200 },
    }),
    node("ml-fnn", "mlfnn.js", [], {
      workloads: NODE_ALL,
      near: everywhere(NODE_ALL, tanh),
      rows: { W2b128: 3840, W2b32: 3840, W3: 1280 },
    }),
    node("ConvNetJS", "convnet.js", [], {
      workloads: NODE_ALL,
      near: convnet,
      rows: { W2b128: 6400, W2b32: 6400, W3: 1280 },
    }),
  ];
}

function nodePeers() {
  const runtimes = ["node", "web"].flatMap((kind) =>
    [1, 2].map((threads) =>
      node(`onnxruntime-${kind}, ${count(threads)}`, "onnxruntime.js", [kind, `${threads}`], {
        threads,
        workloads: PREDICTIONS,
      }),
    ),
  );
  return [
    node("TensorFlow.js, cpu", "tfjs.js", ["cpu"], {
      workloads: NODE_ALL,
      rows: { W2b128: 6400, W2b32: 3840, W3: 1280 },
    }),
    node("TensorFlow.js, wasm", "tfjs.js", ["wasm"], { workloads: NODE_ALL, rows: { W3: 6400 } }),
    node("jax-js, wasm", "jax.js", [], { workloads: NODE_ALL }),
    ...plainJavaScript(),
    ...runtimes,
  ];
}

const count = (threads) => (threads === 1 ? "1 thread" : `${threads} threads`);

function python(name, file, found, threads, more = {}) {
  const command = [found?.executable ?? "python3", script(file), `${threads}`];
  const env = pythonEnvironment(threads);
  return {
    name: `${name}, ${count(threads)}`,
    group: "Python",
    threads,
    command,
    env,
    workloads: ALL,
    ...more,
  };
}

/** Every PyTorch that is there, Debian's also with the OpenBLAS that suits it. */
function torchPeers(all) {
  const found = versions(all, "torch");
  if (found.length === 0) {
    return [1, 2].map((n) =>
      python("PyTorch", "pytorch.py", undefined, n, { missing: missing(all, "torch") }),
    );
  }
  return found.flatMap((one) => {
    const name = found.length === 1 ? "PyTorch" : `PyTorch ${one.torch.split(/[+a]/)[0]}`;
    const plain = [1, 2].map((threads) => {
      const slow = one.debian && !one.fast;
      return python(name, "pytorch.py", one, threads, slow ? { missing: missing(all, "torch") } : {});
    });
    return one.debian ? [...plain, withOpenmp(name, one)] : plain;
  });
}

function withOpenmp(name, found) {
  const { folder, reason } = openmpLibrary();
  const made = python(`${name} (OpenMP)`, "pytorch.py", found, 2);
  if (folder === undefined) return { ...made, missing: reason };
  return { ...made, env: { ...made.env, LD_LIBRARY_PATH: folder } };
}

function pythonPeers(all) {
  const linear = "linear output, half of the squared error";
  const peers = [1, 2].flatMap((threads) => {
    const [numpy, sklearn] = [newest(all, "numpy"), newest(all, "sklearn")];
    const lacks = (found, module) => (found === undefined ? { missing: missing(all, module) } : {});
    return [
      python("NumPy", "numpy_net.py", numpy, threads, lacks(numpy, "numpy")),
      python("scikit-learn", "scikit.py", sklearn, threads, {
        workloads: NODE_ALL,
        near: everywhere(CURVES, linear),
        ...lacks(sklearn, "sklearn"),
      }),
    ];
  });
  return [...torchPeers(all), ...peers.sort((a, b) => (a.name < b.name ? -1 : 1))];
}

/** `{ contestants, pythons }`. */
export function findContestants() {
  const all = pythons();
  return { contestants: [...ours(), ...pythonPeers(all), ...nodePeers()], pythons: all };
}
