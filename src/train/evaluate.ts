import {
  countOf,
  type Dataset,
  OptionError,
  predictedLabel,
  requirePresent,
  ShapeError,
  targetLabel,
  type Vector,
  zeros,
} from "../core/index.ts";
import { validateDataset } from "../data/index.ts";
import { createPlan, type KernelChoice, type Loss, type Plan } from "../kernels/index.ts";
import { checkFit, type Network, objective, readParameters } from "../network/index.ts";
import { datasetOf, type Examples } from "./examples.ts";
import { checkMetrics, classThreshold, computeMetrics, isClassification } from "./metrics.ts";

export interface EvaluateOptions {
  /** By default the loss that the network was trained with. */
  loss?: Loss;
  /** By default accuracy where the targets are classes, else none. */
  metrics?: string[];
  kernels?: KernelChoice;
  /** What `predictDataset` gives for these examples, where it is at hand; by default predicted anew. */
  outputs?: Vector;
}

export interface Evaluation {
  rows: number;
  /** Mean loss over the examples. */
  loss: number;
  metrics: Record<string, number>;
  /** confusion[actual][predicted] in examples, where the targets are classes. */
  confusion?: number[][];
}

/** Evaluates one network on one set of examples, as often as its parameters change; what can be made once is. */
export class Evaluator {
  private readonly n: Network;
  private readonly data: Dataset;
  private readonly classes: boolean;
  private readonly metrics: readonly string[];
  private readonly threshold: number;
  private readonly plan: Plan;
  private readonly output: Vector;
  private readonly predicts: boolean;

  /**
   * @param plan One for the network and the loss that may be used meanwhile; by default the evaluator makes its own.
   * @throws {OptionError | ShapeError | DataError} As `evaluate`.
   */
  constructor(
    n: Network,
    data: Dataset,
    { loss = n.metadata.loss, metrics, kernels, outputs }: EvaluateOptions,
    plan?: Plan,
  ) {
    if (loss === undefined) {
      throw new OptionError(
        "loss",
        'evaluate: the network has no loss, since it was not trained; pass one, such as { loss: "meanSquaredError" }.',
      );
    }
    this.n = n;
    this.data = data;
    this.classes = isClassification(data, loss);
    this.metrics = metrics ?? (this.classes ? ["accuracy"] : []);
    checkMetrics(this.metrics);
    this.plan = plan ?? objective(n, loss, data, kernels === undefined ? {} : { kernels }).plan;
    this.threshold = classThreshold(n, loss);
    this.predicts = outputs === undefined && (this.metrics.length > 0 || this.classes);
    this.output = outputs ?? zeros(n.precision, this.predicts ? data.rows * n.outputs : 0);
    if (outputs !== undefined && outputs.length !== data.rows * n.outputs) {
      throw new ShapeError(
        `evaluate: outputs has ${countOf(outputs.length, "number")}, expected ${data.rows * n.outputs} (${data.rows} rows times ${n.outputs} outputs); pass what predictDataset gives for these examples.`,
      );
    }
  }

  /** With the parameters that the network has now. */
  evaluate(): Evaluation {
    const { data, output, threshold, classes, plan, predicts } = this;
    const w = readParameters(this.n);
    requirePresent(data);
    plan.dropout();
    plan.load(data, { from: 0, rows: data.rows });
    const loss = plan.value(w);
    if (predicts) plan.predict(w, data.x, data.rows, output, data.scale);
    const metrics = computeMetrics(this.metrics, { output, data, threshold });
    const evaluation: Evaluation = { rows: data.rows, loss, metrics };
    if (classes) evaluation.confusion = confusionMatrix(output, data, threshold);
    return evaluation;
  }
}

/**
 * Loss and metrics of a network on examples.
 *
 * @throws {ShapeError | DataError} When the data do not fit or are not finite.
 * @throws {OptionError} When the network was never trained and no loss is given.
 */
export function evaluate(n: Network, examples: Examples, options: EvaluateOptions = {}): Evaluation {
  return new Evaluator(n, datasetOf(n, examples, "evaluate"), options).evaluate();
}

/** Outputs for every row of a dataset, `[rows, outputs]`; bytes are scaled as the dataset says. */
export function predictDataset(n: Network, data: Dataset, kernels: KernelChoice = "auto"): Vector {
  validateDataset(data);
  checkFit(n, data);
  const out = zeros(n.precision, data.rows * n.outputs);
  const plan = createPlan({ layers: n.layers, precision: n.precision }, kernels);
  plan.predict(readParameters(n), data.x, data.rows, out, data.scale);
  return out;
}

function confusionMatrix(output: Vector, data: Dataset, threshold: number): number[][] {
  const classes = data.outputs === 1 ? 2 : data.outputs;
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let row = 0; row < data.rows; row++) {
    const actual = matrix[targetLabel(data, row)]!;
    const predicted = predictedLabel(output, row, data.outputs, threshold);
    actual[predicted] = actual[predicted]! + 1;
  }
  return matrix;
}
