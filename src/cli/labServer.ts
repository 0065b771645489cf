/**
 * The server of `talweg lab`: the files of one folder and the MNIST set, to this computer alone.
 *
 * Another page in the reader's browser must not be able to read or steer it: a name that was made to point here (DNS rebinding) is
 * known by its Host, a request from another page by its Origin. Paths are looked up in a table of what there is, never resolved.
 * The headers let the page run threads (cross-origin isolation) and load nothing from anywhere else (content security policy).
 */
import { createReadStream, readdirSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";
import { pipeline } from "node:stream";
import { FileError } from "../core/index.ts";
import { UsageError } from "./usage.ts";

/** Where the search for a free port begins, where none is given. */
export const LAB_PORT = 4747;
const PORTS_TRIED = 20;
/** Lists what `data` there is; the page brings an empty list of this name for hosts that have none. */
const DATA_INDEX = "/data/index.json";
/** `localhost` is either of them; the second is missing where the system has no IPv6. */
const ADDRESSES = ["127.0.0.1", "::1"];

const types: ReadonlyMap<string, string> = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
  [".json", "application/json; charset=utf-8"],
  [".txt", "text/plain; charset=utf-8"],
  [".csv", "text/csv; charset=utf-8"],
  [".svg", "image/svg+xml"],
  [".png", "image/png"],
  [".woff2", "font/woff2"],
  [".wasm", "application/wasm"],
  [".bin", "application/octet-stream"],
  [".safetensors", "application/octet-stream"],
]);

const headers: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; " +
    "worker-src 'self' blob:; connect-src 'self'; font-src 'self'; frame-src 'self'; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'self'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  // A page that was built anew is seen at once.
  "Cache-Control": "no-cache",
};

interface Served {
  readonly path: string;
  readonly type: string;
}

export interface LabServerOptions {
  /** The page's folder. */
  folder: string;
  /** Further files: what is asked for, "/data/mnist/train-images", and where it lies. */
  data?: ReadonlyMap<string, string>;
  /** 0 for any that is free; the first free one from LAB_PORT by default. */
  port?: number | undefined;
}

export interface LabServer {
  readonly port: number;
  /** "http://localhost:4747/". */
  readonly url: string;
  /** How many requests were answered with what was asked for, and how many were refused. */
  counts(): { served: number; refused: number };
  close(): Promise<void>;
}

/**
 * Starts the server.
 *
 * @throws {FileError} When the page is not in the folder.
 * @throws {UsageError} When the given port is taken or not allowed, or none of those tried by default is free.
 */
export async function startLab({ folder, data = new Map(), port }: LabServerOptions): Promise<LabServer> {
  const files = filesOf(folder);
  for (const [url, path] of data) files.set(url, { path, type: "application/octet-stream" });
  const index = JSON.stringify([...data.keys()]);
  const counts = { served: 0, refused: 0 };
  const hosts = new Set<string>();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const refusal = refusalOf(request, hosts);
    const [url = "/"] = (request.url ?? "/").split(/[?#]/, 1);
    const file = files.get(url === "/" ? "/index.html" : url);
    if (refusal === undefined && url === DATA_INDEX) {
      counts.served += 1;
      sendText(request, response, 200, index);
      return;
    }
    if (refusal === undefined && file !== undefined) {
      counts.served += 1;
      sendFile(request, response, file);
      return;
    }
    counts.refused += 1;
    const [status, text] = refusal ?? [404, "There is no such file in the lab; its page is at /"];
    sendText(request, response, status, text);
  };
  const servers = await listening(answer, port);
  const used = portOf(servers[0] as Server);
  for (const name of ["localhost", "127.0.0.1", "[::1]"]) {
    hosts.add(`${name}:${used}`);
    // Browsers leave the usual port out.
    if (used === 80) hosts.add(name);
  }
  return {
    port: used,
    url: `http://localhost:${used}/`,
    counts: () => ({ ...counts }),
    close: async () => {
      await Promise.all(servers.map(closed));
    },
  };
}

/** What can be asked for: every plain file of the folder with a known type, by its place from there. */
function filesOf(folder: string): Map<string, Served> {
  const found = new Map<string, Served>();
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      const type = types.get(extname(entry.name));
      // Links are not plain files, so nothing outside of the folder is reached.
      if (!entry.isFile() || type === undefined) continue;
      const path = join(entry.parentPath ?? entry.path, entry.name);
      found.set(`/${path.slice(join(folder, sep).length).replaceAll(sep, "/")}`, { path, type });
    }
  } catch {
    found.clear();
  }
  if (found.has("/index.html")) return found;
  throw new FileError(
    folder,
    `${folder}: the lab's page is not there, expected index.html and what it needs; in a clone run node tools/build.js, else install talweg again.`,
  );
}

