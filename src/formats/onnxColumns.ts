/**
 * The columns of a table as ONNX inputs, and answers in the columns' own terms as outputs: the nodes before and behind the
 * network of a model that was trained on a table. They do what `encodeRows` and `decodeOutputs` of the room data do.
 *
 * Numbers come in as float64, since a date or a price of nine digits has no place in float32, and are standardized there.
 */
import type { InputColumn, Preprocessing, TargetColumn } from "../data/index.ts";
import { givesLogits, type Network } from "../network/index.ts";
import { falseWords, trueWords } from "./columnWords.ts";
import { type GraphBuilder, tableDomain } from "./onnxGraph.ts";

/** TensorProto.DataType, for Cast. */
const toFloat = { to: { whole: 1 } };
const toInt64 = { to: { whole: 7 } };
const toDouble = { to: { whole: 11 } };

/** The names of the outputs, taken after the inputs and before all others. */
export function answerNames(g: GraphBuilder, [first, ...more]: readonly TargetColumn[]): string[] {
  if (first?.kind === "class") return [g.free("label"), g.free("probabilities")];
  return [first, ...more].map((target) => g.free(target?.name ?? ""));
}

/** An input for each column, `[rows, 1]`, before any other name is taken. */
export function columnInputs(g: GraphBuilder, { columns }: Preprocessing): string[] {
  return columns.map((column) => {
    const text = column.kind === "category" || column.kind === "boolean";
    return g.input(g.free(column.name), text ? "string" : "double", 1);
  });
}

/**
 * Adds the nodes that encode rows.
 *
 * @param names Of the inputs, one a column.
 * @returns The tensor of the encoded rows, float `[rows, inputs]`.
 */
export function addEncoding(g: GraphBuilder, { columns }: Preprocessing, names: readonly string[]): string {
  const parts = columns.flatMap((column, i) => encodeColumn(g, column, names[i]!));
  return g.node("Concat", parts, { attributes: { axis: { whole: 1 } } });
}

/** The inputs of the network that a column gives, in order. */
function encodeColumn(g: GraphBuilder, column: InputColumn, x: string): string[] {
  switch (column.kind) {
    case "category":
      return [encodeCategory(g, column.values, x)];
    case "boolean": {
      const words = [...trueWords, ...falseWords];
      const values = words.map((_, i) => (i < trueWords.length ? 1 : 0));
      const number = encodeTexts(g, x, words, {
        values_floats: { floats: values },
        default_float: { float: -1 },
      });
      const missing = g.node("Less", [number, g.constant("zero", Float32Array.of(0), [])]);
      const fill = g.constant("fill", Float32Array.of(column.fill), []);
      return withIndicator(g, column.indicator, g.node("Where", [missing, fill, number]), missing);
    }
    default: {
      const number = (wish: string, value: number): string => g.constant(wish, Float64Array.of(value), []);
      const missing = g.node("IsNaN", [x]);
      const filled = g.node("Where", [missing, number("fill", column.fill), x]);
      const centered = g.node("Sub", [filled, number("mean", column.mean)]);
      const standardized = g.node("Div", [centered, number("deviation", column.deviation)]);
      const rounded = g.node("Cast", [standardized], { attributes: toFloat });
      return withIndicator(g, column.indicator, rounded, missing);
    }
  }
}

function withIndicator(g: GraphBuilder, indicator: boolean, value: string, missing: string): string[] {
  return indicator ? [value, g.node("Cast", [missing], { attributes: toFloat })] : [value];
}

/** One-hot, the last place for whatever is not in the list. */
function encodeCategory(g: GraphBuilder, values: readonly string[], x: string): string {
  // A missing cell comes as an empty text, so an empty category cannot be told from it.
  const known = values.flatMap((value, i) => (value === "" ? [] : [{ value, i }]));
  const places = encodeTexts(
    g,
    x,
    known.map(({ value }) => value),
    { values_int64s: { wholes: known.map(({ i }) => i) }, default_int64: { whole: values.length } },
  );
  const depth = g.constant("depth", [BigInt(values.length + 1)], [1]);
  const offOn = g.constant("off_on", Float32Array.of(0, 1), [2]);
  const hot = g.node("OneHot", [places, depth, offOn]);
  return g.node("Flatten", [hot], { attributes: { axis: { whole: 1 } } });
}

