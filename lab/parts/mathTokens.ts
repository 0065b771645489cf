/**
 * The library's formulas, such as "2 (a3[0] - y[0])" and "da3[0]/dz3[0]", taken apart for MathML.
 */

export type Token =
  /** A name with its layer and place: a, 3, "0"; a primed function has its prime in the letters. */
  | { readonly kind: "symbol"; readonly letter: string; readonly layer: string; readonly place: string }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "operator"; readonly text: string }
  /** Two factors beside each other. */
  | { readonly kind: "space" };

const pattern = /([A-Za-z]+)('?)(\d*)(\[([\d,]+)\])?|(\d+(?:\.\d+)?)|([()+\-·*/=,]|\[[\d,]+\])|(\s+)/g;

/** Names of one letter are quantities, longer ones functions. */
export function tokensOf(formula: string): Token[] {
  const tokens: Token[] = [];
  for (const [, word, prime, layer = "", , place = "", number, operator, space] of formula.matchAll(
    pattern,
  )) {
    if (word !== undefined && (word.length > 1 || prime !== "")) {
      tokens.push({ kind: "function", name: `${word}${prime === "" ? "" : "′"}` });
    } else if (word !== undefined) tokens.push({ kind: "symbol", letter: word, layer, place });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (operator !== undefined)
      tokens.push({ kind: "operator", text: operator === "-" ? "−" : operator });
    else if (space !== undefined) tokens.push({ kind: "space" });
  }
  return tokens.filter(
    (token, i) =>
      token.kind !== "space" ||
      (tokens[i - 1]?.kind !== "operator" && tokens[i + 1]?.kind !== "operator") ||
      // "2 (a - y)" is a product too.
      (isText(tokens[i + 1], "(") && tokens[i - 1]?.kind !== "operator"),
  );
}

const isText = (token: Token | undefined, text: string): boolean =>
  token?.kind === "operator" && token.text === text;

/** The two sides of "da3[0]/dz3[0]", without the d; undefined where it is none. */
export function derivativeOf(name: string): readonly [of: string, by: string] | undefined {
  const match = /^d([A-Za-z][\d[\],]*)\/d([A-Za-z][\d[\],]*)$/.exec(name);
  return match === null ? undefined : [match[1]!, match[2]!];
}

/** "W2[3,0]" back from its parts. */
export const symbolName = ({ letter, layer, place }: Extract<Token, { kind: "symbol" }>): string =>
  `${letter}${layer}${place === "" ? "" : `[${place}]`}`;
