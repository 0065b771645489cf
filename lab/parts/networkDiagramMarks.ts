/**
 * The marks of the parameters in the network's picture: an edge for each weight, a dot for each bias. Only what changed is
 * touched, since a drag redraws within a frame: widths and strengths come in steps too fine to see, and a mark whose step is
 * the same stays as it is.
 */
import { biasPlace, type DiagramLayout, edgePath, endsOf } from "./networkDiagramLayout.ts";

const SVG = "http://www.w3.org/2000/svg";
const STEPS = 48;
/** The size at which a mark has half of its strength. */
const HALF = 1.2;

/** How strong a parameter shows, 0 to 1: half at 1.2, never quite 1, so that large numbers still differ. */
const strength = (value: number): number => {
  const size = Math.abs(value);
  return size === Number.POSITIVE_INFINITY ? 1 : size / (size + HALF) || 0;
};

interface Marked {
  readonly node: SVGElement;
  readonly bias: boolean;
  /** Width of the stroke at no strength, and what full strength adds; of a bias its radius. */
  readonly least: number;
  readonly full: number;
  step: number;
}

/** What an edge or a bias looks like at a value; drawn at once where it differs from what is there. */
function show(mark: Marked, value: number): void {
  const step = Math.round(strength(value) * STEPS) * (value < 0 || Object.is(value, -0) ? -1 : 1);
  const known = value < 0 && step === 0 ? -0.5 : step;
  if (known === mark.step) return;
  const turned = known < 0 !== mark.step < 0 || Number.isNaN(mark.step);
  mark.step = known;
  const t = Math.abs(step) / STEPS;
  const size = mark.least + t * mark.full;
  if (mark.bias) mark.node.setAttribute("r", size.toFixed(2));
  else {
    mark.node.setAttribute("stroke-width", size.toFixed(2));
    mark.node.setAttribute("stroke-opacity", (0.2 + 0.8 * t).toFixed(2));
    // Dashes grow with the width, or a strong edge would look like a railway.
    if (known < 0)
      mark.node.setAttribute(
        "stroke-dasharray",
        `${(2.5 + 1.7 * size).toFixed(1)} ${(1.8 + 0.9 * size).toFixed(1)}`,
      );
    else if (turned) mark.node.removeAttribute("stroke-dasharray");
  }
  if (turned) mark.node.classList.toggle("is-negative", known < 0);
}

/** Edges and biases of a network, in the order of its flat vector of parameters. */
export class ParameterMarks {
  private marks: Marked[] = [];
  private raised: { mark: Marked; index: number }[] = [];
  private layout: DiagramLayout | undefined;

  private readonly ground: SVGGElement;
  private readonly front: SVGGElement;
  private readonly dots: SVGGElement;

  /**
   * @param ground Holds all edges.
   * @param front  Holds those that stand out, drawn again over the others.
   * @param dots   Holds the biases.
   */
  constructor(ground: SVGGElement, front: SVGGElement, dots: SVGGElement) {
    this.ground = ground;
    this.front = front;
    this.dots = dots;
  }

  /** Makes the marks of a layout anew, where it is another one. */
  lay(layout: DiagramLayout): void {
    if (layout === this.layout) return;
    this.layout = layout;
    const edges = document.createDocumentFragment();
    const dots = document.createDocumentFragment();
    this.marks = [];
    for (let layer = 1; layer < layout.sizes.length; layer += 1) {
      const full = fullWidth(layout, layer);
      for (let input = 0; input < layout.sizes[layer - 1]!; input += 1) {
        for (let unit = 0; unit < layout.sizes[layer]!; unit += 1) {
          const node = edgeNode(layout, layer, input, unit);
          edges.append(node);
          this.marks.push({ node, bias: false, least: 0.5, full, step: Number.NaN });
        }
      }
      for (let unit = 0; unit < layout.sizes[layer]!; unit += 1) {
        const node = document.createElementNS(SVG, "circle");
        const { x, y } = biasPlace(layout, layer, unit);
        node.setAttribute("class", layout.compact[layer] ? "diagram-bias is-compact" : "diagram-bias");
        node.setAttribute("cx", String(x));
        node.setAttribute("cy", String(y));
        dots.append(node);
        this.marks.push({
          node,
          bias: true,
          least: 1.9,
          full: layout.compact[layer] ? 2 : 3.2,
          step: Number.NaN,
        });
      }
    }
    this.ground.replaceChildren(edges);
    this.dots.replaceChildren(dots);
    this.raise([]);
  }

  /** Shows the numbers of the flat vector. */
  paint(parameters: ArrayLike<number>): void {
    const { marks } = this;
    if (parameters.length !== marks.length) return;
    for (let i = 0; i < marks.length; i += 1) show(marks[i]!, parameters[i]!);
    for (const { mark, index } of this.raised) show(mark, parameters[index]!);
  }

  /** Draws these edges again over all others. */
  raise(places: readonly { layer: number; input: number; unit: number; index: number }[]): void {
    const { layout } = this;
    if (layout === undefined) return;
    this.raised = places.map(({ layer, input, unit, index }) => {
      const node = edgeNode(layout, layer, input, unit);
      return {
        mark: { node, bias: false, least: 1.5, full: fullWidth(layout, layer), step: Number.NaN },
        index,
      };
    });
    this.front.replaceChildren(...this.raised.map(({ mark }) => mark.node));
  }

  /** Marks the bias at a place of the flat vector as the one in question. */
  point(index: number | undefined): void {
    for (const node of this.dots.querySelectorAll(".is-selected")) node.classList.remove("is-selected");
    if (index !== undefined && this.marks[index]?.bias) this.marks[index].node.classList.add("is-selected");
  }
}

/** Thin where many edges meet. */
const fullWidth = (layout: DiagramLayout, layer: number): number => {
  const most = Math.max(layout.sizes[layer - 1]!, layout.sizes[layer]!);
  return Math.max(2.2, Math.min(5.5, 84 / (most + 8)));
};

function edgeNode(layout: DiagramLayout, layer: number, input: number, unit: number): SVGPathElement {
  const node = document.createElementNS(SVG, "path");
  node.setAttribute("d", edgePath(endsOf(layout, layer, input, unit)));
  node.setAttribute("class", "diagram-edge");
  return node;
}
