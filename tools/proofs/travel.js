// Models that travel: ONNX in onnxruntime, raw rows of a table included; the content by onnx.checker; code to the last bit; and
// PyTorch with our safetensors. onnxruntime comes from bench/; Python is asked where it has onnx and torch.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  activationNames,
  dense,
  network,
  randomStream,
  toCode,
  toOnnx,
  torchModules,
  toSafetensors,
  train,
} from "talweg";
import { decodeOutputs, encodeRows, fitPreprocessing, summarizeColumns, tableDataset } from "talweg/data";
import { onnxPorts } from "talweg/formats";
import { root } from "../run.js";
import { setup } from "../setup.js";

/** A package of bench/, not of this one. */
const RUNTIME = "onnxruntime-node";
const ROWS = 256;
const OPSETS = [13, 14, 15, 16, 17, 18, 19, 20, 21];
/** The newest that Debian's onnx 1.12 knows. */
const CHECKED_OPSET = 17;

const size = (x) => Math.max(1, Math.abs(x));
const worst = (found, wanted) =>
  Array.from(wanted).reduce((most, y, i) => Math.max(most, Math.abs(Number(found[i]) - y) / size(y)), 0);

/** A network for each activation, hidden and last. */
function networks() {
  return activationNames.map((name, seed) => {
    const hidden = name === "softmax" ? "relu" : name;
    const layers = [dense(10, 32, hidden), dense(32, 16, hidden), dense(16, 4, name)];
    return { name, model: network(layers, { seed }), x: normals(ROWS * 10, seed) };
  });
}

function normals(count, seed) {
  const random = randomStream(seed, "data");
  return Float32Array.from({ length: count }, (_, i) => random.normal(i));
}

/** A made-up table with every kind of column, cells missing, and targets that depend on them. */
function madeTable() {
  const stream = randomStream(5, "data");
  let drawn = 0;
  const random = { uniform: () => stream.uniform(drawn++), normal: () => stream.normal(drawn++) };
  const pick = (list) => list[Math.floor(random.uniform() * list.length)];
  const names = ["size", "price", "city", "garden", "built", "sold", "grade", "rent", "tax"];
  const rows = Array.from({ length: 500 }, () => {
    const area = 20 + 200 * random.uniform();
    const city = pick(["Bergen", "Århus", "Oslo", "Malmö"]);
    const garden = random.uniform() < 0.4;
    const year = 1900 + Math.floor(120 * random.uniform());
    const price =
      1e6 + 30_000 * area * (city === "Oslo" ? 2 : 1) + (garden ? 5e5 : 0) + 1e5 * random.normal();
    const missing = (value, share) => (random.uniform() < share ? null : value);
    return [
      missing(area.toFixed(1), 0.1),
      price,
      missing(city, 0.05),
      missing(garden ? "yes" : "no", 0.1),
      missing(`${year}-0${1 + Math.floor(9 * random.uniform())}-15`, 0.05),
      price > 4e6 ? "yes" : "no",
      area > 150 ? "large" : area > 80 ? "middle" : "small",
      price / 300 + 100 * random.normal(),
      price / 1e4 - area,
    ];
  });
  return { names, rows: rows.length, columns: names.map((_, c) => rows.map((row) => row[c])) };
}

/** Trained on the table: two classes, three classes, two numbers. */
async function tableModels(table) {
  const cases = [
    { name: "two classes", target: "sold", drop: ["grade", "rent", "tax"], loss: "binaryCrossEntropy" },
    {
      name: "three classes",
      target: "grade",
      drop: ["sold", "rent", "tax"],
      loss: "categoricalCrossEntropy",
    },
    { name: "two numbers", target: ["rent", "tax"], drop: ["sold", "grade"], loss: "meanSquaredError" },
  ];
  const models = [];
  for (const { name, target, drop, loss } of cases) {
    const preprocessing = fitPreprocessing(summarizeColumns([{ ...table, from: 0 }]), { target, drop });
    const data = tableDataset(preprocessing, table);
    const last = { binaryCrossEntropy: "sigmoid", categoricalCrossEntropy: "softmax" }[loss] ?? "linear";
    const layers = [dense(data.inputs, 16, "tanh"), dense(16, data.outputs, last)];
    const model = network(layers, { seed: 1 });
    await train(model, data, { loss, epochs: 40 });
    model.metadata.preprocessing = preprocessing;
    models.push({ name, model, preprocessing });
  }
  return models;
}