function refusalOf(request: IncomingMessage, hosts: ReadonlySet<string>): [number, string] | undefined {
  const { host = "", origin } = request.headers;
  if (!hosts.has(host.toLowerCase())) {
    return [403, "The lab answers to localhost alone, and this request names another host."];
  }
  if (origin !== undefined && !hosts.has(origin.toLowerCase().replace(/^http:\/\//, ""))) {
    return [403, "The lab answers to its own page alone, and this request comes from another one."];
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return [405, "The lab only hands out files: ask with GET or HEAD."];
  }
  return undefined;
}

function sendFile(request: IncomingMessage, response: ServerResponse, { path, type }: Served): void {
  let bytes: number;
  try {
    bytes = statSync(path).size;
  } catch {
    sendText(
      request,
      response,
      404,
      "This file was there when the lab was started, and is gone; start it again.",
    );
    return;
  }
  response.writeHead(200, { ...headers, "Content-Type": type, "Content-Length": bytes });
  if (request.method === "HEAD" || bytes === 0) {
    response.end();
    return;
  }
  // No more than was announced, even where the file grows meanwhile. A reader who leaves, or a file that fails, ends the connection.
  pipeline(createReadStream(path, { end: bytes - 1 }), response, (error) => {
    if (error !== null && error !== undefined) response.destroy();
  });
}

function sendText(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  const body = `${text}\n`;
  response.writeHead(status, {
    ...headers,
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
    // What else was sent along is not read.
    Connection: "close",
    ...(status === 405 ? { Allow: "GET, HEAD" } : {}),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Servers at all addresses that there are, at the same port. */
async function listening(answer: Answer, wanted: number | undefined): Promise<Server[]> {
  const last = wanted === undefined ? LAB_PORT + PORTS_TRIED - 1 : wanted;
  for (let port = wanted ?? LAB_PORT; port <= last; port += 1) {
    try {
      return await allAddresses(answer, port);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "EADDRINUSE" && port < last) continue;
      throw new UsageError(refusedPort(code, message, port, wanted));
    }
  }
  throw new UsageError(`the port ${wanted} cannot be used, expected one from 0 to 65535.`);
}

function refusedPort(
  code: string | undefined,
  message: string,
  port: number,
  wanted: number | undefined,
): string {
  if (code === "EACCES") {
    return `the port ${port} is kept for the system here, expected one that everybody may use; write for example --port ${LAB_PORT}.`;
  }
  if (code !== "EADDRINUSE") return `the lab cannot listen at port ${port} (${message}); try another --port.`;
  return wanted === undefined
    ? `the ports ${LAB_PORT} to ${port} are all taken, expected a free one; give one with --port, or --port 0 for any.`
    : `the port ${port} is taken by another program, expected a free one; leave --port out to have one found.`;
}

async function allAddresses(answer: Answer, port: number): Promise<Server[]> {
  const servers: Server[] = [];
  for (const address of ADDRESSES) {
    try {
      servers.push(await listen(answer, address, servers[0] === undefined ? port : portOf(servers[0])));
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      // No IPv6 here: the first address does.
      if (servers.length > 0 && ["EADDRNOTAVAIL", "EAFNOSUPPORT"].includes(code)) continue;
      await Promise.all(servers.map(closed));
      throw error;
    }
  }
  return servers;
}

function listen(answer: Answer, host: string, port: number): Promise<Server> {
  const limits = {
    maxHeaderSize: 16_384,
    headersTimeout: 3_000,
    requestTimeout: 10_000,
    // The two above are only looked at so often; by default half a minute passes.
    connectionsCheckingInterval: 500,
    keepAliveTimeout: 5_000,
  };
  const server = createServer(limits, answer);
  server.maxConnections = 256;
  // Who asks and then does not read is not waited for.
  server.timeout = 30_000;
  // What is not HTTP gets no answer.
  server.on("clientError", (_, socket) => socket.destroy());
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen({ host, port, ipv6Only: true }, () => {
      server.off("error", fail);
      done(server);
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
