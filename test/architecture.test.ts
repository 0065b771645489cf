/** The house as ARCHITECTURE.md has it: who may import whom, what a folder may be called, how long a file may be. */
import { existsSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, test } from "vitest";
import { codeOf, filesBelow, importsOf, read, root, segments } from "./sourceText.ts";

const sources = filesBelow("src");
const typescript = sources.filter((path) => path.endsWith(".ts"));
const rooms = readdirSync(join(root, "src"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The lines of the table under "Allowed imports" in ARCHITECTURE.md, whether that line heads the fence or the block. */
function tableLines(): string[] {
  const lines = read("ARCHITECTURE.md").split("\n");
  const head = lines.findIndex((line) => /allowed imports/i.test(line));
  const fences = [...lines.keys()].filter((i) => lines[i]!.startsWith("```"));
  const inside = fences.filter((i) => i < head).length % 2 === 1;
  const after = fences.filter((i) => i > head);
  const [from, to] = inside ? [head, after[0]] : [after[0], after[1]];
  if (head < 0 || from === undefined || to === undefined) return [];
  return lines.slice(from + 1, to).filter((line) => line.trim() !== "" && !line.startsWith("#"));
}

/** Who may import whom, by room; "index.ts" is src/index.ts. */
const table = new Map(
  tableLines().map((line) => {
    const [room = "", ...others] = line.trim().split(/\s+/);
    return [room, others.filter((other) => other !== "-")];
  }),
);

/** The rooms of the sentence "`node:*` belongs to … alone". */
const nodeRooms: readonly string[] = [
  ...(/`node:\*` belongs to (.*?) alone/s.exec(read("ARCHITECTURE.md"))?.[1] ?? "").matchAll(/`(\w+)`/g),
].map(([, room]) => room!);

/** The room of a path from the top of the project, or "index.ts" for src/index.ts. */
function roomOf(path: string): string {
  return path.split("/")[1]!;
}

test("ARCHITECTURE.md has a line for every folder of src and for index.ts, and names nothing else", () => {
  expect([...table.keys()].sort()).toEqual([...rooms, "index.ts"].sort());
  for (const [name, others] of table) {
    for (const room of others) expect(rooms, `${name} may import ${room}`).toContain(room);
  }
});

test("only node and cli may import node:*, and core imports nothing", () => {
  expect(nodeRooms).toEqual(["node", "cli"]);
  expect(table.get("core")).toEqual([]);
});

test("the walls stand: optim does not know network, and linesearch knows core alone", () => {
  expect(table.get("optim")).not.toContain("network");
  expect(table.get("linesearch")).toEqual(["core"]);
});

test("no room imports itself round about: the table has no ring", () => {
  const reach = (from: string, seen: Set<string>): Set<string> => {
    for (const next of table.get(from) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      reach(next, seen);
    }
    return seen;
  };
  for (const room of rooms) expect([...reach(room, new Set())], room).not.toContain(room);
});

describe.each(typescript)("%s", (path) => {
  const room = roomOf(path);
  const imports = importsOf(read(path));

  test("imports what its room may, through index.ts", () => {
    for (const specifier of imports.filter((s) => s.startsWith("."))) {
      const target = posix.join(posix.dirname(path), specifier);
      expect(existsSync(join(root, target)), `${specifier} is a file`).toBe(true);
      expect(target.startsWith("src/"), `${specifier} lies in src`).toBe(true);
      const other = roomOf(target);
      if (other === room) {
        expect(posix.basename(target), `${specifier}: inside of a room, import the file itself`).not.toBe(
          "index.ts",
        );
        continue;
      }
      expect(table.get(room) ?? [], `${room} imports ${other}`).toContain(other);
      expect(posix.basename(target), `${specifier}: from another room, import its index.ts`).toBe("index.ts");
    }
  });

  test("imports node:* and packages only where it may", () => {
    const bare = imports.filter((s) => !s.startsWith("."));
    if (!nodeRooms.includes(room)) expect(bare.filter((s) => s.startsWith("node:"))).toEqual([]);
    expect(bare.filter((s) => s.startsWith("talweg"))).toEqual([]);
    // Figures draw with optional peers, and packed columns of Parquet need one; node and cli may ask for others by name.
    const peers = path === "src/data/parquetCodecs.ts" ? ["hyparquet-compressors"] : [];
    if (!["plot", "node", "cli"].includes(room)) expect([...new Set(bare)]).toEqual(peers);
  });

  test("lies at most two levels deep, in a folder that is not a drawer", () => {
    expect(path.split("/").length).toBeLessThanOrEqual(3);
    for (const folder of path.split("/").slice(0, -1)) {
      expect(["utils", "util", "helpers", "helper", "common", "misc", "shared", "lib"]).not.toContain(folder);
    }
  });

  if (path.endsWith("index.ts")) {
    test("only exports", () => {
      const code = segments(read(path))
        .filter(({ kind }) => kind !== "comment")
        .map(({ text }) => text)
        .join("");
      expect(code).toMatch(/^(\s*export (type )?(\{[^{}]*\}|\*( as \w+)?) from "[^"]+";)+\s*$/);
    });
  }
});

test("every sub-path that package.json exports is a room with an index.ts", () => {
  const { exports } = JSON.parse(read("package.json")) as { exports: Record<string, { source?: string }> };
  const entries = Object.entries(exports).filter(([name]) => name !== "./package.json");
  for (const [name, { source }] of entries) {
    expect(source).toBe(name === "." ? "./src/index.ts" : `./src/${name.slice(2)}/index.ts`);
    expect(existsSync(join(root, source!)), source).toBe(true);
  }
});

const written = ["src", "test", "tools", "bin"].flatMap((folder) =>
  filesBelow(folder).filter((path) => /\.(?:[cm]?[jt]s|py)$/.test(path)),
);

test("no file of code is longer than 400 lines, save tables that say so in their first line", () => {
  const long = written.filter((path) => {
    const lines = read(path).trimEnd().split("\n");
    return lines.length > 400 && !/\b(?:generated|table)\b/i.test(lines[0]!);
  });
  expect(long).toEqual([]);
});

test("tests import the library by its public names, and kernels and core directly", () => {
  const deep = filesBelow("test")
    .filter((path) => path.endsWith(".ts"))
    .flatMap((path) =>
      importsOf(read(path))
        .filter((s) => s.startsWith("."))
        .map((s) => posix.join(posix.dirname(path), s))
        .filter((target) => target.startsWith("src/") && !/^src\/(?:core|kernels)\//.test(target))
        // The page's server is no public name, and a command in a process of its own for each file of tests would cost seconds.
        .filter((target) => !(path.startsWith("test/lab/") && target === "src/cli/labServer.ts"))
        // Frames of any size and damage cannot be given through a table of Parquet, whose pages hold whole values.
        .filter((target) => !(path === "test/data/zstandard.test.ts" && /zstandard|Thrift/.test(target)))
        .map((target) => `${path} imports ${target}`),
    );
  expect(deep).toEqual([]);
});

test("examples, lab and bench import the library by its public names only", () => {
  const deep = ["examples", "lab", "bench"]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => filesBelow(folder).filter((path) => /\.[cm]?[jt]s$/.test(path)))
    .flatMap((path) =>
      importsOf(read(path)).map((s) => ({ path, target: posix.join(posix.dirname(path), s), s })),
    )
    .filter(({ target, s }) => s.startsWith(".") && /^(?:src|dist)\//.test(target));
  expect(deep).toEqual([]);
});

describe("the reader of sources", () => {
  test("finds imports of every form, and none in comments or strings", () => {
    const source = [
      'import "./a.ts";',
      'import { type B, b } from "./b.ts";',
      'export * from "./c.ts";',
      'const d = await import("./d.ts");',
      'type E = typeof import("e");',
      '// import "./no.ts";',
      '/* from "./no.ts" */',
      "const text = 'import \"./no.ts\"';",
      "const other = `$" + "{from}./no.ts`;",
      'import {\n  f,\n} from // why\n  "./f.ts";',
    ].join("\n");
    expect(importsOf(source)).toEqual(["./a.ts", "./b.ts", "./c.ts", "./d.ts", "e", "./f.ts"]);
  });

  test("leaves code and takes comments, strings, templates and regular expressions out", () => {
    expect(codeOf('a /* ** */ + "**" // **\n+ b').replaceAll(/\s+/g, " ")).toBe("a + + b");
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is source text to read.
    expect(codeOf("`x ** ${y ** `${z}` } **` + 1").replaceAll(/\s+/g, "")).toBe("y**z+1");
    expect(codeOf("const r = /\\/[/*]**\\//g; c / d / e").replaceAll(/\s+/g, "")).toBe("constr=;c/d/e");
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is source text to read.
    expect(codeOf("`${ { a: { b: 1 } }.a } `; 'it\\'s' + q").replaceAll(/\s+/g, "")).toBe("{a:{b:1}}.a;+q");
  });
});
