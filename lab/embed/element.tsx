/**
 * The element `<talweg-figure part="fit" link="#…">`: a figure of the lab in any page.
 *
 * Attributes: `part` (network, fit, loss, landscape, line-search, formula), `link` (an address of the lab, or what stands behind
 * its "#"; without it the first preset), `preset` (the name of one, instead of a link), `group` (figures of the same group show
 * the same network: a change in one shows in all), `bare` (without the row that runs and steps), `theme` (light or dark; by
 * default what the page is). Nothing is fetched and no worker is started: training takes slices of the page's own time, so that
 * the figure runs from file:// too.
 */
import "../style/theme.css";
import "../style/controls.css";
import { render } from "solid-js/web";
import { TalwegError } from "talweg";
import { localEngine } from "../engine/local.ts";
import { createThinker, localMind } from "../engine/thinker.ts";
import { fromAddress } from "../state/address.ts";
import { createLab } from "../state/createLab.ts";
import { defaultSetting, presets } from "../state/setting.ts";
import type { Lab, Setting } from "../state/types.ts";
import { Figure } from "./Figure.tsx";
import { sharedSheet } from "./sheets.ts";
import { followTheme } from "./theme.ts";

interface Shared {
  readonly lab: Lab;
  readonly notice: string;
}

/** What the figures of a group share, and how many there are. */
const groups = new Map<string, { made: Promise<Shared>; figures: number }>();

class TalwegFigure extends HTMLElement {
  private end: (() => void) | undefined;
  /** Counts how often it was put into a page: what was begun before a removal is not finished after it. */
  private turn = 0;

  connectedCallback(): void {
    const turn = ++this.turn;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sharedSheet()];
    const unfollow = followTheme(this);
    const { shared, leave } = this.share();
    this.end = () => {
      unfollow();
      leave();
    };
    void shared.then(({ lab, notice }) => {
      if (turn !== this.turn || !this.isConnected) return;
      const part = this.getAttribute("part") ?? "fit";
      const bare = this.hasAttribute("bare");
      const dispose = render(() => <Figure lab={lab} part={part} notice={notice} bare={bare} />, root);
      this.end = () => {
        unfollow();
        dispose();
        leave();
      };
    });
  }

  disconnectedCallback(): void {
    this.turn++;
    this.end?.();
    this.end = undefined;
  }

  /** The lab of its group, or one of its own. */
  private share(): { shared: Promise<Shared>; leave: () => void } {
    const make = (): Promise<Shared> => makeLab(this.getAttribute("link"), this.getAttribute("preset"));
    const name = this.getAttribute("group");
    const group = (name === null ? undefined : groups.get(name)) ?? { made: make(), figures: 0 };
    if (name !== null) groups.set(name, group);
    group.figures++;
    const leave = (): void => {
      if (--group.figures > 0) return;
      if (name !== null) groups.delete(name);
      void group.made.then(({ lab }) => lab.close());
    };
    return { shared: group.made, leave };
  }
}

async function makeLab(link: string | null, preset: string | null): Promise<Shared> {
  const workers = { engine: localEngine, thinker: createThinker(localMind) };
  const { setting, notice } = await settingOf(link, preset);
  return { lab: createLab(setting, workers), notice };
}

async function settingOf(
  link: string | null,
  preset: string | null,
): Promise<{ setting: Setting; notice: string }> {
  try {
    // A whole address of the lab may be pasted.
    if (link !== null && link !== "") {
      return { setting: await fromAddress(link.slice(link.indexOf("#") + 1)), notice: "" };
    }
    if (preset === null) return { setting: defaultSetting, notice: "" };
    const found = presets.find(({ id }) => id === preset);
    if (found !== undefined) return { setting: found.setting, notice: "" };
    const names = presets.map(({ id }) => id).join(", ");
    return { setting: defaultSetting, notice: `There is no preset “${preset}”; expected one of ${names}.` };
  } catch (error) {
    const reason = error instanceof TalwegError ? error.message : String(error);
    return { setting: defaultSetting, notice: `The link could not be followed. ${reason}` };
  }
}

if (customElements.get("talweg-figure") === undefined) customElements.define("talweg-figure", TalwegFigure);
