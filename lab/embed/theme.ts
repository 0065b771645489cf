/** Light or dark as the page around the figure is, and the colors of figures for canvases and files. */
import { setTheme, type Theme } from "../style/colors.ts";

/**
 * By the figure's attribute `theme`, else by the page's `color-scheme`, else light as any page is that says nothing. Figures of
 * one page share a theme, since what draws on canvases does.
 *
 * @returns What ends it.
 */
export function followTheme(figure: HTMLElement): () => void {
  const follow = (): void => setTheme(themeOf(figure), figure);
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", follow);
  follow();
  return () => system.removeEventListener("change", follow);
}

function themeOf(figure: HTMLElement): Theme {
  const given = figure.getAttribute("theme");
  if (given === "light" || given === "dark") return given;
  const words = getComputedStyle(figure.parentElement ?? document.documentElement).colorScheme.split(" ");
  if (!words.includes("dark")) return "light";
  if (!words.includes("light")) return "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/**
 * What parts ask the page's root for: colors, resolved. Their names are not registered in somebody else's page, so that a probe
 * within a figure has to tell them.
 */
export function figureStyle(): Pick<CSSStyleDeclaration, "getPropertyValue"> {
  return {
    getPropertyValue(name) {
      const root = document.querySelector("talweg-figure")?.shadowRoot;
      if (!root) return "";
      const probe = document.createElement("span");
      probe.style.color = `var(${name})`;
      root.append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    },
  };
}
