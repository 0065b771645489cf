/** `talweg export`: a model in another form, for other programs. */
import { basename, extname } from "node:path";
import { OptionError } from "../core/index.ts";
import {
  type DescribedOptions,
  type Layout,
  toCode,
  toJson,
  toOnnx,
  toSafetensors,
} from "../formats/index.ts";
import { activationNames } from "../kernels/index.ts";
import { dense, type Layer, type Network } from "../network/index.ts";
import { loadModel, writeFileAtomic } from "../node/index.ts";
import type { CommandSpec } from "./command.ts";
import { exportFacts, exportText, type Form } from "./exportText.ts";
import { checkExtension, checkWritable } from "./outputs.ts";
import { numbers, oneOf, words } from "./parse.ts";
import { UsageError } from "./usage.ts";

const EXAMPLES = `
Forms: onnx runs in onnxruntime, a table's preprocessing included; code is one file of TypeScript (.ts) or JavaScript (.js)
that needs no package and gives the same bits; safetensors with --layout torch is what PyTorch's load_state_dict takes.

Examples:
  talweg export cars.safetensors --out cars.onnx
  talweg export mnist.safetensors --out mnist.ts
  talweg export moons.safetensors --layout torch --out moons-torch.safetensors
  talweg export torch.safetensors --layers 2,16,1 --activation tanh --output-activation sigmoid --out model.safetensors`;

const forms: readonly Form[] = ["onnx", "code", "safetensors", "json"];

/** What names of files of each form end in. */
const extensions: Readonly<Record<Form, readonly string[]>> = {
  onnx: [".onnx"],
  code: [".ts", ".mts", ".js", ".mjs"],
  safetensors: [".safetensors"],
  json: [".json"],
};

const layouts: readonly Layout[] = ["talweg", "torch"];
const hidden = activationNames.filter((name) => name !== "softmax");

export const exportCommand: CommandSpec = {
  name: "export",
  configure(command) {
    command
      .description("Write a model in another form: ONNX, source code, PyTorch's safetensors, JSON.")
      .argument("<model>", "a .safetensors or .json file of talweg, or with --layers one of another program")
      .option("--out <file>", "where to; its ending tells the form")
      .option("--as <form>", `${forms.join(", ")}; by the ending of --out`, oneOf("--as", forms))
      .option(
        "--layout <name>",
        "of safetensors: talweg (weights [in, out], by default) or torch ([out, in])",
        oneOf("--layout", layouts),
      )
      .option(
        "--names <names>",
        "with --layout torch: of the linear modules, with commas between; 0,2,…",
        words,
      )
      .option(
        "--layers <widths>",
        "reads a safetensors file of another program: its widths from inputs to outputs",
        numbers("--layers", "2,16,1"),
      )
      .option(
        "--activation <name>",
        "with --layers: of the hidden layers; relu by default",
        oneOf("--activation", hidden),
      )
      .option(
        "--output-activation <name>",
        "with --layers: of the last layer; linear by default",
        oneOf("--output-activation", activationNames),
      )
      .option(
        "--read-layout <name>",
        "with --layers: how its weights lie, where all are square",
        oneOf("--read-layout", layouts),
      )
      .addHelpText("after", EXAMPLES);
  },
  async run(operands, flags, session) {
    const path = operands[0] as string;
    const out = flags.out as string | undefined;
    const form = formOf(out, flags.as as Form | undefined);
    checkLayout(form, flags);
    checkWritable(out as string);
    const model = load(path, flags);
    const written = write(model, form, out as string, flags);
    writeFileAtomic(out as string, written);
    const bytes = typeof written === "string" ? new TextEncoder().encode(written).length : written.length;
    const torch = flags.layout === "torch";
    const facts = exportFacts(model, {
      form,
      out: out as string,
      bytes,
      torch,
      named: flags.names !== undefined,
    });
    for (const line of exportText(facts, session.out.columns())) session.say(line);
    return { seed: null, fields: { ...facts } };
  },
};

/** @throws {UsageError} When there is no name, or it does not fit the form. */
function formOf(out: string | undefined, as: Form | undefined): Form {
  if (out === undefined) {
    const ending = extensions[as ?? "onnx"][0];
    throw new UsageError(
      `--out is missing, expected the name of the file to write; write for example --out model${ending}.`,
    );
  }
  if (as !== undefined) {
    checkExtension("--out", out, extensions[as]);
    return as;
  }
  checkExtension(
    "--out",
    out,
    forms.flatMap((form) => extensions[form]),
  );
  return forms.find((form) => extensions[form].includes(extname(out))) as Form;
}

/** @throws {UsageError} When an option is given that has no meaning beside the others. */
function checkLayout(form: Form, flags: Record<string, unknown>): void {
  if (flags.layout !== undefined && form !== "safetensors") {
    throw new UsageError(
      `--layout is given for ${form}, expected it for safetensors alone, since other forms have one layout; leave it out.`,
    );
  }
  if (flags.names !== undefined && flags.layout !== "torch") {
    throw new UsageError(
      "--names is given without --layout torch, whose tensors it names; add that, or leave it out.",
    );
  }
  const describing = ["activation", "outputActivation", "readLayout"].filter(
    (key) => flags[key] !== undefined,
  );
  if (flags.layers === undefined && describing.length > 0) {
    const flag = (describing[0] as string).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(
      `--${flag} is given without --layers, expected both, since they describe a file of another program; add --layers 2,16,1 or leave it out.`,
    );
  }
}

function load(path: string, flags: Record<string, unknown>): Network {
  const widths = flags.layers as number[] | undefined;
  if (widths === undefined) return loadModel(path);
  checkExtension("with --layers the model", path, extensions.safetensors);
  const layout = flags.readLayout as Layout | undefined;
  const described: DescribedOptions = {
    layers: layersOf(widths, flags),
    ...(layout !== undefined && { layout }),
  };
  try {
    return loadModel(path, described);
  } catch (error) {
    if (!(error instanceof OptionError) || error.option !== "layout") throw error;
    throw new UsageError(
      `${path}: ${error.message.replace(/pass layout: "torch"/, "add --read-layout torch").replace(/or "talweg" for/, "or talweg for")}`,
    );
  }
}

function layersOf(widths: readonly number[], flags: Record<string, unknown>): Layer[] {
  if (widths.length < 2) {
    throw new UsageError(
      `--layers is ${widths.join(",")}, expected at least two widths, inputs and outputs; write for example --layers 2,16,1.`,
    );
  }
  const { activation = "relu", outputActivation = "linear" } = flags as Record<string, Layer["activation"]>;
  return widths.slice(1).map((units, i) => {
    const last = i === widths.length - 2;
    return dense(widths[i] as number, units, last ? outputActivation : activation);
  });
}

function write(n: Network, form: Form, out: string, flags: Record<string, unknown>): Uint8Array | string {
  switch (form) {
    case "onnx":
      return toOnnx(n, { name: basename(out, extname(out)) || "talweg" });
    case "code":
      return toCode(n, { language: extname(out).endsWith("ts") ? "typescript" : "javascript" });
    case "json":
      return toJson(n);
    default: {
      const { layout, names } = flags as { layout?: Layout; names?: string[] };
      return toSafetensors(n, {
        ...(layout !== undefined && { layout }),
        ...(names !== undefined && { names }),
      });
    }
  }
}
