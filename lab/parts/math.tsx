// Formulas with the reader's numbers: MathML made from the library's names, so that it changes with them and can be read out.
import "./math.css";
import { createMemo, createRenderEffect, For, type JSX, Show } from "solid-js";
import { type Marks, selectedBy, useMarks } from "./mathMarks.ts";
import { mathNumber } from "./mathNumber.ts";
import { derivativeOf, symbolName, type Token, tokensOf } from "./mathTokens.ts";

/** A formula within a line of text; `children` are MathML. */
export function Inline(props: { children: JSX.Element }): JSX.Element {
  return <math class="math">{props.children}</math>;
}

/** Formulas on a line of their own, which breaks between them. */
export function Line(props: { children: JSX.Element }): JSX.Element {
  return <div class="math-line">{props.children}</div>;
}

/** "W2[3,0]" with its layer below; pointing at it marks every place where it stands, a press selects what it names. */
export function Sym(props: { name: string }): JSX.Element {
  return <Text formula={props.name} />;
}

/** A formula of the library's, such as "2 (a3[0] - y[0])". */
export function Text(props: { formula: string }): JSX.Element {
  // The numbers around it change with each frame, the formula hardly ever.
  const formula = createMemo(() => props.formula);
  const tokens = createMemo(() => tokensOf(formula()));
  return <For each={tokens()}>{(token) => <One token={token} />}</For>;
}

function One(props: { token: Token }): JSX.Element {
  const { token } = props;
  if (token.kind === "symbol") return <Marked token={token} />;
  if (token.kind === "number") return <mn>{token.text}</mn>;
  if (token.kind === "function") return <mi class="math-function">{token.name}</mi>;
  if (token.kind === "space") return <mspace width="0.2em" />;
  return <Op text={token.text} />;
}

/** An operator; parentheses keep the size of the letters. */
export function Op(props: { text: string }): JSX.Element {
  return <mo ref={(node) => node.setAttribute("stretchy", "false")}>{props.text}</mo>;
}

function Marked(props: { token: Extract<Token, { kind: "symbol" }> }): JSX.Element {
  const marks = useMarks();
  const name = symbolName(props.token);
  const { letter, layer, place } = props.token;
  return (
    <mrow
      ref={(node) => listen(node, marks, name)}
      class="math-symbol"
      classList={{ "is-marked": marks.marked() === name, "is-pressable": selectedBy(name) !== undefined }}
    >
      <Show when={layer !== ""} fallback={<Letter text={letter} />}>
        <msub>
          <Letter text={letter} />
          <mn>{layer}</mn>
        </msub>
      </Show>
      <Show when={place !== ""}>
        <mrow class="math-place">
          <Op text="[" />
          <mn>{place}</mn>
          <Op text="]" />
        </mrow>
      </Show>
    </mrow>
  );
}

/** For the pointer only: by keys a symbol is reached through the button or the number that it stands beside. */
function listen(node: Element, marks: Marks, name: string): void {
  node.addEventListener("pointerenter", () => marks.mark(name));
  node.addEventListener("pointerleave", () => marks.unmark(name));
  // A button around it does it itself, and by then may stand for something else.
  node.addEventListener("click", () => {
    if (node.closest("button") === null) marks.press(name);
  });
}

/** A letter that is slanted by the sheet: few machines have a font with slanted letters of its own for mathematics. */
export function Letter(props: { text: string }): JSX.Element {
  return (
    <mi class="math-letter" mathvariant="normal">
      {props.text}
    </mi>
  );
}

interface NumProps {
  readonly value: number;
  readonly digits: number;
}

/** A number within a formula, in the ink of its sign. */
export function Num(props: NumProps): JSX.Element {
  return <mn ref={(node) => write(node, props)} class="math-number" />;
}

/** A number that stands alone: as text, which is laid out in a fraction of the time. */
export function Value(props: NumProps): JSX.Element {
  return <span ref={(node) => write(node, props)} class="math math-number" />;
}

/** Keeps a node's text and ink: by hand and in one go, since dozens of numbers change with each frame. */
function write(node: Element, props: NumProps): void {
  const text = node.appendChild(document.createTextNode(""));
  let sign = 0;
  createRenderEffect(() => {
    const now = mathNumber(props.value, props.digits);
    if (now !== text.data) text.data = now;
    const ink = Math.sign(props.value) || 0;
    if (ink === sign) return;
    sign = ink;
    node.classList.toggle("is-positive", ink > 0);
    node.classList.toggle("is-negative", ink < 0);
  });
}

/** The derivative "da3[0]/dz3[0]" as a fraction. */
export function Derivative(props: { name: string }): JSX.Element {
  const name = createMemo(() => props.name);
  const sides = createMemo((): readonly [string, string] => derivativeOf(name()) ?? [name(), ""]);
  return (
    <mfrac>
      <mrow>
        <mo>∂</mo>
        <Sym name={sides()[0]} />
      </mrow>
      <mrow>
        <mo>∂</mo>
        <Sym name={sides()[1]} />
      </mrow>
    </mfrac>
  );
}

/** Σ over a letter. */
export function Sum(props: { over: string }): JSX.Element {
  return (
    <munder>
      <mo ref={(node) => node.setAttribute("movablelimits", "false")}>Σ</mo>
      <Letter text={props.over} />
    </munder>
  );
}