function encodeTexts(
  g: GraphBuilder,
  x: string,
  keys: readonly string[],
  attributes: NonNullable<Parameters<GraphBuilder["node"]>[2]>["attributes"],
): string {
  const all = { keys_strings: { texts: keys }, ...attributes };
  return g.node("LabelEncoder", [x], { attributes: all, domain: tableDomain });
}

type NumberTarget = Extract<TargetColumn, { kind: "number" }>;

/**
 * Adds the nodes that turn the network's outputs into answers, and makes them the outputs of the graph: for classes `label`,
 * string `[rows]`, and `probabilities`, float `[rows, classes]`; for numbers one output a column, with its name, double `[rows, 1]`.
 *
 * @param from The tensor of the network's outputs, float `[rows, outputs]`.
 * @param names Of the outputs, as `answerNames` gave them.
 */
export function addDecoding(
  g: GraphBuilder,
  n: Network,
  targets: readonly TargetColumn[],
  from: string,
  names: readonly string[],
): void {
  const [first] = targets;
  if (first?.kind === "class") addClasses(g, n, first.classes, from, names as [string, string]);
  else addNumbers(g, targets as readonly NumberTarget[], from, names);
}

function addClasses(
  g: GraphBuilder,
  n: Network,
  classes: readonly string[],
  from: string,
  [label, probabilities]: readonly [string, string],
): void {
  const texts = g.constant("classes", [...classes], [classes.length]);
  const p = addProbabilities(g, n, from);
  let index: string;
  if (n.outputs === 1) {
    const flat = g.node("Reshape", [p, g.constant("flat", [-1n], [1])]);
    const half = g.constant("half", Float32Array.of(0.5), []);
    index = g.node("Cast", [g.node("GreaterOrEqual", [flat, half])], { attributes: toInt64 });
    const other = g.node("Sub", [g.constant("one", Float32Array.of(1), []), p]);
    g.node("Concat", [other, p], { attributes: { axis: { whole: 1 } }, name: probabilities });
  } else {
    index = g.node("ArgMax", [p], { attributes: { axis: { whole: 1 }, keepdims: { whole: 0 } } });
    g.node("Identity", [p], { name: probabilities });
  }
  g.node("Gather", [texts, index], { name: label });
  g.output(label, "string");
  g.output(probabilities, "float", classes.length);
}

/** Probabilities from the outputs, which are logits where a cross-entropy was taken with a linear layer. */
function addProbabilities(g: GraphBuilder, n: Network, from: string): string {
  if (!givesLogits(n)) return from;
  if (n.metadata.loss === "binaryCrossEntropy") return g.node("Sigmoid", [from]);
  return g.node("Softmax", [from], { attributes: { axis: { whole: 1 } } });
}

function addNumbers(
  g: GraphBuilder,
  targets: readonly NumberTarget[],
  from: string,
  names: readonly string[],
): void {
  const row = (wish: string, values: number[]): string =>
    g.constant(wish, Float64Array.from(values), [1, values.length]);
  const wide = g.node("Cast", [from], { attributes: toDouble });
  const deviations = row(
    "deviations",
    targets.map(({ deviation }) => deviation),
  );
  const means = row(
    "means",
    targets.map(({ mean }) => mean),
  );
  const scaled = g.node("Add", [g.node("Mul", [wide, deviations]), means]);
  for (const [j, name] of names.entries()) {
    const place = g.constant("place", [BigInt(j)], [1]);
    g.node("Gather", [scaled, place], { name, attributes: { axis: { whole: 1 } } });
    g.output(name, "double", 1);
  }
}
