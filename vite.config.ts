// Builds the lab into dist/lab: one folder of files that works from any host.
import type { UserConfig } from "vite";
import solid from "vite-plugin-solid";
import { formulas, oneFontFormat } from "./lab/formulas/plugin.ts";

// Styles that are known beforehand would become attributes of a template, which the page's policy forbids; so they are set by
// script. The option is in the compiler and not yet in its types.
const byScript = { inlineStyles: false } as object;

const config: UserConfig = {
  root: "lab",
  base: "./",
  plugins: [formulas(), oneFontFormat(), solid({ solid: byScript })],
  resolve: { conditions: ["source", "module", "browser", "development|production"] },
  worker: { format: "es" },
  build: {
    outDir: "../dist/lab",
    emptyOutDir: true,
    target: "es2022",
    // A font in the sheet itself would be a data: address, which the page's policy forbids.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
};
export default config;
