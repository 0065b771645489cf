// The page: the line at the top, a view, and time at the bottom.
import "./App.css";
import { createSignal, type JSX, onCleanup, onMount, Show, Suspense } from "solid-js";
import { Announcer } from "./panels/Announcer.tsx";
import { Button } from "./panels/controls.tsx";
import { KeysDialog } from "./panels/KeysDialog.tsx";
import { pageKeys } from "./panels/keyboard.ts";
import { keepLink, linkOf } from "./panels/link.ts";
import { TopBar } from "./panels/TopBar.tsx";
import { Transport } from "./panels/Transport.tsx";
import type { Lab } from "./state/types.ts";
import { Digits } from "./views/later.ts";
import { Playground } from "./views/Playground.tsx";
import { createViewDesk } from "./views/viewDesk.ts";

export function App(props: { lab: Lab; letter: string; notice: string }): JSX.Element {
  const [keys, setKeys] = createSignal(false);
  const [notice, setNotice] = createSignal(props.notice);
  const view = () => props.lab.setting().view;
  const desk = createViewDesk(view() === "playground" ? undefined : props.letter, setNotice);
  keepLink(props.lab, desk);
  onMount(() => onCleanup(pageKeys(props.lab, desk, () => setKeys(true))));
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById("content")?.focus()}>
        To the network
      </button>
      <TopBar lab={props.lab} desk={desk} link={() => linkOf(props.lab, desk)} onKeys={() => setKeys(true)} />
      <Show when={notice() !== ""}>
        <div class="notice" role="alert">
          <p>{notice()}</p>
          <Button label="Close" icon="close" onClick={() => setNotice("")} />
        </div>
      </Show>
      <Show
        when={view() === "digits" && Digits}
        fallback={
          <>
            <Playground lab={props.lab} />
            <Transport lab={props.lab} />
            <Announcer lab={props.lab} />
          </>
        }
      >
        {(Later) => {
          const View = Later();
          return (
            <Suspense>
              <View lab={props.lab} desk={desk} />
            </Suspense>
          );
        }}
      </Show>
      <KeysDialog view={view()} open={keys()} onClose={() => setKeys(false)} />
    </>
  );
}
