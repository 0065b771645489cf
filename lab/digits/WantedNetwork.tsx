// A link may be about a network whose numbers it cannot hold: what it was, how to have it again, and that it is there when it is.
import "./WantedNetwork.css";
import { createEffect, createMemo, createSignal, type JSX, Match, on, Show, Switch } from "solid-js";
import { Button } from "../panels/controls.tsx";
import type { Digits } from "./createDigits.ts";
import type { Origin, Wanted } from "./digitsState.ts";
import { ModelDrop } from "./ModelDrop.tsx";
import { hashOf, planText, stopText } from "./models.ts";
import { plannedImages } from "./protocol.ts";
import { type DigitsTraining, progressText } from "./training.ts";

function GoOn(props: { digits: Digits }): JSX.Element {
  return <Button label="Go on without it" onClick={props.digits.forgetWanted} />;
}

type Trained = Extract<Origin, { kind: "trained" }>;

export function WantedNetwork(props: { digits: Digits; training: DigitsTraining }): JSX.Element {
  const { digits } = props;
  const wanted = createMemo(() => digits.scene().wanted);
  const hash = (): string => hashOf(digits.base());
  const [found, setFound] = createSignal<string | null>(null);
  createEffect(
    on(wanted, (now, before) => {
      setFound(now === null && before && hash() === before.hash ? before.hash : null);
    }),
  );
  return (
    <div>
      <Show when={wanted()}>
        {(it) => (
          <section class="wanted" aria-label="the network of the link">
            <Switch>
              <Match when={asTrained(it().origin)}>
                {(origin) => <Again {...props} wanted={it()} origin={origin()} />}
              </Match>
              <Match when={it().origin.kind === "file"}>
                <FileAgain digits={digits} wanted={it()} hash={hash()} />
              </Match>
              <Match when={it().origin.kind === "shipped"}>
                <p class="wanted-words" role="status">
                  This link is about the network that came with another version of this page, with the hash{" "}
                  <code>{it().hash}</code>. On show is the one that came with this page, <code>{hash()}</code>
                  .
                </p>
                <div class="wanted-do">
                  <GoOn digits={digits} />
                </div>
              </Match>
            </Switch>
          </section>
        )}
      </Show>
      <Show when={found()}>
        {(it) => (
          <section class="wanted" aria-label="the network of the link">
            <p class="wanted-words" role="status">
              The network of the link is on show, to the same bits: its hash is <code>{it()}</code>.
            </p>
            <div class="wanted-do">
              <Button label="Close" onClick={() => setFound(null)} />
            </div>
          </section>
        )}
      </Show>
    </div>
  );
}

const asTrained = (origin: Origin): Trained | undefined => (origin.kind === "trained" ? origin : undefined);

interface AgainProps {
  readonly digits: Digits;
  readonly training: DigitsTraining;
  readonly wanted: Wanted;
  readonly origin: Trained;
}

/** The plan of a network that learned here, and a button that follows it. */
function Again(props: AgainProps): JSX.Element {
  const { digits, training } = props;
  const canBe = (): boolean => props.origin.plan.extent === "shipped" || digits.hasFull();
  const isDone = (): boolean => {
    const { origin } = digits.scene().model;
    return !training.isBusy() && origin.kind === "trained" && training.news().status === "ended";
  };
  return (
    <>
      <p class="wanted-words" role="status">
        This link is about a network that learned in the page: {props.origin.plan.hidden} hidden neurons,{" "}
        {planText(props.origin.plan)}
        {stopText(props.origin)}. Its numbers do not fit into a link, but the same training gives the same
        bits, with the hash <code>{props.wanted.hash}</code>.{" "}
        <Show when={digits.scene().model.origin.kind === "shipped"}>
          Until then the network that came with the page is on show.
        </Show>
      </p>
      <div class="wanted-do">
        <Show
          when={canBe()}
          fallback={
            <p class="wanted-words">
              This page has {plannedImages.shipped.toLocaleString("en-US")} of those images; open the link in
              the page of <code>talweg lab</code>, which has them all.
            </p>
          }
        >
          <Show
            when={training.isBusy()}
            fallback={
              <Button
                kind="main"
                label={`Train it again (about ${secondsOf(props.origin)} s)`}
                onClick={() => void training.start(props.origin.plan, props.origin.step)}
              />
            }
          >
            <Button label="Stop" onClick={training.stop} />
          </Show>
        </Show>
        <Show when={!training.isBusy()}>
          <GoOn digits={digits} />
        </Show>
        <Show when={training.news().status !== "none"}>
          <p class="wanted-words">
            {progressText(training.news())}
            <Show when={isDone()}>
              {" "}
              The hash of what came out is <code>{hashOf(digits.base())}</code>, not that of the link.
            </Show>
          </p>
        </Show>
      </div>
    </>
  );
}

/** Microseconds that a step takes for each hidden neuron, and for all of them; on a small machine. */
const [EACH, ALL] = [8, 250];

const secondsOf = ({ plan, step }: Trained): number =>
  Math.max(1, Math.round((step * (ALL + EACH * plan.hidden)) / 1e6));

function FileAgain(props: { digits: Digits; wanted: Wanted; hash: string }): JSX.Element {
  const name = (): string => {
    const { origin } = props.wanted;
    return origin.kind === "file" ? origin.name : "";
  };
  const { digits } = props;
  return (
    <>
      <p class="wanted-words" role="status">
        This link is about the network of somebody's own file, <strong>{name()}</strong>, with the hash{" "}
        <code>{props.wanted.hash}</code>. A link cannot hold it: if you have that file, open it here.{" "}
        <Show
          when={digits.scene().model.origin.kind === "file"}
          fallback="Until then the network that came with the page is on show."
        >
          What is on show has another hash, <code>{props.hash}</code>.
        </Show>
      </p>
      <ModelDrop digits={digits} name={`Open ${name()}`} words="or drop it here; it stays on this computer" />
      <div class="wanted-do">
        <GoOn digits={digits} />
      </div>
    </>
  );
}
