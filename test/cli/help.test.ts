import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { talweg } from "./command.ts";

const commands = [
  "train",
  "resume",
  "runs",
  "evaluate",
  "predict",
  "inspect",
  "export",
  "explain",
  "minimize",
  "linesearch",
  "converge",
  "reproduce",
  "errata",
  "experiment",
  "activations",
  "doctor",
  "gradcheck",
  "lab",
];

test("talweg --help names every command and the exit codes", async () => {
  const { code, stdout, stderr } = await talweg(["--help"]);
  expect(code).toBe(0);
  expect(stderr).toBe("");
  for (const name of commands) expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  expect(stdout).toContain("0 done, 1 failed, 2 wrong usage, 130 and 143 after Ctrl-C and SIGTERM");
});

test.each(commands)("talweg %s --help explains the command, --seed and --json", async (name) => {
  const { code, stdout, stderr } = await talweg([name, "--help"]);
  expect(code).toBe(0);
  expect(stderr).toBe("");
  expect(stdout).toMatch(new RegExp(`^Usage: talweg ${name} `));
  for (const option of ["--seed <number>", "--json", "--quiet", "--help"]) expect(stdout).toContain(option);
  expect((await talweg(["help", name])).stdout).toBe(stdout);
});

test("every field of the training options is an option of talweg train", async () => {
  const { stdout } = await talweg(["train", "--help"]);
  const fields =
    "loss optimizer epochs batch-size seed no-shuffle validation patience penalty clip-norm clip-value metrics threads " +
    "kernels resume run runs log-every checkpoint-every checkpoint-seconds learning-rate schedule warmup schedule-end schedule-factor schedule-every init " +
    "dropout precision interval rows noise growth c1 shrink decay weight-decay momentum " +
    "stop-steps stop-loss stop-gradient-norm stop-plateau stop-evaluations stop-seconds out plot layers activation";
  for (const field of fields.split(" ")) expect(stdout).toMatch(new RegExp(`^  --${field}\\b`, "m"));
});

test("the options of talweg train stand in groups, those of tables first", async () => {
  const { stdout } = await talweg(["train", "--help"]);
  const headings = [...stdout.matchAll(/^([A-Z][a-z ]+):$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual([
    "Arguments",
    "Options",
    "Tables",
    "Data",
    "Network",
    "Training",
    "Optimizer",
    "Machine",
    "Files and runs",
    "Examples",
  ]);
  const groupOf = (option: string): string | undefined =>
    headings[
      headings.filter((heading) => stdout.indexOf(`\n${heading}:`) < stdout.indexOf(`\n  ${option} `))
        .length - 1
    ];
  const groups = [
    "--target",
    "--class-weights",
    "--sql",
    "--rows",
    "--layers",
    "--patience",
    "--optimizer",
    "--out",
  ].map(groupOf);
  expect(groups).toEqual([
    "Tables",
    "Tables",
    "Tables",
    "Data",
    "Network",
    "Training",
    "Optimizer",
    "Files and runs",
  ]);
  expect(groupOf("-h, --help")).toBe("Options");
});

test("talweg --version is the version of the package", async () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  expect(await talweg(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});