/** The raw columns as tensors of onnxruntime. */
function feeds({ Tensor }, { columns }, table) {
  const cells = (name) => table.columns[table.names.indexOf(name)];
  return Object.fromEntries(
    columns.map(({ name, kind }) => {
      const text = kind === "category" || kind === "boolean";
      const values = cells(name).map((value) => {
        if (text) return value ?? "";
        if (value === null) return Number.NaN;
        return kind === "date" ? Date.parse(value) / 86_400_000 : Number(value);
      });
      const dims = [table.rows, 1];
      return [
        name,
        text ? new Tensor("string", values, dims) : new Tensor("float64", Float64Array.from(values), dims),
      ];
    }),
  );
}

async function tableCase(ort, { name, model, preprocessing }, table) {
  const session = await ort.InferenceSession.create(toOnnx(model));
  const found = await session.run(feeds(ort, preprocessing, table));
  const { x } = encodeRows(preprocessing, table);
  const wanted = decodeOutputs(preprocessing, model.predict(x), table.rows);
  const ports = onnxPorts(model).outputs.map((port) => port.name);
  const numbers = preprocessing.targets[0].kind === "number";
  const differences = numbers
    ? ports.map((port) =>
        worst(
          found[port].data,
          wanted.map(({ values }) => values[port]),
        ),
      )
    : [
        worst(
          found.probabilities.data,
          wanted.flatMap(({ probabilities }) => Object.values(probabilities)),
        ),
      ];
  const target = preprocessing.targets[0].name;
  const equalLabels = numbers || wanted.every(({ values }, i) => found.label.data[i] === values[target]);
  return { name, inputs: session.inputNames, worst: Math.max(...differences), equalLabels, rows: table.rows };
}

async function codeCase({ name, model, x }) {
  const text = toCode(model, { language: "javascript" });
  const { predict } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  const rows = Array.from({ length: ROWS }, (_, r) => Array.from(x.subarray(r * 10, r * 10 + 10)));
  const bits = (values) => new Uint32Array(Float32Array.from(values).buffer);
  const wanted = bits(model.predict(x));
  const found = bits(predict(rows).flat());
  return { name, numbers: wanted.length, different: wanted.filter((word, i) => word !== found[i]).length };
}

const CHECKER = `
import sys, onnx
for path in sys.argv[1:]:
    onnx.checker.check_model(onnx.load(path), full_check=True)
print(onnx.__version__)
`;

const LOADER = `
import json, struct, sys, torch
from torch import nn
worst = 0.0
for folder in sys.argv[1:]:
    case = json.load(open(folder + ".json"))
    raw = open(folder + ".safetensors", "rb").read()
    length = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + length])
    data = bytearray(raw[8 + length :])
    state = {}
    for key, entry in header.items():
        if key == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        state[key] = torch.frombuffer(data[begin:end], dtype=torch.float32).reshape(entry["shape"])
    model = nn.Sequential(*[eval("nn." + module) for module in case["modules"]])
    model.load_state_dict(state)
    # In float64, so that only our own rounding counts.
    model.double()
    with torch.no_grad():
        found = model(torch.tensor(case["x"], dtype=torch.float64).reshape(-1, 10)).flatten()
    wanted = torch.tensor(case["output"], dtype=torch.float64)
    worst = max(worst, float(((found - wanted).abs() / wanted.abs().clamp(min=1)).max()))
print(json.dumps({"torch": torch.__version__, "worst": worst}))
`;

