// The keys that mean the same wherever one is on the page.
import type { Lab } from "../state/types.ts";
import type { ViewDesk } from "../views/viewDesk.ts";

/** What takes letters and the space key itself. */
const TAKES_TEXT =
  "input:not([type=range]):not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";
const TAKES_SPACE = `${TAKES_TEXT}, button, a, summary, input:not([type=range]), [role=button], [role=menuitem], dialog`;

/** Listens until the returned function is called. */
export function pageKeys(lab: Lab, desk: ViewDesk, onKeys: () => void): () => void {
  const isPlayground = (): boolean => lab.setting().view === "playground";
  const listener = (event: KeyboardEvent): void => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented) return;
    if (isUndo(event) && target.closest(TAKES_TEXT) === null) {
      const what = isPlayground() ? lab : desk.state();
      if (event.shiftKey || event.key.toLowerCase() === "y") what?.redo();
      else what?.undo();
    } else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === " " && isPlayground() && target.closest(TAKES_SPACE) === null) {
      const { status } = lab.progress();
      if (status === "running" || status === "replaying") lab.pause();
      else lab.play();
    } else if (event.key === "?" && target.closest(TAKES_TEXT) === null) onKeys();
    else return;
    event.preventDefault();
  };
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}

const isUndo = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  (ctrlKey || metaKey) && !altKey && ["z", "y"].includes(key.toLowerCase());
