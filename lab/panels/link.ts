// The address bar and the state of the page: a link is read once and when another is pasted, and written when things are at rest.
// It holds the setting, and after a dot what a view has beside it.
import { batch, createEffect, onCleanup } from "solid-js";
import { TalwegError } from "talweg";
import { fromAddress, toAddress } from "../state/address.ts";
import { defaultSetting } from "../state/setting.ts";
import type { Lab, Setting } from "../state/types.ts";
import type { ViewDesk } from "../views/viewDesk.ts";

/** At rest: nothing has changed for so many milliseconds. */
const REST = 300;

export interface Read {
  readonly setting: Setting;
  /** What is meant for a view with a state of its own. */
  readonly letter: string;
  /** Why it could not be followed; "". */
  readonly notice: string;
}

/** What a link asks for; without one the first preset, and with a bad one the same and the reason. */
export async function readLink(fragment: string): Promise<Read> {
  const [first = "", letter = ""] = fragment.replace(/^#/, "").split(".", 2);
  if (first === "") return { setting: defaultSetting, letter, notice: "" };
  try {
    return { setting: await fromAddress(first), letter, notice: "" };
  } catch (error) {
    return { setting: defaultSetting, letter: "", notice: noticeOf(error) };
  }
}

export function noticeOf(error: unknown): string {
  return `The link could not be followed. ${error instanceof TalwegError ? error.message : String(error)}`;
}

/** The fragment of what is on show, without "#". */
async function fragmentOf(lab: Lab, desk: ViewDesk): Promise<string> {
  const setting = toAddress(lab.setting());
  const letter = await desk.state()?.text();
  return letter ? `${await setting}.${letter}` : setting;
}

/** The whole address of what is on show. */
export async function linkOf(lab: Lab, desk: ViewDesk): Promise<string> {
  return `${location.href.split("#", 1)[0]}#${await fragmentOf(lab, desk)}`;
}

/** Keeps both the same, inside of a component. */
export function keepLink(lab: Lab, desk: ViewDesk): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The fragment that this page wrote last. */
  let own = location.hash;
  /** Counts what happens. */
  let turn = 0;
  const write = async (): Promise<void> => {
    const now = turn;
    const fragment = `#${await fragmentOf(lab, desk)}`;
    // Something has changed while it was packed, and there will be another turn; or a link was pasted that is to be read.
    if (turn !== now || fragment === own || location.hash !== own) return;
    try {
      history.replaceState(null, "", fragment);
      own = fragment;
    } catch {
      // Browsers bound how often this may be done; the next turn does it.
    }
  };
  createEffect(() => {
    const { view } = lab.setting();
    const { status } = lab.progress();
    const isMoving = status === "running" || status === "replaying";
    // A view that is not there yet has a letter to read.
    const isAtRest = view === "playground" || desk.state()?.isAtRest() === true;
    turn += 1;
    clearTimeout(timer);
    if (!isMoving && isAtRest) timer = setTimeout(write, REST);
  });
  const pasted = async (): Promise<void> => {
    if (location.hash === own) return;
    own = location.hash;
    const { setting, letter, notice } = await readLink(own);
    desk.tell(notice);
    if (notice !== "") return;
    batch(() => {
      lab.change({ label: "the link", edit: () => setting });
      if (setting.view !== "playground") desk.post(letter);
    });
  };
  addEventListener("hashchange", pasted);
  onCleanup(() => {
    clearTimeout(timer);
    removeEventListener("hashchange", pasted);
  });
}
