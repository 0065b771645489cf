// How long the last step was and why: the rule of the trainer, and where each step is searched from the same place, its trials.
import "./LineSearch.css";
import { createMemo, createSignal, type JSX, Show } from "solid-js";
import type { LineSearchExplanation } from "talweg";
import { Button } from "../panels/controls.tsx";
import { batchOf } from "../state/training.ts";
import type { Lab } from "../state/types.ts";
import { raised } from "./chartScale.ts";
import { atReadingSpeed } from "./formulaData.ts";
import { LineSearchFormula } from "./LineSearchFormula.tsx";
import { LineSearchTrials } from "./LineSearchTrials.tsx";
import { Inline, Letter, Num, Op } from "./math.tsx";
import { objectiveHere } from "./objectiveHere.ts";
import { lastSearch, placeBefore, searchConstants } from "./topicData.ts";

export interface StepSizeProps {
  readonly lab: Lab;
  readonly digits: number;
}

export function FormulaStepSize(props: StepSizeProps): JSX.Element {
  const looked = atReadingSpeed(props.lab);
  const f = objectiveHere(props.lab);
  const before = placeBefore(props.lab);
  const search = createMemo((): LineSearchExplanation | undefined => {
    looked();
    return lastSearch(props.lab, f(), before());
  });
  const stepSize = (): number | null => props.lab.progress().stepSize;
  const constants = createMemo(() => searchConstants(props.lab));
  return (
    <>
      <section class="formula-part" aria-label="the rule of the step">
        <p class="formula-rule math-line" data-number="stepSize">
          <Show when={hasGradient(props.lab)}>
            <Inline>
              <Letter text="w" />
              <Op text="←" />
              <Letter text="w" />
              <Op text="+" />
              <Letter text="t" />
              <mspace width="0.15em" />
              <Letter text="d" />
            </Inline>
          </Show>
          <Show when={stepSize() !== null}>
            <Inline>
              <mspace width="1em" />
              <Letter text="t" />
              <Op text="=" />
              <Num value={stepSize() ?? 0} digits={props.digits} />
            </Inline>
          </Show>
          <Show when={powerOf(stepSize(), constants())}>
            {(power) => (
              <Inline>
                <Op text="=" />
                <mn>{constants()?.initial}</mn>
                <Op text="·" />
                <mn>
                  {constants()?.shrink}
                  {raised(power().l)}
                </mn>
              </Inline>
            )}
          </Show>
        </p>
        <p class="formula-words">{directionWords(props.lab)}</p>
      </section>
      <Show when={constants() !== undefined && stepSize() !== null}>
        <section class="formula-part" aria-label="the search for the step">
          <Show when={search()} fallback={<Unseen lab={props.lab} />}>
            {(found) => <Trials search={found()} />}
          </Show>
        </section>
      </Show>
    </>
  );
}

const hasGradient = (lab: Lab): boolean => !["guess", "perturb"].includes(lab.setting().trainer.method);

/** What d is. */
function directionWords(lab: Lab): string {
  const { method } = lab.setting().trainer;
  const where = batchOf(lab.setting().trainer) === "full" ? "all examples" : "one batch of the examples";
  if (method === "guess" || method === "perturb")
    return "Each step tries one change that was drawn by chance.";
  if (method === "lbfgs")
    return `d is minus the gradient over ${where}, bent by what the last steps said of the curvature.`;
  if (method === "momentum")
    return `d is minus the gradient over ${where}, and what is left of the steps before.`;
  if (method === "adam" || method === "auto")
    return `d is minus the gradient over ${where}, each number divided by its usual size.`;
  return `d is minus the gradient of the loss over ${where}.`;
}

/** How often the first trial was shortened; undefined where the step is none of the trials. */
function powerOf(
  t: number | null,
  constants: { initial: number; shrink: number } | undefined,
): { l: number } | undefined {
  if (t === null || constants === undefined) return undefined;
  let trial = constants.initial;
  for (let l = 0; l < 100 && trial >= t; l += 1, trial *= constants.shrink) if (trial === t) return { l };
  return undefined;
}

function Trials(props: { search: LineSearchExplanation }): JSX.Element {
  const [chosen, setChosen] = createSignal<number | null>(null);
  const last = (): number => props.search.trials.length - 1;
  const trial = (): number => Math.min(chosen() ?? last(), last());
  return (
    <>
      <LineSearchFormula search={props.search} trial={trial()} />
      <LineSearchTrials search={props.search} chosen={trial()} onChoose={setChosen} />
      <p class="formula-words">
        φ(t) is the loss at w + t d, from where the step began; φ′(0) its slope there.
      </p>
    </>
  );
}

/** The page has not seen where the step began, or the search saw one batch only. */
function Unseen(props: { lab: Lab }): JSX.Element {
  const full = (): boolean => batchOf(props.lab.setting().trainer) === "full";
  return (
    <Show
      when={full()}
      fallback={
        <p class="formula-words">The search looked at one batch alone, which the page does not keep.</p>
      }
    >
      <p class="formula-words">
        The page passed this step too fast to have kept where it began. The next one by itself shows its
        trials.
      </p>
      <Button label="One step on" icon="on" wide onClick={() => props.lab.stepBy("step", 1)} />
    </Show>
  );
}
