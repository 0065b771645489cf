/** M3 and M4: the chain rule of section 6.3 with the factors that the source prints. */
import { chain, chainExample } from "./chain.ts";
import type { Erratum } from "./errataTypes.ts";
import { explain } from "./explain.ts";

const told = {
  M3: {
    parameter: "W3[0,0]",
    printed: "∂C/∂w₃ = a² σ(z³) 2 a²",
    corrected: "∂C/∂w₃ = a² σ′(z³) 2 (a³ - y′)",
  },
  M4: {
    parameter: "b3[0]",
    printed: "∂C/∂b₃ = σ(z³) 2 a²",
    corrected: "∂C/∂b₃ = σ′(z³) 2 (a³ - y′)",
  },
};

export function printedFactors(id: "M3" | "M4"): Erratum {
  const { parameter, printed, corrected } = told[id];
  const { input, target } = chainExample;
  const explained = explain(chain(), input, { target, parameter, asPrinted: true }).parameter!;
  const form = explained.asPrinted!;
  const check = explained.check;
  return {
    id,
    section: "6.3",
    printed,
    corrected,
    tables: [
      {
        title: "three neurons, all sigmoid, x = 0.5, y′ = 0.25",
        columns: ["factor", "as printed", "as corrected", "erratum"],
        rows: [
          ...form.factors.map((factor): (string | number)[] => [
            factor.name,
            factor.printed,
            factor.correct,
            factor.erratum ?? "",
          ]),
          ["product", form.printed, form.correct, ""],
          ["central difference", "", check.differences, ""],
        ],
      },
    ],
    shown: [
      {
        statement: "the corrected product agrees with the central difference to 1e-9",
        holds: Math.abs(form.correct - (check.differences ?? Infinity)) <= 1e-9,
      },
      {
        statement: "the printed product is more than three times too large",
        holds: form.printed > 3 * form.correct,
      },
    ],
  };
}
