/** `talweg export`: a model in another form, for other programs. */
import { basename, extname } from "node:path";
import { type Layout, toCode, toJson, toOnnx, toSafetensors } from "../formats/index.ts";
import type { Network } from "../network/index.ts";
import { writeFileAtomic } from "../node/index.ts";
import type { CommandSpec } from "./command.ts";
import { configureDescribed, layouts, loadDescribed, modelHelp } from "./describedModel.ts";
import { exportFacts, exportText, type Form } from "./exportText.ts";
import { checkExtension, checkWritable } from "./outputs.ts";
import { oneOf, words } from "./parse.ts";
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

export const exportCommand: CommandSpec = {
  name: "export",
  configure(command) {
    command
      .description("Write a model in another form: ONNX, source code, PyTorch's safetensors, JSON.")
      .argument("<model>", modelHelp)
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
      );
    configureDescribed(command);
    command.addHelpText("after", EXAMPLES);
  },
  async run(operands, flags, session) {
    const path = operands[0] as string;
    const out = flags.out as string | undefined;
    const form = formOf(out, flags.as as Form | undefined);
    checkLayout(form, flags);
    checkWritable(out as string);
    const model = loadDescribed(path, flags);
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
