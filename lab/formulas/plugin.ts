// Formulas that never change are set by KaTeX while the page is built: `import chain from "./chain.tex"` gives markup. The page's
// policy forbids inline styles, so each distinct style becomes a class.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import katex from "katex";
import type { Plugin } from "vite";

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);

function withoutStyles(markup: string): { markup: string; css: string } {
  const rules = new Map<string, string>();
  const plain = markup.replace(/<(\w+)([^>]*?) style="([^"]*)"([^>]*)>/g, (_, tag, before, style, after) => {
    const name = `k${digest(style)}`;
    // Stronger than KaTeX's own rules, as an inline style is.
    rules.set(name, `.katex.katex.katex .${name}{${style}}`);
    const attributes = `${before}${after}`;
    const classed = /class="/.test(attributes)
      ? attributes.replace(/class="/, `class="${name} `)
      : `${attributes} class="${name}"`;
    return `<${tag}${classed}>`;
  });
  return { markup: plain, css: [...rules.values()].join("\n") };
}

/** Vite's plugin for files that end in .tex. */
export function formulas(): Plugin {
  const sheets = new Map<string, string>();
  return {
    name: "formulas",
    enforce: "pre",
    resolveId: (id) => (sheets.has(id) ? id : null),
    async load(id) {
      const sheet = sheets.get(id);
      if (sheet !== undefined) return { code: sheet, moduleType: "css" };
      if (!id.endsWith(".tex")) return null;
      const raw = katex.renderToString(await readFile(id, "utf8"), {
        displayMode: true,
        throwOnError: true,
        strict: "error",
        trust: false,
      });
      const { markup, css } = withoutStyles(raw);
      const name = `virtual:formula-${digest(id)}.css`;
      sheets.set(name, css);
      return {
        code: `import "katex/dist/katex.min.css"; import "${name}"; export default ${JSON.stringify(markup)};`,
        moduleType: "js",
      };
    },
  };
}

/** KaTeX's sheet names each font three times; every browser that runs the page reads woff2. */
export function oneFontFormat(): Plugin {
  return {
    name: "one-font-format",
    enforce: "pre",
    transform(code, id) {
      if (!id.includes("katex") || !id.endsWith(".css")) return null;
      return { code: code.replace(/,url\([^)]+\.(?:woff|ttf)\) format\("[^"]+"\)/g, ""), map: null };
    },
  };
}
