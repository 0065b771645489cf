// The keys that mean the same wherever one is on the page.
import type { Lab } from "../state/types.ts";

/** What takes letters and the space key itself. */
const TAKES_TEXT = "input:not([type=range]):not([type=radio]), textarea, select, [contenteditable]";
const TAKES_SPACE = `${TAKES_TEXT}, button, a, summary, input[type=radio], [role=button], [role=menuitem], dialog`;

/** Listens until the returned function is called. */
export function pageKeys(lab: Lab, onKeys: () => void): () => void {
  const listener = (event: KeyboardEvent): void => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented) return;
    if (isUndo(event) && target.closest(TAKES_TEXT) === null) {
      if (event.shiftKey || event.key.toLowerCase() === "y") lab.redo();
      else lab.undo();
    } else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === " " && target.closest(TAKES_SPACE) === null) {
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
