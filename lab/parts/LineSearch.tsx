// How long should the next step be? The loss along minus the gradient, Armijo's line, the trials with their verdicts, the steps
// that would do, and the one that is taken (Armijo, 1966; Nocedal and Wright, Numerical Optimization, 2006, section 3.1).
import { createMemo, createSignal, type JSX, Show } from "solid-js";
import type { LineSearchExplanation, Objective } from "talweg";
import { Button, Choice } from "../panels/controls.tsx";
import { NumberField } from "../panels/NumberField.tsx";
import { numberText } from "../panels/numberText.ts";
import { floatsToText } from "../state/bits.ts";
import type { Lab } from "../state/types.ts";
import { answersTo, inView, paced } from "./answers.ts";
import { Chart } from "./Chart.tsx";
import { type DataRow, Frame } from "./Frame.tsx";
import { LineSearchFormula } from "./LineSearchFormula.tsx";
import { LineSearchHandle } from "./LineSearchHandle.tsx";
import { LineSearchTrials } from "./LineSearchTrials.tsx";
import { lossRay, pointOn, type SearchConstants, searchAlong } from "./lineSearchHere.ts";
import { marksOf, type Region, regionOf } from "./lineSearchMarks.ts";
import { objectiveHere } from "./objectiveHere.ts";
import "./LineSearch.css";

/** Multiplications of one look at all examples, above which the worker searches instead of the page. */
const LIGHT = 2e5;
/** Milliseconds between two searches while the network trains. */
const PAUSE = 200;

const STILL = "The gradient is zero here: no direction descends, so there is no step to search for.";

interface Found {
  readonly search?: LineSearchExplanation;
  /** Why there is none; "" otherwise. */
  readonly fault: string;
}

export function LineSearch(props: { lab: Lab }): JSX.Element {
  let box!: HTMLDivElement;
  let svg: SVGSVGElement | undefined;
  const { lab } = props;
  const [constants, setConstants] = createSignal<SearchConstants>({ initial: 1, c1: 0.1, shrink: 0.5 });
  const [wide, setWide] = createSignal<"near" | "all">("near");
  const [chosen, setChosen] = createSignal<number | null>(null);
  const [held, setHeld] = createSignal<Region>();
  const f = objectiveHere(lab);
  const { found, stale } = createSearch(
    lab,
    f,
    inView(() => box),
    constants,
  );
  const search = (): LineSearchExplanation | undefined => found().search;
  const region = createMemo(() => {
    const now = search();
    return held() ?? (now === undefined ? undefined : regionOf(now, wide() === "all"));
  });
  const trial = (): number => {
    const last = (search()?.trials.length ?? 1) - 1;
    return Math.min(chosen() ?? last, last);
  };
  // Numbers below a thousandth are written with a power of ten.
  const gutter = (): number => (Math.max(...(region()?.y ?? [1]).map(Math.abs)) < 1e-3 ? 72 : 52);
  const change = (part: Partial<SearchConstants>): void => {
    setChosen(null);
    setConstants((now) => ({ ...now, ...part }));
  };
  const narrow = (): boolean => {
    const now = search();
    return now !== undefined && regionOf(now, false).x[1] < 0.7 * now.range;
  };
  return (
    <Frame
      class="search"
      title="Line search"
      describe={() => describe(found())}
      svg={() => svg}
      data={() => rowsOf(search())}
      note={
        search() === undefined
          ? undefined
          : "Shaded: every step that Armijo's condition allows. Drag the line to ask for more or for less."
      }
      tools={
        <>
          <Show when={stale()}>
            <span class="search-stale">for earlier numbers</span>
          </Show>
          <Button
            label="Take the step"
            disabled={search()?.accepted !== true || stale()}
            onClick={() => takeStep(lab, f(), search()?.stepSize ?? 0)}
          />
        </>
      }
    >
      <div class="search-box" ref={box}>
        <Show
          when={search() !== undefined && region() !== undefined}
          fallback={<p class="search-none">{found().fault || "Looking along the gradient …"}</p>}
        >
          <Chart
            ref={(node) => {
              svg = node;
            }}
            height={270}
            gutter={gutter()}
            x={{ label: "step size t", domain: region()!.x }}
            y={{ label: "loss φ(t)", domain: region()!.y }}
            marks={marksOf(search()!, region()!, trial())}
            over={(frame) => (
              <LineSearchHandle
                frame={frame}
                search={search()!}
                trial={trial()}
                onTrial={setChosen}
                onHold={(on) => setHeld(on ? region() : undefined)}
                onTilt={(c1) => change({ c1 })}
              />
            )}
          />
          <div class="search-how">
            <NumberField
              label="c₁"
              value={constants().c1}
              min={1e-6}
              max={0.99}
              step={0.01}
              scale="log"
              onChange={(c1) => change({ c1 })}
            />
            <NumberField
              label="first trial"
              value={constants().initial}
              min={1e-6}
              max={1e4}
              step={0.1}
              scale="log"
              onChange={(initial) => change({ initial })}
            />
            <NumberField
              label="shrink"
              value={constants().shrink}
              min={0.05}
              max={0.95}
              step={0.05}
              onChange={(shrink) => change({ shrink })}
            />
            <Show when={narrow() || wide() === "all"}>
              <Choice
                label="range"
                bare
                value={wide()}
                options={[
                  { value: "near", label: "near the step" },
                  { value: "all", label: "all trials" },
                ]}
                onChange={setWide}
              />
            </Show>
          </div>
          <LineSearchFormula search={search()!} trial={trial()} />
          <LineSearchTrials search={search()!} chosen={trial()} onChoose={setChosen} />
        </Show>
      </div>
    </Frame>
  );
}

