/** Undo and redo of this view, before the page's own keys have their turn. */
import type { Digits } from "./createDigits.ts";

const TAKES_TEXT = "input:not([type=range]):not([type=radio]):not([type=checkbox]), textarea, select";
const TAKES_SPACE = "input, textarea, select, button, a, summary, [role=application], [role=slider]";

/** Listens until the returned function is called. */
export function viewKeys(digits: Digits): () => void {
  const listener = (event: KeyboardEvent): void => {
    const target = event.target instanceof Element ? event.target : document.body;
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && !event.altKey && (key === "z" || key === "y")) {
      if (target.closest(TAKES_TEXT) !== null) return;
      if (event.shiftKey || key === "y") digits.redo();
      else digits.undo();
      event.preventDefault();
    } else if (event.key === " " && target.closest(TAKES_SPACE) === null) {
      // There is no run here that it could start.
      event.preventDefault();
    }
  };
  // The page listens at the document, which hears of a key after the body.
  document.body.addEventListener("keydown", listener);
  return () => document.body.removeEventListener("keydown", listener);
}