/** What a script prints under the first Python that runs it; undefined where none has its modules. */
function python(script, files) {
  for (const program of [process.env.PYTHON, "python3", "/usr/bin/python3"].filter(Boolean)) {
    const needs = script.includes("onnx") ? "import onnx" : "import torch";
    if (spawnSync(program, ["-c", needs]).status !== 0) continue;
    const { status, stdout, stderr } = spawnSync(program, ["-", ...files], {
      input: script,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  }
  return undefined;
}

export default async function prove(report) {
  setup(join(root, "bench"), "onnxruntime and the other peers of bench (once, about a gigabyte)");
  const require = createRequire(join(root, "bench/package.json"));
  const ort = require(RUNTIME);
  const folder = mkdtempSync(join(tmpdir(), "talweg-travel-"));
  const plain = networks();
  const table = madeTable();
  const trained = await tableModels(table);
  const onnxFiles = [];
  const cases = [];
  for (const { name, model, x } of plain) {
    let most = 0;
    for (const opset of OPSETS) {
      const session = await ort.InferenceSession.create(toOnnx(model, { opset }));
      const { output } = await session.run({ input: new ort.Tensor("float32", x, [ROWS, 10]) });
      most = Math.max(most, worst(output.data, model.predict(x)));
    }
    cases.push({ name, worst: most });
    report(`${name}: onnxruntime differs by at most ${most.toExponential(1)}`);
  }
  const tables = [];
  for (const each of trained) {
    tables.push(await tableCase(ort, each, table));
    report(`table, ${each.name}: raw rows differ by at most ${tables.at(-1).worst.toExponential(1)}`);
  }
  for (const { name, model } of [...plain, ...trained]) {
    onnxFiles.push(join(folder, `${name}.onnx`));
    writeFileSync(onnxFiles.at(-1), toOnnx(model, { opset: CHECKED_OPSET }));
  }
  const checker = python(CHECKER, onnxFiles);
  report(
    `onnx.checker: ${checker === undefined ? "no Python with onnx" : `${onnxFiles.length} files pass, onnx ${checker}`}`,
  );
  const code = [];
  for (const each of plain) code.push(await codeCase(each));
  report(
    `code: ${code.reduce((sum, { different }) => sum + different, 0)} of ${code.length * ROWS * 4} numbers differ`,
  );
  const torchFiles = plain.map(({ name, model, x }) => {
    const path = join(folder, name);
    const output = Array.from(model.predict(x));
    writeFileSync(`${path}.safetensors`, toSafetensors(model, { layout: "torch" }));
    writeFileSync(
      `${path}.json`,
      JSON.stringify({ modules: torchModules(model.layers), x: Array.from(x), output }),
    );
    return path;
  });
  const loaded = python(LOADER, torchFiles);
  const torch = loaded === undefined ? null : JSON.parse(loaded);
  report(
    torch === null
      ? "no Python with torch"
      : `PyTorch ${torch.torch} differs by at most ${torch.worst.toExponential(1)}`,
  );
  rmSync(folder, { recursive: true, force: true });
  return {
    claim:
      "ONNX files give what the models predict within 1e-6 of max(1, |output|) in onnxruntime, raw rows of tables included, and pass " +
      "onnx.checker; models as code give the same bits; PyTorch loads our safetensors and predicts the same, in float64, within 1e-6.",
    holds:
      [...cases, ...tables].every((entry) => entry.worst <= 1e-6) &&
      tables.every(({ equalLabels }) => equalLabels) &&
      code.every(({ different }) => different === 0) &&
      (torch === null || torch.worst <= 1e-6),
    onnxruntime: require(`${RUNTIME}/package.json`).version,
    opsets: OPSETS,
    rows: ROWS,
    networks: cases,
    tables,
    checker: checker === undefined ? null : { onnx: checker, opset: CHECKED_OPSET, files: onnxFiles.length },
    code,
    torch,
  };
}
