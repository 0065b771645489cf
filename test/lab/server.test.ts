/** The server of `talweg lab` hands out the page and nothing else, to this computer and its own page alone. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LabServer, startLab } from "../../src/cli/labServer.ts";
import { last, lines, talweg } from "../cli/command.ts";

const above = mkdtempSync(join(tmpdir(), "talweg-lab-"));
const folder = join(above, "lab");
let server: LabServer;

beforeAll(async () => {
  mkdirSync(join(folder, "assets"), { recursive: true });
  writeFileSync(join(folder, "index.html"), "<p>the page</p>");
  writeFileSync(join(folder, "assets/a.js"), "export {};");
  writeFileSync(join(folder, ".built"), "");
  writeFileSync(join(folder, "notes"), "no known type");
  writeFileSync(join(above, "secret.txt"), "secret");
  symlinkSync(join(above, "secret.txt"), join(folder, "link.txt"));
  const data = new Map([["/data/mnist/train-labels", join(above, "secret.txt")]]);
  server = await startLab({ folder, data, port: 0 });
});

afterAll(async () => {
  await server.close();
  rmSync(above, { recursive: true, force: true });
});

interface Answer {
  status: number;
  head: string;
  body: string;
}

/** Sends the bytes as they are: an HTTP client would mend the path. */
function ask(
  path: string,
  { method = "GET", host = `localhost:${server.port}`, more = "" } = {},
): Promise<Answer> {
  return new Promise((done, fail) => {
    const socket = connect(server.port, "127.0.0.1");
    let text = "";
    socket.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    socket.on("error", fail);
    socket.on("close", () => {
      const [head = "", body = ""] = text.split("\r\n\r\n", 2);
      done({ status: Number(head.split(" ")[1] ?? 0), head, body });
    });
    const lines = [
      `${method} ${path} HTTP/1.1`,
      ...(host === "" ? [] : [`Host: ${host}`]),
      "Connection: close",
    ];
    // Not `end`: a client that closes its side is taken to have left.
    socket.write(`${lines.join("\r\n")}\r\n${more}\r\n`);
  });
}

test("hands out the page, its files and the data that it was given", async () => {
  expect(await ask("/")).toMatchObject({ status: 200, body: "<p>the page</p>" });
  expect(await ask("/index.html")).toMatchObject({ status: 200, body: "<p>the page</p>" });
  const script = await ask("/assets/a.js?v=1");
  expect(script).toMatchObject({ status: 200, body: "export {};" });
  expect(script.head).toContain("Content-Type: text/javascript; charset=utf-8");
  const data = await ask("/data/mnist/train-labels");
  expect(data).toMatchObject({ status: 200, body: "secret" });
  expect(data.head).toContain("Content-Length: 6");
});

test("answers HEAD with the same headers and no body", async () => {
  const { status, head, body } = await ask("/", { method: "HEAD" });
  expect({ status, body }).toEqual({ status: 200, body: "" });
  expect(head).toContain("Content-Length: 15");
});

