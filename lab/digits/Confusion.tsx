// What is taken for what: the confusion matrix of the test images, and the images behind each of its cells.
import { createEffect, createMemo, createSignal, For, type JSX, Show, untrack } from "solid-js";
import { Button } from "../panels/controls.tsx";
import { inView } from "../parts/answers.ts";
import { Frame } from "../parts/Frame.tsx";
import type { Digits, TestImages } from "./createDigits.ts";
import { svgFigure, themeColor } from "./figureSvg.ts";
import { columnsIn, moveInGrid } from "./gridKeys.ts";
import { classes, numberOf } from "./images.ts";
import { percentText } from "./Neuron.tsx";
import { Pixels } from "./Pixels.tsx";
import type { Tested } from "./protocol.ts";
import { PIXEL } from "./raster.ts";

interface Cell {
  readonly actual: number;
  readonly predicted: number;
}

/** Images that are shown at once. */
const MOST = 48;

export function Confusion(props: { digits: Digits }): JSX.Element {
  let box!: HTMLDivElement;
  const { digits } = props;
  const seen = inView(() => box);
  const [cell, setCell] = createSignal<Cell | null>(null);
  createEffect(() => {
    if (seen()) void untrack(() => digits.wantTests());
  });
  return (
    <Frame
      title="What is taken for what"
      class="confusion"
      describe={() => sentence(digits.tested())}
      svg={() => exported(digits.tested())}
      data={() =>
        (digits.tested()?.confusion ?? []).flatMap((row, actual) =>
          row.map((images, predicted) => ({ actual, predicted, images })),
        )
      }
    >
      <div ref={box}>
        <Show when={digits.fault() !== ""}>
          <p class="digits-fault" role="alert">
            {digits.fault()}
          </p>
        </Show>
        <Extent digits={digits} />
        <Show
          when={digits.tested()}
          fallback={
            <p class="digits-wait">{digits.fault() === "" ? "The test images are on their way …" : ""}</p>
          }
        >
          {(tested) => (
            <div class="confusion-both" classList={{ "is-stale": digits.stale() }}>
              <div>
                <Matrix tested={tested()} cell={cell()} onCell={setCell} />
                <p class="matrix-words">
                  Rows: what it is. Columns: what the network reads. Press a cell to see its images.{" "}
                  <span class="matrix-more">It goes on to the right.</span>
                </p>
              </div>
              <Examples digits={digits} tested={tested()} cell={cell()} onAll={() => setCell(null)} />
            </div>
          )}
        </Show>
      </div>
    </Frame>
  );
}

function Extent(props: { digits: Digits }): JSX.Element {
  const { digits } = props;
  return (
    <Show when={digits.tests()}>
      {(all) => (
        <p class="confusion-words" aria-live="polite">
          <strong>{percentText(digits.tested()?.accuracy ?? 0)}</strong> of{" "}
          {(digits.tested()?.rows ?? all().data.rows).toLocaleString("en-US")} test images are read right.
          <Show when={all().extent === "shipped" && digits.hasFull()}>
            {" "}
            <Button label="Test on all 10,000" onClick={() => void digits.wantTests("full")} />
          </Show>
        </p>
      )}
    </Show>
  );
}

function Matrix(props: { tested: Tested; cell: Cell | null; onCell: (cell: Cell) => void }): JSX.Element {
  const most = createMemo(() =>
    Math.max(1, ...props.tested.confusion.flatMap((row, i) => row.filter((_, j) => i !== j))),
  );
  const is = (actual: number, predicted: number): boolean =>
    props.cell?.actual === actual && props.cell.predicted === predicted;
  const isEntry = (actual: number, predicted: number): boolean =>
    props.cell === null ? actual === 0 && predicted === 0 : is(actual, predicted);
  return (
    <div class="matrix" role="group" aria-label="confusion matrix">
      <span class="matrix-corner matrix-row" />
      <For each={classes}>{(name) => <span class="matrix-head">{name}</span>}</For>
      <For each={classes}>
        {(name, actual) => (
          <>
            <span class="matrix-head matrix-row">{name}</span>
            <For each={classes}>
              {(_, predicted) => {
                const count = (): number => props.tested.confusion[actual()]?.[predicted()] ?? 0;
                const right = (): boolean => actual() === predicted();
                return (
                  <button
                    type="button"
                    class="matrix-cell"
                    classList={{
                      "is-right": right(),
                      "is-none": count() === 0,
                      "is-selected": is(actual(), predicted()),
                    }}
                    style={{ "--share": right() ? 0 : Math.sqrt(count() / most()) }}
                    tabindex={isEntry(actual(), predicted()) ? 0 : -1}
                    aria-pressed={is(actual(), predicted())}
                    aria-label={`${count()} images of ${actual()} read as ${predicted()}`}
                    onClick={() => props.onCell({ actual: actual(), predicted: predicted() })}
                    onKeyDown={(event) => moveInGrid(event, 10)}
                  >
                    {count() === 0 ? "" : count()}
                  </button>
                );
              }}
            </For>
          </>
        )}
      </For>
    </div>
  );
}

