// How the loss fell: all runs that are kept on the same axes, against steps or against what they cost, with a cursor that is the
// time of the page; and races of trainers from the same start.
import { createMemo, createSignal, Index, type JSX, Show } from "solid-js";
import { Button, Choice } from "../panels/controls.tsx";
import { numberText } from "../panels/numberText.ts";
import type { Lab } from "../state/types.ts";
import { inView } from "./answers.ts";
import { Chart } from "./Chart.tsx";
import type { Mark } from "./chartTypes.ts";
import { type DataRow, Frame } from "./Frame.tsx";
import { LossChartCursor } from "./LossChartCursor.tsx";
import { LossChartEnds } from "./LossChartEnds.tsx";
import { LossChartRace, RaceResults } from "./LossChartRace.tsx";
import {
  type Along,
  type LossLine,
  linesOf,
  lossAt,
  lossDomain,
  marksOf,
  windowOf,
} from "./lossChartMarks.ts";
import { createRace } from "./lossChartRace.ts";
import "./LossChart.css";

type Height = "log" | "linear";

const names: Readonly<Record<Along, string>> = { steps: "step", evaluations: "examples gone over" };

export function LossChart(props: { lab: Lab }): JSX.Element {
  let box!: HTMLDivElement;
  let svg: SVGSVGElement | undefined;
  const { lab } = props;
  const seen = inView(() => box);
  const race = createRace(lab);
  const [wanted, setWanted] = createSignal<Along>("steps");
  const [height, setHeight] = createSignal<Height>("log");
  const [choosing, setChoosing] = createSignal(false);
  // A race is about cost: that is its axis.
  const along = (): Along => (race.lines().length > 0 ? "evaluations" : wanted());
  const runs = createMemo(() => lab.runs());
  const lines = createMemo((last: readonly LossLine[]) => {
    if (race.lines().length > 0) return race.lines();
    return seen() ? linesOf(runs()) : last;
  }, linesOf(runs()));
  const racing = (): boolean => race.lines().length > 0;
  const live = (): LossLine | undefined => lines().find((line) => line.live);
  const progress = createMemo(() => lab.progress());
  const far = createMemo(() =>
    Math.max(
      racing() ? race.budget() : along() === "steps" ? Math.min(10, progress().steps) : 1,
      ...lines().map(({ trace }) => trace[along()].at(-1) ?? 0),
    ),
  );
  const now = (): number => (along() === "steps" ? progress().step : progress().exampleEvaluations);
  const marks = createMemo((): Mark[] => lines().flatMap((line) => marksOf(line, along())));
  const domain = createMemo(() => lossDomain(lines(), height() === "log"));
  const window = (): number => {
    const line = live();
    return line === undefined ? 1 : windowOf(line);
  };
  return (
    <Frame
      class="loss"
      title={racing() ? "Race" : "Loss"}
      describe={() => describe(lab, lines(), along(), now(), racing())}
      svg={() => svg}
      data={() => rowsOf(lines())}
      note={<LossNote racing={racing()} window={window()} noisy={live()?.noisy === true} />}
      tools={
        <Button
          label={racing() ? "End the race" : "Race"}
          pressed={choosing() || racing()}
          onClick={() => {
            if (racing()) race.end();
            else setChoosing(!choosing());
          }}
        />
      }
    >
      <div ref={box}>
        <Show when={choosing() && !racing()}>
          <LossChartRace
            lab={lab}
            onStart={(methods) => {
              setChoosing(false);
              race.start(methods);
            }}
          />
        </Show>
        <div class="loss-how">
          <Show when={!racing()}>
            <Choice
              label="along"
              bare
              value={wanted()}
              options={[
                { value: "steps", label: "steps" },
                { value: "evaluations", label: "examples gone over" },
              ]}
              onChange={setWanted}
            />
          </Show>
          <Choice
            label="scale of the loss"
            bare
            value={height()}
            options={[
              { value: "log", label: "log" },
              { value: "linear", label: "linear" },
            ]}
            onChange={setHeight}
          />
        </div>
        <Chart
          ref={(node) => {
            svg = node;
          }}
          height={260}
          gutter={48}
          legend={false}
          x={{ label: names[along()], domain: [0, Math.max(1, far())], format: (x) => numberText(x) }}
          y={{ label: racing() ? "loss over all examples" : "loss", scale: height(), domain: domain() }}
          marks={marks()}
          over={(frame) => (
            <>
              <LossChartEnds lines={lines()} along={along()} frame={frame()} />
              <Show when={!racing()}>
                <LossChartCursor
                  lab={lab}
                  frame={frame}
                  along={along()}
                  at={now()}
                  line={live()}
                  far={far()}
                />
              </Show>
            </>
          )}
        />
        <Show when={racing()} fallback={<Runs lab={lab} lines={lines()} along={along()} at={now()} />}>
          <RaceResults race={race} />
        </Show>
      </div>
    </Frame>
  );
}

function LossNote(props: { racing: boolean; window: number; noisy: boolean }): JSX.Element {
  return (
    <Show
      when={props.racing}
      fallback={
        props.noisy
          ? props.window === 1
            ? "Each step saw one batch of the examples."
            : `Faint: what each step saw, one batch. Strong: the mean of the last ${props.window}.`
          : "Each step saw all examples."
      }
    >
      All begin at the same parameters and may go over the same number of examples, each time that one is
      looked at counted; the loss is that over all examples.
    </Show>
  );
}

/** What each run's loss was at the cursor. */
function Runs(props: { lab: Lab; lines: readonly LossLine[]; along: Along; at: number }): JSX.Element {
  const others = (): boolean => props.lines.length > 1;
  return (
    <div class="loss-runs">
      <ul class="loss-list">
        <Index each={[...props.lines].reverse()}>
          {(line) => (
            <li class="loss-run" classList={{ "is-live": line().live }}>
              <span class="loss-swatch" style={{ background: line().color }} />
              <span class="loss-name">{line().label}</span>
              <span class="loss-value">{shortOrNone(lossAt(line(), props.along, props.at))}</span>
            </li>
          )}
        </Index>
      </ul>
      <Show when={others()}>
        <Button label="Forget the old runs" onClick={() => props.lab.forgetRuns()} />
      </Show>
    </div>
  );
}

const shortOrNone = (loss: number | null): string => (loss === null ? "–" : numberText(loss, 4));

function describe(lab: Lab, lines: readonly LossLine[], along: Along, at: number, racing: boolean): string {
  if (racing) {
    const standing = lines.map((line) => `${line.label} ${shortOrNone(line.trace.losses.at(-1) ?? null)}`);
    return `Race over the same number of examples: ${standing.join(", ")}.`;
  }
  const each = lines.map(
    (line) => `${line.live ? "this run" : line.label} ${shortOrNone(lossAt(line, along, at))}`,
  );
  const { step, exampleEvaluations } = lab.progress();
  return `At step ${numberText(step)}, after ${numberText(exampleEvaluations)} examples gone over: loss of ${each.join(", ")}.`;
}

function rowsOf(lines: readonly LossLine[]): DataRow[] {
  return lines.flatMap(({ label, trace }) =>
    trace.losses.map((loss, i) => ({
      run: label,
      step: trace.steps[i] ?? null,
      evaluations: trace.evaluations[i] ?? null,
      loss: Number.isFinite(loss) ? loss : null,
    })),
  );
}