test.each(["/", "/none", "/assets/a.js"])("sends the headers that shut the page in with %s", async (path) => {
  const { head } = await ask(path);
  expect(head).toContain(
    "Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; " +
      "worker-src 'self' blob:; connect-src 'self'; font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  );
  for (const line of [
    "Cross-Origin-Opener-Policy: same-origin",
    "Cross-Origin-Embedder-Policy: require-corp",
    "Cross-Origin-Resource-Policy: same-origin",
    "X-Content-Type-Options: nosniff",
    "Referrer-Policy: no-referrer",
  ]) {
    expect(head).toContain(line);
  }
  expect(head).not.toContain("Access-Control-Allow-Origin");
});

test.each([
  "evil.example",
  "localhost",
  "localhost:1",
  "127.0.0.1.evil.example",
  "localhost.evil.example:80",
])("refuses the host %s", async (host) => {
  const { status, body } = await ask("/", { host });
  expect(status).toBe(403);
  expect(body).toBe("The lab answers to localhost alone, and this request names another host.\n");
});

test("refuses a request without a host, and answers to each name of this computer", async () => {
  expect((await ask("/", { host: "" })).status).toBe(400);
  for (const name of ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"]) {
    expect((await ask("/", { host: `${name}:${server.port}` })).status).toBe(200);
  }
});

test("refuses requests that other pages make, and takes those of its own", async () => {
  for (const origin of [
    "https://evil.example",
    "null",
    "http://localhost:1",
    `https://localhost:${server.port}`,
  ]) {
    const { status, body } = await ask("/", { more: `Origin: ${origin}\r\n` });
    expect(status, origin).toBe(403);
    expect(body).toBe("The lab answers to its own page alone, and this request comes from another one.\n");
  }
  expect((await ask("/", { more: `Origin: http://localhost:${server.port}\r\n` })).status).toBe(200);
});

test.each([
  "/../secret.txt",
  "/..%2fsecret.txt",
  "/%2e%2e/secret.txt",
  "/assets/../../secret.txt",
  "/..\\secret.txt",
  "/..%5csecret.txt",
  "//secret.txt",
  "/assets//a.js",
  "/assets/%00a.js",
  "/%c0%ae%c0%ae/secret.txt",
  "/link.txt",
  "/.built",
  "/notes",
  "/assets",
  "/assets/",
  "/constructor",
  "/__proto__",
  `/${"%E2%82%AC".repeat(900)}`,
])("knows no file %s", async (path) => {
  const { status, body } = await ask(path);
  expect({ status, body }).toEqual({
    status: 404,
    body: "There is no such file in the lab; its page is at /\n",
  });
});

test("knows no absolute path of this computer, nor another server's", async () => {
  for (const path of [
    join(above, "secret.txt"),
    "/etc/passwd",
    `file://${above}/secret.txt`,
    "http://evil.example/",
  ]) {
    expect((await ask(path)).body, path).not.toContain("secret\n");
    expect((await ask(path)).status, path).toBe(404);
  }
});

test("does not answer what is not HTTP: NUL in the path, a head without end", async () => {
  expect((await ask("/assets/a.js\0.html")).body).toBe("");
  expect((await ask("/", { more: `X: ${"x".repeat(20_000)}\r\n` })).status).not.toBe(200);
});

test("those who begin to ask and do not go on are put out, so that they keep nobody else from asking", async () => {
  const held = Array.from({ length: 260 }, (_, i) => {
    const socket = connect(server.port, "127.0.0.1").on("error", () => {});
    if (i % 2 === 0) socket.write("GET / HT");
    return new Promise<void>((done) => socket.on("close", () => done()));
  });
  const began = performance.now();
  await Promise.all(held);
  expect(performance.now() - began).toBeLessThan(9000);
  expect(await ask("/")).toMatchObject({ status: 200 });
});

test.each(["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])("refuses %s", async (method) => {
  const { status, head, body } = await ask("/", { method });
  expect({ status, body }).toEqual({
    status: 405,
    body: "The lab only hands out files: ask with GET or HEAD.\n",
  });
  expect(head).toContain("Allow: GET, HEAD");
});

describe("talweg lab", () => {
  test("says where the page is, and ends with 0 on Ctrl-C", async () => {
    const { code, stdout, stderr } = await talweg(["lab", "--port", "0", "--json"], {
      onLine: (line, child) => {
        if (line.includes("listening")) child.kill("SIGINT");
      },
    });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const [first] = lines(stdout);
    expect(first).toMatchObject({ event: "listening", url: `http://localhost:${first?.port}/` });
    expect(last(stdout)).toMatchObject({
      event: "result",
      command: "lab",
      served: 0,
      refused: 0,
      seed: null,
    });
  });

  test("tells a person how to end it", async () => {
    const { code, stdout } = await talweg(["lab", "--port", "0"], {
      onLine: (line, child) => {
        if (line.includes("http://localhost:")) child.kill("SIGINT");
      },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^The lab is at http:\/\/localhost:\d+\/ {3}\(Ctrl-C ends it\)\n\nThe lab is closed.\n$/,
    );
  });

  test("refuses a given port that is taken, and one that is none", async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, "127.0.0.1", done));
    const { port } = taken.address() as { port: number };
    const { code, stderr } = await talweg(["lab", "--port", String(port)]);
    taken.close();
    expect(code).toBe(2);
    expect(stderr).toBe(
      `talweg: the port ${port} is taken by another program, expected a free one; leave --port out to have one found.\n`,
    );
    const wrong = await talweg(["lab", "--port", "70000"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('--port is "70000", expected a whole number from 0 to 65535');
  });
});
