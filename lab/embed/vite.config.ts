// Builds the figures for other pages: dist/lab/talweg-figure.js, one classic script that needs nothing beside it.
import { resolve } from "node:path";
import type { UserConfig } from "vite";
import solid from "vite-plugin-solid";
import { colorsOfFigure, inAscii, sheetsAsText, withoutWorkers } from "./plugin.ts";

const here = import.meta.dirname;
const byScript = { inlineStyles: false } as object;

const config: UserConfig = {
  root: here,
  plugins: [
    sheetsAsText(resolve(here, "sheets.ts")),
    colorsOfFigure(resolve(here, "theme.ts")),
    withoutWorkers(),
    inAscii(),
    solid({ solid: byScript }),
  ],
  resolve: { conditions: ["source", "module", "browser", "development|production"] },
  define: { "import.meta": "({})", "process.env.NODE_ENV": '"production"' },
  build: {
    outDir: resolve(here, "../../dist/lab"),
    emptyOutDir: false,
    target: "es2022",
    reportCompressedSize: false,
    lib: {
      entry: resolve(here, "element.tsx"),
      formats: ["iife"],
      name: "talwegFigure",
      fileName: () => "talweg-figure.js",
    },
    rolldownOptions: { checks: { pluginTimings: false } },
  },
};
export default config;
