/** A network as JSON for people to read: weights as nested rows, each number as short as its bits allow. */
import { countOf, FormatError, type Precision, type Vector, zeros } from "../core/index.ts";
import type { Layer, Network } from "../network/index.ts";
import { describe, readDescription } from "./description.ts";
import { buildNetwork, requireFiniteParameters } from "./model.ts";
import { isObject, parseStrictJson, shorten } from "./strictJson.ts";

const place = "model JSON";
const maxParts = 10_000_000;

/**
 * The network as JSON text: format, version, precision, loss, seed, …, and the layers with `weights` `[inputs][units]` and
 * `biases` `[units]`. Reading it gives the same bits, -0 included.
 *
 * @throws {NotFiniteError} When a parameter is NaN or infinite, with its layer.
 */
export function toJson(n: Network): string {
  requireFiniteParameters(n);
  const { version, layers, ...rest } = describe(n);
  const lines = Object.entries({ format: "talweg", version, precision: n.precision, ...rest }).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${indent(JSON.stringify(value, null, 2), "  ")}`,
  );
  const described = layers as Layer[];
  const written = described.map((layer, i) => layerText(layer, n.weights(i + 1), n.biases(i + 1)));
  lines.push(`  "layers": [\n${written.join(",\n")}\n  ]`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

/**
 * The network in a JSON text.
 *
 * @throws {FormatError} When the text is not a model that this library could have written; it names the place.
 */
export function fromJson(text: string): Network {
  const parsed = parseStrictJson(text, { what: place, maxParts });
  if (!isObject(parsed) || parsed.format !== "talweg") {
    throw new FormatError(
      `${place}: the key "format" is not "talweg", expected a model that toJson wrote; the file is of another program.`,
    );
  }
  const { layers, metadata } = readDescription(parsed, place);
  const { precision } = parsed;
  if (precision !== "float32" && precision !== "float64") {
    throw new FormatError(
      `${place}: precision is ${shorten(precision)}, expected "float32" or "float64"; write one of them.`,
    );
  }
  const parts = (parsed.layers as Record<string, unknown>[]).flatMap((layer, i) =>
    layerNumbers(layer, layers[i] as Layer, i + 1),
  );
  return buildNetwork(layers, metadata, joinRows(parts, precision), place);
}

/** A row of numbers with its place in the file. */
interface Row {
  name: string;
  numbers: readonly unknown[];
}

function layerText(layer: Layer, weights: Vector, biases: Vector): string {
  const lines = Object.entries(layer).map(([key, value]) => `      "${key}": ${JSON.stringify(value)}`);
  const rows = Array.from({ length: layer.inputs }, (_, i) => {
    const row = weights.subarray(i * layer.units, (i + 1) * layer.units);
    return `        ${rowText(row)}`;
  });
  lines.push(`      "weights": [\n${rows.join(",\n")}\n      ]`, `      "biases": ${rowText(biases)}`);
  return `    {\n${lines.join(",\n")}\n    }`;
}

function rowText(row: Vector): string {
  const text = row instanceof Float32Array ? float32Text : float64Text;
  return `[${Array.from(row, text).join(", ")}]`;
}

/** The shortest decimal that reads as this float64. */
function float64Text(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** The shortest decimal that reads as this float32: 0.1, not 0.10000000149011612. */
function float32Text(value: number): string {
  if (Object.is(value, -0)) return "-0";
  // Every decimal of six digits survives a normal float32, so six find the shorter ones too.
  const least = Math.abs(value) < 1.2e-38 ? 1 : 6;
  for (let digits = least; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

function indent(text: string, by: string): string {
  return text.replaceAll("\n", `\n${by}`);
}

/** The rows of a layer, of the described widths. */
function layerNumbers(layer: Record<string, unknown>, { inputs, units }: Layer, number: number): Row[] {
  const { weights, biases } = layer;
  const name = `layers.${number}.weights`;
  if (!Array.isArray(weights) || weights.length !== inputs) {
    const given = Array.isArray(weights) ? `has ${countOf(weights.length, "row")}` : "is not a list of rows";
    throw new FormatError(
      `${place}: ${name} ${given}, expected ${inputs} rows, one for each input; write one row of ${units} numbers for each.`,
      { tensor: name },
    );
  }
  const rows = weights.map((row, i) => requireRow(row, units, `${name}, row ${i}`, name));
  return [...rows, requireRow(biases, units, `layers.${number}.biases`, `layers.${number}.biases`)];
}

function requireRow(row: unknown, units: number, name: string, tensor: string): Row {
  if (Array.isArray(row) && row.length === units) return { name, numbers: row };
  const given = Array.isArray(row) ? `has ${countOf(row.length, "number")}` : "is not a list of numbers";
  throw new FormatError(
    `${place}: ${name} ${given}, expected ${units}, one for each unit; write ${units} numbers.`,
    {
      tensor,
    },
  );
}

function joinRows(rows: readonly Row[], precision: Precision): Vector {
  const flat = zeros(
    precision,
    rows.reduce((sum, { numbers }) => sum + numbers.length, 0),
  );
  let start = 0;
  for (const { name, numbers } of rows) {
    for (const [i, value] of numbers.entries()) {
      flat[start + i] = typeof value === "number" ? value : Number.NaN;
      if (Number.isFinite(flat[start + i])) continue;
      throw new FormatError(
        `${place}: ${name}, number ${i} (from 0) is ${shorten(value)}, expected a number that ${precision} holds; write a finite number.`,
        { tensor: name.split(",")[0] as string },
      );
    }
    start += numbers.length;
  }
  return flat;
}
