// Starts the page with what the address asks for.
import "./style/theme.css";
import { render } from "solid-js/web";
import { App } from "./App.tsx";
import { readLink } from "./panels/link.ts";
import { createLab } from "./state/createLab.ts";

const { setting, letter, notice } = await readLink(location.hash);
const lab = createLab(setting);
render(
  () => <App lab={lab} letter={letter} notice={notice} />,
  document.getElementById("lab") as HTMLElement,
);
