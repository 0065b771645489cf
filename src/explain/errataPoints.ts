/** M11: what is found need not be a minimum. M21: looking along the axes is not enough. M24: Armijo's step may cross the valley. */
import { curvature } from "./curvature.ts";
import type { Erratum } from "./errataTypes.ts";
import { type GalleryName, galleryExample } from "./gallery.ts";
import { crossTerm, parabolaOf } from "./galleryFunctions.ts";
import { explainLineSearch } from "./lineSearch.ts";

const EXAMPLES: readonly GalleryName[] = ["saddle", "kink", "absolute", "no-minimum", "no-lower-bound"];

export function notAMinimum(): Erratum {
  const examples = EXAMPLES.map((name) => ({ ...galleryExample(name), run: galleryExample(name).run! }));
  const of = (name: GalleryName): (typeof examples)[number] => examples.find((e) => e.name === name)!;
  const saddle = of("saddle");
  return {
    id: "M11",
    section: "6.2.1, 6.3, 7.4",
    printed: "the algorithm finds a local minimum of every continuous function",
    corrected:
      "every accumulation point is stationary, if f is continuously differentiable; there may be none, and it may be a saddle",
    tables: [
      {
        title: "gradient descent with Armijo's step size",
        columns: ["f", "steps", "last f", "infimum", "last ‖∇f‖", "what does not hold"],
        rows: examples.map(({ formula, infimum, run, broken }) => [
          formula,
          run.steps.length,
          run.value,
          infimum ?? "none",
          run.gradientNorm,
          missed(broken),
        ]),
      },
    ],
    shown: [
      {
        statement:
          "x² + (y² - 1)² from (1, 0): (0, 0) after one step, stationary, f = 1 above the minimum 0, a saddle",
        holds:
          saddle.run.steps.length === 1 &&
          saddle.run.gradientNorm === 0 &&
          saddle.run.value === 1 &&
          saddle.run.curvature?.kind === "saddle",
      },
      {
        statement:
          "5|x| + y²/2: steps below 1e-9 where the gradient is longer than 5, and f above its minimum",
        holds:
          of("kink").run.smallestStep! < 1e-9 &&
          of("kink").run.gradientNorm > 5 &&
          of("kink").run.value > 0.1,
      },
      {
        statement: "e^-x and x: the points run away",
        holds: ["no-minimum", "no-lower-bound"].every((name) =>
          of(name as GalleryName).broken.includes("settles"),
        ),
      },
    ],
  };
}

/** Where a hypothesis fails, the conclusion says nothing any more. */
function missed(broken: readonly string[]): string {
  const words = broken.map((id) => (id === "meanValue" ? "line 6" : id === "boundedBelow" ? "bounded" : id));
  const hypotheses = words.filter((word) => word !== "stationary");
  return (hypotheses.includes("settles") ? hypotheses : words).join(", ");
}

export function alongTheAxes(): Erratum {
  const at = (x: number, y: number): number => crossTerm.value(Float64Array.of(x, y));
  const { eigenvalues, kind } = curvature(crossTerm, new Float64Array(2));
  const [falls, rises] = eigenvalues as [number, number];
  const points: [string, number, number][] = [
    ["along x", 0.1, 0],
    ["along y", 0, 0.1],
    ["along x = -y", 0.1, -0.1],
    ["along x = y", 0.1, 0.1],
  ];
  return {
    id: "M21",
    section: "7.4",
    printed: "a minimum is where every function of a single coordinate has a minimum",
    corrected:
      "that is necessary only; enough is that all eigenvalues of the second derivatives are positive",
    tables: [
      {
        title: "x² + y² - 3xy around (0, 0), where f = 0 and ∇f = 0",
        columns: ["direction", "x", "y", "f"],
        rows: points.map(([name, x, y]) => [name, x, y, at(x, y)]),
      },
      {
        title: "eigenvalues of the second derivatives at (0, 0)",
        columns: ["smallest", "largest", "so it is a"],
        rows: [[falls, rises, kind]],
      },
    ],
    shown: [
      {
        statement: "f rises along both axes and falls along x = y",
        holds: at(0.1, 0) > 0 && at(0, 0.1) > 0 && at(0.1, 0.1) < 0,
      },
      {
        statement: "the eigenvalues are -1 and 5: a saddle",
        holds: Math.abs(falls + 1) < 1e-6 && Math.abs(rises - 5) < 1e-6 && kind === "saddle",
      },
    ],
  };
}

const SEARCHES: readonly [curvature: number, c1: number, initial: number][] = [
  [1, 0.01, 1.9],
  [1, 0.1, 1.5],
  [1, 0.4, 1.1],
  [10, 0.1, 0.15],
];

export function crossedValley(): Erratum {
  const found = SEARCHES.map(([lambda, c1, initial]) => {
    const search = explainLineSearch(parabolaOf(lambda), Float64Array.of(1), { c1, initial });
    return { lambda, c1, initial, search, end: search.acceptable[0]![1], wanted: (2 * (1 - c1)) / lambda };
  });
  return {
    id: "M24",
    section: "7.2",
    printed: "Armijo's step size prevents overshooting",
    corrected:
      "it prevents that f rises; on ½ λ x² every t ≤ 2 (1 - σ) / λ passes, and the valley is crossed from t > 1 / λ on",
    tables: [
      {
        title: "½ λ x² from x = 1",
        columns: ["λ", "σ", "accepted t", "1/λ", "x after it", "acceptable up to", "2 (1 - σ) / λ"],
        rows: found.map(({ lambda, c1, search, end, wanted }) => [
          lambda,
          c1,
          search.stepSize,
          1 / lambda,
          1 - search.stepSize * lambda,
          end,
          wanted,
        ]),
      },
    ],
    shown: [
      {
        statement: "every accepted step has crossed the valley, and f has fallen",
        holds: found.every(({ search }) => search.crossesValley && search.valueAfter < search.value),
      },
      {
        statement: "the acceptable steps end at 2 (1 - σ) / λ",
        holds: found.every(({ end, wanted }) => Math.abs(end - wanted) <= 1e-9 * wanted),
      },
    ],
  };
}
