/** M7: a gradient that is never reset. M16: steps that are bounded away from 0. */
import type { Objective } from "../core/index.ts";
import { parabola } from "../data/index.ts";
import { dense, network, objective, readParameters } from "../network/index.ts";
import { testFunctions } from "../optim/index.ts";
import { converge } from "./converge.ts";
import type { Erratum } from "./errataTypes.ts";
import { parabolaOf } from "./galleryFunctions.ts";

/** Learning rate times curvature. */
const RATES = [0.1, 1, 1.9, 2.1, 3.9, 4, 4.1];
const STEPS = 500;
const LEARNING_RATE = 0.1;

/**
 * The gradient summed over all steps, as the source's listing does that sets it to zero once: x := x - rate (g_1 + … + g_k). On
 * curvature / 2 x² that is x_{k+1} = (2 - r) x_k - x_{k-1} with r = rate times curvature, whose roots have modulus 1 for 0 < r < 4:
 * from x_0 = 1 an oscillation of the amplitude 2 / sqrt(4 - r), for ever.
 */
export function neverReset(): Erratum {
  const parabolas = RATES.map((rate) => onParabola(rate));
  const networks = [0, 1, 2].map((seed) => onNetwork(seed));
  const within = parabolas.filter(({ rate }) => rate < 4);
  return {
    id: "M7",
    section: "7.1",
    printed: "∇C_all = 0 once, before the loop over the episodes",
    corrected: "∇C_all = 0 at the start of each episode",
    tables: [
      {
        title: `½ λ x² from x = 1, ${STEPS} steps`,
        columns: ["η λ", "printed: largest |x|", "of the last 100", "2/√(4 - η λ)", "corrected: last |x|"],
        rows: parabolas.map((p) => [p.rate, p.largest, p.late, p.amplitude, p.corrected]),
      },
      {
        title: `x² on [0, 1], 1-12-12-1 network, 200 examples, η = ${LEARNING_RATE}, ${STEPS} episodes`,
        columns: [
          "seed",
          "printed: lowest loss",
          "in episode",
          "last loss",
          "corrected: lowest",
          "last loss",
        ],
        rows: networks.map(({ seed, printed, corrected }) => [
          seed,
          printed.lowest,
          printed.episode,
          printed.last,
          corrected.lowest,
          corrected.last,
        ]),
      },
    ],
    shown: [
      {
        statement: "as printed, 0 < η λ < 4: bounded by 2/√(4 - η λ), and never smaller for good",
        holds: within.every((p) => p.largest <= p.amplitude! * (1 + 1e-9) && p.late >= 0.9 * p.largest),
      },
      {
        statement: "as printed, η λ ≥ 4: |x| grows without end",
        holds: parabolas.every(({ rate, late }) => rate < 4 || late > 100),
      },
      {
        statement: "as corrected, 0 < η λ < 2: x tends to 0",
        holds: parabolas.every(({ rate, corrected }) => rate >= 2 || corrected < 1e-9),
      },
      {
        statement: "as printed, the network's loss rises again after its lowest value",
        holds: networks.every(({ printed }) => printed.last > 2 * printed.lowest),
      },
    ],
  };
}

/** The value after each step. @param kept The share of the sum of gradients that is kept: 1 as printed, 0 as corrected. */
function descend(
  f: Objective,
  start: Float64Array,
  rate: number,
  kept: 0 | 1,
): { x: Float64Array; values: number[] } {
  const x = start.slice();
  const g = new Float64Array(x.length);
  const sum = new Float64Array(x.length);
  const values: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    values.push(f.gradient(x, g));
    for (let i = 0; i < x.length; i++) {
      sum[i] = kept * sum[i]! + g[i]!;
      x[i] = x[i]! - rate * sum[i]!;
    }
  }
  values.push(f.value(x));
  return { x, values };
}

function onParabola(rate: number): {
  rate: number;
  largest: number;
  late: number;
  amplitude: number | null;
  corrected: number;
} {
  const f = parabolaOf(1);
  // x²/2 back to |x|.
  const sizes = descend(f, Float64Array.of(1), rate, 1).values.map((value) => Math.sqrt(2 * value));
  return {
    rate,
    largest: Math.max(...sizes),
    late: Math.max(...sizes.slice(-100)),
    amplitude: rate < 4 ? 2 / Math.sqrt(4 - rate) : null,
    corrected: Math.abs(descend(f, Float64Array.of(1), rate, 0).x[0]!),
  };
}

function onNetwork(seed: number): {
  seed: number;
  printed: { lowest: number; episode: number; last: number };
  corrected: { lowest: number; episode: number; last: number };
} {
  const init = "glorotUniform";
  const layers = [
    dense(1, 12, "relu", { init }),
    dense(12, 12, "relu", { init }),
    dense(12, 1, "sigmoid", { init }),
  ];
  const made = network(layers, { seed, precision: "float64" });
  const data = parabola({ rows: 200, seed, precision: "float64" });
  const f = objective(made, "sumOfSquares", data);
  const start = Float64Array.from(readParameters(made));
  const told = (kept: 0 | 1): { lowest: number; episode: number; last: number } => {
    const { values } = descend(f, start, LEARNING_RATE, kept);
    const lowest = Math.min(...values);
    return { lowest, episode: values.indexOf(lowest), last: values.at(-1)! };
  };
  return { seed, printed: told(1), corrected: told(0) };
}

const CONSTANTS: readonly [c1: number, shrink: number][] = [
  [1e-4, 0.5],
  [0.5, 0.5],
  [0.9, 0.8],
  [0.3, 0.9],
];

/** The source concludes in passing that the step size tends to 0; that is so under the assumption to be refuted, and only there. */
export function lowerBoundOfSteps(): Erratum {
  const lipschitz = 100;
  const f = testFunctions.quadratic.objective({ dimension: 3, condition: lipschitz });
  const runs = CONSTANTS.map(([c1, shrink]) => {
    const run = converge(f, Float64Array.of(1, 1, 1), {
      c1,
      shrink,
      lipschitz,
      lowerBound: 0,
      steps: 20_000,
    });
    const last = run.steps.at(-1)!;
    return { c1, shrink, run, last, bound: last.stepBound! };
  });
  return {
    id: "M16",
    section: "6.2.1",
    printed: "the step size t_k tends to 0",
    corrected: "where ∇f is L-Lipschitz, t_k ≥ min(1, 2 α (1 - σ) / L) in every step",
    tables: [
      {
        title: "½ (x² + 10 y² + 100 z²) from (1, 1, 1), L = 100, until ‖∇f‖ ≤ 1e-6",
        columns: ["σ", "α", "steps", "smallest t", "bound", "last t", "last ‖∇f‖"],
        rows: runs.map(({ c1, shrink, run, last, bound }) => [
          c1,
          shrink,
          run.steps.length,
          run.smallestStep,
          bound,
          last.stepSize,
          run.gradientNorm,
        ]),
      },
    ],
    shown: [
      {
        statement: "every run ends at a stationary point",
        holds: runs.every(({ run }) => run.reason === "gradientNorm"),
      },
      {
        statement: "no step is shorter than the bound",
        holds: runs.every(({ run, bound }) => run.smallestStep! >= bound * (1 - 1e-9)),
      },
    ],
  };
}
