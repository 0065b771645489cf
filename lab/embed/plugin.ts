// What the lab's parts need to be one file that runs in any page, from file:// too: sheets as text, and no workers.
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Plugin } from "vite";

const MARK = "\0sheet:";

/** `import "./x.css"` hands the text of the sheet to `sheets.ts`, with the page's root as the figure's host. */
export function sheetsAsText(registry: string): Plugin {
  return {
    name: "sheets-as-text",
    enforce: "pre",
    resolveId(id, importer) {
      if (!id.endsWith(".css") || importer === undefined) return null;
      // Another ending, so that Vite does not take it for a sheet of the page.
      return `${MARK}${resolve(dirname(importer), id)}.js`;
    },
    async load(id) {
      if (!id.startsWith(MARK)) return null;
      const text = forHost(await readFile(id.slice(MARK.length, -".js".length), "utf8"));
      return `import { addSheet } from ${JSON.stringify(registry)};\naddSheet(${JSON.stringify(text)});`;
    },
  };
}

/** Rules of the page's root, body and registered properties, for a shadow root. */
export function forHost(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/@property[^{]*\{[^}]*\}/g, "")
    .replace(/:root(\[[^\]]*\])/g, ":host($1)")
    .replace(/:root/g, ":host")
    .replace(/(^|[\s,}])(?:html|body)(?=\s*[,{])/g, "$1:host")
    .replace(/\s+/g, " ");
}

/** What parts read from the page's root they read from a figure. */
export function colorsOfFigure(theme: string): Plugin {
  const asked = "getComputedStyle(document.documentElement)";
  return {
    name: "colors-of-figure",
    enforce: "pre",
    transform(code, id) {
      if (!/\.tsx?$/.test(id) || !code.includes(asked)) return null;
      const changed = code.replaceAll(asked, "figureStyle()");
      return { code: `import { figureStyle } from ${JSON.stringify(theme)};\n${changed}`, map: null };
    },
  };
}

/** A worker cannot be started from file:// or from another host's script: the page itself thinks, in slices. */
export function withoutWorkers(): Plugin {
  return {
    name: "without-workers",
    enforce: "pre",
    transform(code, id) {
      if (!/lab\/engine\/\w+\.ts$/.test(id)) return null;
      return {
        code: code.replace(/new Worker\(new URL\([^)]*\), \{[^}]*\}\)/g, 'new Worker("")'),
        map: null,
      };
    },
  };
}

/** Pages that do not name their encoding read the script wrongly, so nothing beyond ASCII stands in it. */
export function inAscii(): Plugin {
  return {
    name: "in-ascii",
    enforce: "post",
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === "chunk") file.code = file.code.replace(/[\u0080-\uffff]/g, escaped);
      }
    },
  };
}

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
