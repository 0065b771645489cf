/**
 * A network as one file of source text that needs no package and predicts the same bits as the network, in any engine.
 *
 * The elementary functions come along as text (`codePieces.ts`, made from the sources of core and data), since the engine's own
 * would differ in the last bit from one release to the next.
 */
import { OptionError } from "../core/index.ts";
import { type Network, withPrecision } from "../network/index.ts";
import { columnsText, literal } from "./codeColumns.ts";
import { networkText, parametersText, softmaxText } from "./codeNetwork.ts";
import { codePieces } from "./codePieces.ts";
import { requireFiniteParameters } from "./model.ts";
import { preprocessingOf } from "./preprocessing.ts";
import { toTensor } from "./tensorBytes.ts";

export interface CodeOptions {
  /** "typescript" (default, strict) or "javascript" (a module of ES2021). */
  language?: "typescript" | "javascript";
}

/** 64 MiB, which take 90 MB as text; engines end at about 500. */
const mostParameters = 0x1000000;

/**
 * The text of the file, which exports `predict`: without preprocessing rows of numbers in, rows of outputs out; with it objects
 * by column in, and out what `decodeOutputs` gives. Rows that cannot be read throw an Error that names row and column.
 *
 * @throws {OptionError} When the language is neither, or the network computes in float64 or has more than 2^24 parameters.
 * @throws {NotFiniteError} When a parameter is NaN or infinite, with its layer.
 * @throws {FormatError} When the model's preprocessing is none that this library writes.
 */
export function toCode(n: Network, { language = "typescript" }: CodeOptions = {}): string {
  if (language !== "typescript" && language !== "javascript") {
    throw new OptionError(
      "language",
      `toCode: language is ${JSON.stringify(language) ?? String(language)}, expected "typescript" or "javascript"; write one of them.`,
    );
  }
  if (n.precision !== "float32") {
    throw new OptionError(
      "precision",
      `toCode: the network computes in ${n.precision}, expected float32, whose bits the code repeats; pass withPrecision(n, "float32") of talweg/network.`,
    );
  }
  if (n.parameterCount > mostParameters) {
    throw new OptionError(
      "network",
      `toCode: the network has ${n.parameterCount} parameters, expected at most ${mostParameters}, since they become one text; export it as ONNX or safetensors.`,
    );
  }
  requireFiniteParameters(n);
  const preprocessing = preprocessingOf(n);
  // A copy in order of the layers, whatever memory the network has.
  const parameters = withPrecision(n, "float32").parameters as Float32Array;
  const caller = preprocessing === undefined ? rowsText(n) : columnsText(n, preprocessing);
  const texts = [caller, networkText(n)];
  if (texts.some((text) => text.includes("softmax("))) texts.push(softmaxText);
  const body = texts.join("\n\n");
  const parts = [
    headText(n),
    "const f = Math.fround;",
    body,
    piecesFor(body),
    parametersText(toTensor(parameters).data),
  ];
  return inLanguage(`${parts.filter((part) => part !== "").join("\n\n")}\n`, language);
}

function headText(n: Network): string {
  const widths = [n.inputs, ...n.layers.map(({ units }) => units)].join("-");
  const names = n.layers.map(({ activation }) => activation).join(", ");
  return `// A neural network, ${widths} (${names}), ${n.parameterCount} parameters, as talweg wrote it. It needs no package, and every
// number it gives has the same bits as from the model: sums run in the same order, each operation rounds to float32, and
// exp and its kin are here as well.`;
}

/** \`predict\` for a network without columns. */
function rowsText(n: Network): string {
  const { classes } = n.metadata;
  const names =
    classes === undefined
      ? ""
      : `/** Of the outputs. */\nexport const classes‹: readonly string[]› = ${literal(classes)};\n\n`;
  return `${names}/** The outputs, [rows][${n.outputs}], for rows of ${n.inputs} numbers each. */
export function predict(rows‹: readonly (readonly number[])[]›)‹: number[][]› {
  return rows.map((row, r) => {
    if (row.length !== ${n.inputs}) throw new Error("row " + r + " (from 0) has " + row.length + " numbers, expected ${n.inputs}; give one number for each input.");
    const x = Float32Array.from(row);
    const wrong = x.findIndex((value) => !Number.isFinite(value));
    if (wrong < 0) return Array.from(forward(x));
    throw new Error("row " + r + ", column " + wrong + " (both from 0) is " + row[wrong] + ", expected a finite float32 number; drop the row or fill the value in.");
  });
}`;
}

/** The pieces that a text calls, and those that they call, in their order. */
function piecesFor(text: string): string {
  const needed = new Set<string>();
  const pending = [text];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const [word] of next.matchAll(/[A-Za-z_]\w*/g)) {
      const piece = codePieces.get(word);
      if (piece === undefined || needed.has(word)) continue;
      needed.add(word);
      pending.push(piece);
    }
  }
  const pieces = [...codePieces].flatMap(([name, piece]) => (needed.has(name) ? [piece] : []));
  const isLine = (piece: string | undefined): boolean =>
    piece?.startsWith("const ") === true && !piece.includes("\n");
  // Constants stand together.
  return pieces
    .map((piece, i) => (isLine(piece) && isLine(pieces[i - 1]) ? piece : `\n${piece}`))
    .join("\n")
    .trim();
}

/** With what stands between ‹ and ›, or without. */
function inLanguage(text: string, language: "typescript" | "javascript"): string {
  if (language === "typescript") return text.replaceAll(/[‹›]/g, "");
  // Types that are declared leave empty lines behind.
  return text.replaceAll(/‹[^›]*›/g, "").replaceAll(/\n{3,}/g, "\n\n");
}