interface ExamplesProps {
  readonly digits: Digits;
  readonly tested: Tested;
  readonly cell: Cell | null;
  readonly onAll: () => void;
}

/** The images of a cell, or without one all that are misread, the surest first. */
function Examples(props: ExamplesProps): JSX.Element {
  const { digits } = props;
  const rows = createMemo(() => rowsOf(digits.tests(), props.tested, props.cell));
  return (
    <div class="examples">
      <p class="confusion-words">
        <Show when={props.cell} fallback={<>All that are misread, the surest first: {rows().length}.</>}>
          {(cell) => (
            <>
              {rows().length} of {cell().actual}
              {cell().actual === cell().predicted
                ? " read right, the least sure first."
                : ` read as ${cell().predicted}.`}{" "}
              <Button label="All misread" onClick={props.onAll} />
            </>
          )}
        </Show>
      </p>
      <div class="examples-grid">
        <For each={rows().slice(0, MOST)}>
          {(row, place) => <Example digits={digits} tested={props.tested} row={row} entry={place() === 0} />}
        </For>
      </div>
      <Show when={rows().length > MOST}>
        <p class="confusion-words">{rows().length - MOST} more.</p>
      </Show>
    </div>
  );
}

function Example(props: { digits: Digits; tested: Tested; row: number; entry: boolean }): JSX.Element {
  const { digits } = props;
  const data = () => digits.tests()?.data;
  const actual = (): number => data()?.y[props.row] ?? 0;
  const read = (): number => props.tested.predictions[props.row] ?? 0;
  const words = (): string => (actual() === read() ? `${actual()}` : `${actual()} → ${read()}`);
  const pixels = (): ArrayLike<number> => data()?.x.subarray(props.row * 784, (props.row + 1) * 784) ?? [];
  return (
    <button
      type="button"
      class="example"
      tabindex={props.entry ? 0 : -1}
      aria-label={`${words()}: image ${numberOf(props.row, digits.tests()?.extent ?? "shipped")} is a ${actual()}, read as ${read()}`}
      onClick={() => digits.take(props.row)}
      onKeyDown={(event) => moveInGrid(event, columnsIn(event.currentTarget.parentElement))}
    >
      <Pixels values={pixels()} full={255} width={PIXEL} height={PIXEL} look="ink" />
      <span class="example-words" aria-hidden="true">
        {words()}
      </span>
    </button>
  );
}

function rowsOf(all: TestImages | undefined, { predictions, sureness }: Tested, cell: Cell | null): number[] {
  if (all === undefined || all.data.rows !== predictions.length) return [];
  const { y } = all.data;
  const rows = Array.from(predictions.keys()).filter((row) =>
    cell === null
      ? y[row] !== predictions[row]
      : y[row] === cell.actual && predictions[row] === cell.predicted,
  );
  const sign = cell !== null && cell.actual === cell.predicted ? 1 : -1;
  return rows.sort((a, b) => sign * (sureness[a]! - sureness[b]!));
}

function sentence(tested: Tested | undefined): string {
  if (tested === undefined) return "The test images have not come yet.";
  const wrong = tested.confusion.flatMap((row, actual) =>
    row.flatMap((count, predicted) => (actual === predicted ? [] : [{ actual, predicted, count }])),
  );
  const right = `${percentText(tested.accuracy)} of ${tested.rows} test images are read right`;
  const worst = wrong.reduce((a, b) => (b.count > a.count ? b : a), wrong[0]!);
  if (worst.count === 0) return `${right}.`;
  return `${right}; most often ${worst.actual} is taken for ${worst.predicted}, ${worst.count} times.`;
}

function exported(tested: Tested | undefined): SVGSVGElement {
  const side = 34;
  const { svg, rect, text } = svgFigure(11 * side, 11 * side);
  const middle = { "text-anchor": "middle" };
  for (let i = 0; i < 10; i++) {
    text(String(i), (i + 1.5) * side, 0.65 * side, middle);
    text(String(i), 0.5 * side, (i + 1.65) * side, middle);
    for (let j = 0; j < 10; j++) {
      const count = tested?.confusion[i]?.[j] ?? 0;
      const [x, y] = [(j + 1) * side, (i + 1) * side];
      rect(x + 1, y + 1, side - 2, side - 2, themeColor(i === j ? "--accent-wash" : "--surface"));
      if (count > 0) text(String(count), x + side / 2, y + 0.62 * side, middle);
    }
  }
  return svg;
}
