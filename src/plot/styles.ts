/** Which color, dash and shape each mark of a chart has. */
import type { Mark, Shape } from "./chartOptions.ts";
import { styleOf } from "./palette.ts";
import { gray } from "./sheet.ts";

export interface StyledMark {
  mark: Mark;
  color: string;
  /** Lengths of line and gap, or "none". */
  dash: string;
  shape: Shape;
  /** Of a bar's inside. */
  opacity: number;
}

const shapes: readonly Shape[] = ["circle", "square", "triangle", "cross"];
const opacities: readonly number[] = [1, 0.3, 0.6];

/** Marks without a style get the first that is free; marks of one name share one. */
export function styledMarks(marks: readonly Mark[]): StyledMark[] {
  const taken = new Set(marks.map((mark) => given(mark)));
  const named = new Map<string, number>();
  for (const mark of marks) {
    const style = mark.kind === "text" ? undefined : mark.style;
    const name = nameOf(mark);
    if (style !== undefined && name !== undefined && !named.has(name)) named.set(name, style);
  }
  let next = 0;
  return marks.map((mark) => {
    if (mark.kind === "text") return plain(mark);
    if (mark.kind === "rule" && mark.style === undefined) return plain(mark);
    const name = nameOf(mark);
    let style = mark.style ?? (name === undefined ? undefined : named.get(name));
    if (style === undefined) {
      while (taken.has(next)) next++;
      style = next;
      taken.add(style);
      if (name !== undefined) named.set(name, style);
    }
    return withStyle(mark, style);
  });
}

/** A rule or a shade with a style belongs to some curve, so it does not take the style away. */
function given(mark: Mark): number | undefined {
  return mark.kind === "line" || mark.kind === "dots" || mark.kind === "bars" ? mark.style : undefined;
}

/** What the legend calls a mark; rules and texts are named where they stand. */
export function nameOf(mark: Mark): string | undefined {
  return mark.kind === "rule" || mark.kind === "text" || mark.name === "" ? undefined : mark.name;
}

function plain(mark: Mark): StyledMark {
  return { mark, color: gray, dash: "7 5", shape: "circle", opacity: 1 };
}

function withStyle(mark: Mark, style: number): StyledMark {
  const { color, dash } = styleOf(style);
  const shape = mark.kind === "dots" ? mark.shape : undefined;
  return {
    mark,
    color,
    // A solid rule would look like a curve.
    dash: mark.kind === "rule" && dash === "none" ? "7 5" : dash,
    shape: shape ?? (shapes[style % shapes.length] as Shape),
    opacity: opacities[style % opacities.length] as number,
  };
}
