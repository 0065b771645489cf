/** The parts' own sheets as text, for shadow roots: the build puts them here in place of loading them into the page. */

const texts: string[] = [];
let sheet: CSSStyleSheet | undefined;

/** Called once by each sheet that a part imports. */
export function addSheet(text: string): void {
  texts.push(text);
}

/** All of them as one constructed sheet, shared by all figures of a page. */
export function sharedSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(texts.join("\n"));
  }
  return sheet;
}
