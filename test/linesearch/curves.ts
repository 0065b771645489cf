/**
 * The functions on which line searches are hard to please: Moré and Thuente, "Line search algorithms with guaranteed
 * sufficient decrease" (1994), section 5, equations 5.1 to 5.3 and tables IV to VI, with the constants used there.
 * `tools/reference-wolfe.py` has the same.
 */
export type Curve = (t: number) => { value: number; slope: number };

/** Yanai, Ozawa and Kaneko: two hyperbolas, nearly kinks. */
function hyperbolas(beta1: number, beta2: number): Curve {
  const gamma = (beta: number): number => Math.sqrt(1 + beta * beta) - beta;
  const [left, right] = [gamma(beta1), gamma(beta2)];
  return (t) => {
    const a = Math.sqrt((1 - t) * (1 - t) + beta2 * beta2);
    const b = Math.sqrt(t * t + beta1 * beta1);
    return { value: left * a + right * b, slope: (-left * (1 - t)) / a + (right * t) / b };
  };
}

export const hardCurves: { name: string; phi: Curve; c1: number; c2: number }[] = [
  {
    name: "5.1",
    phi: (t) => ({ value: -t / (t * t + 2), slope: (t * t - 2) / ((t * t + 2) * (t * t + 2)) }),
    c1: 0.001,
    c2: 0.1,
  },
  {
    name: "5.2",
    phi: (t) => {
      const x = t + 0.004;
      return { value: x ** 5 - 2 * x ** 4, slope: 5 * x ** 4 - 8 * x ** 3 };
    },
    c1: 0.099,
    c2: 0.1,
  },
  { name: "table IV", phi: hyperbolas(0.001, 0.001), c1: 0.0009, c2: 0.001 },
  { name: "table V", phi: hyperbolas(0.01, 0.001), c1: 0.0009, c2: 0.001 },
  { name: "table VI", phi: hyperbolas(0.001, 0.01), c1: 0.0009, c2: 0.001 },
];
