// The address bar and the state of the page: a link is read once and when another is pasted, and written when things are at rest.
import { createEffect, onCleanup } from "solid-js";
import { TalwegError } from "talweg";
import { fromAddress, toAddress } from "../state/address.ts";
import { defaultSetting } from "../state/setting.ts";
import type { Lab, Setting } from "../state/types.ts";

/** At rest: nothing has changed for so many milliseconds. */
const REST = 300;

/** What a link asks for; without one the first preset, and with a bad one the same and the reason. */
export async function readLink(fragment: string): Promise<{ setting: Setting; notice: string }> {
  if (fragment.replace(/^#/, "") === "") return { setting: defaultSetting, notice: "" };
  try {
    return { setting: await fromAddress(fragment), notice: "" };
  } catch (error) {
    const reason = error instanceof TalwegError ? error.message : String(error);
    return { setting: defaultSetting, notice: `The link could not be followed. ${reason}` };
  }
}

/** The whole address of what is on show. */
export async function linkOf(lab: Lab): Promise<string> {
  return `${location.href.split("#", 1)[0]}#${await toAddress(lab.setting())}`;
}

/** Keeps both the same, inside of a component. @param onNotice Hears why a pasted link was refused. */
export function keepLink(lab: Lab, onNotice: (text: string) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The fragment that this page wrote last. */
  let own = location.hash;
  const write = async (): Promise<void> => {
    const setting = lab.setting();
    const fragment = `#${await toAddress(setting)}`;
    // Something has changed while it was packed, and there will be another turn.
    if (lab.setting() !== setting || fragment === own) return;
    own = fragment;
    try {
      history.replaceState(null, "", fragment);
    } catch {
      // Browsers bound how often this may be done; the next turn does it.
    }
  };
  createEffect(() => {
    lab.setting();
    const { status } = lab.progress();
    clearTimeout(timer);
    if (status !== "running" && status !== "replaying") timer = setTimeout(write, REST);
  });
  const pasted = async (): Promise<void> => {
    if (location.hash === own) return;
    own = location.hash;
    const { setting, notice } = await readLink(own);
    onNotice(notice);
    if (notice === "") lab.change({ label: "the link", edit: () => setting });
  };
  addEventListener("hashchange", pasted);
  onCleanup(() => {
    clearTimeout(timer);
    removeEventListener("hashchange", pasted);
  });
}