/** Searches on the page where that is light, else in the worker. */
function createSearch(
  lab: Lab,
  f: () => Objective,
  seen: () => boolean,
  constants: () => SearchConstants,
): { found: () => Found; stale: () => boolean } {
  const light = (): boolean => lab.dataset().rows * lab.network().parameterCount <= LIGHT;
  const parameters = paced(lab.parameters, () => (lab.progress().status === "running" ? PAUSE : 0));
  // The network may have changed before the numbers that are paced.
  const fitting = (): boolean => parameters().length === lab.network().parameterCount;
  const ray = createMemo(() => (seen() && light() && fitting() ? lossRay(f(), parameters()) : undefined));
  const here = createMemo(
    (last: Found): Found => {
      const now = ray();
      if (now === undefined) return last;
      return now.gradientNorm === 0 ? { fault: STILL } : attempt(() => searchAlong(now, constants()));
    },
    { fault: "" },
  );
  const far = answersTo(
    () => {
      if (!seen() || light() || !fitting()) return undefined;
      return {
        setting: { ...lab.setting(), start: null, step: 0 },
        parameters: parameters(),
        ...constants(),
      };
    },
    (question) => lab.thinker.lineSearch(question),
  );
  return {
    found: () => {
      if (light()) return here();
      const search = far.answered()?.answer;
      return search === undefined || far.fault() !== "" ? { fault: far.fault() } : { search, fault: "" };
    },
    stale: () => (light() ? parameters() !== lab.parameters() : far.stale()),
  };
}

function attempt(search: () => LineSearchExplanation): Found {
  try {
    return { search: search(), fault: "" };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** Goes there; a new run begins, and undo comes back. */
function takeStep(lab: Lab, f: Objective, stepSize: number): void {
  const w = lab.parameters();
  const { g } = lossRay(f, w);
  const start = floatsToText(pointOn(w, g, stepSize, new Float32Array(w.length)));
  lab.change({ label: "a step", edit: (setting) => ({ ...setting, start, step: 0 }) });
}

function describe({ search, fault }: Found): string {
  if (search === undefined) return fault;
  const { value, slope, accepted, stepSize, valueAfter, trials, reason } = search;
  const start = `Along minus the gradient the loss begins at ${numberText(value, 4)} with slope ${numberText(slope, 4)}.`;
  if (!accepted) return `${start} ${trials.length} trials, none passes: ${reason}.`;
  return `${start} Step ${numberText(stepSize, 4)} is accepted at trial ${trials.length}; the loss there is ${numberText(valueAfter, 4)}.`;
}

function rowsOf(search: LineSearchExplanation | undefined): DataRow[] {
  if (search === undefined) return [];
  const { samples, trials } = search;
  const curve = samples.stepSize.map((t, i) => ({
    kind: "sample",
    step: t,
    loss: samples.value[i] ?? null,
    bound: samples.bound[i] ?? null,
    accepted: null,
  }));
  const tried = trials.map(({ stepSize, value, bound, accepted }) => ({
    kind: "trial",
    step: stepSize,
    loss: value,
    bound,
    accepted: String(accepted),
  }));
  return [...tried, ...curve];
}
