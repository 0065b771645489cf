/** `talweg errata`: the errors of the source that show in numbers, as printed and as corrected. */
import { type Erratum, type ErratumId, type ErratumTable, errataIds, erratum } from "../explain/index.ts";
import type { CommandSpec } from "./command.ts";
import { short } from "./numbers.ts";
import { oneOf } from "./parse.ts";
import type { Terminal } from "./terminal.ts";
import { paragraph, textTable } from "./textTable.ts";

const HELP = `
Examples:
  talweg errata
  talweg errata M16`;

export const errataCommand: CommandSpec = {
  name: "errata",
  configure(command) {
    command
      .description(
        "Compute what the source prints beside what is right, where the difference shows in numbers.",
      )
      .argument("[id]", `${errataIds.join(", ")}; all where it is left out`)
      .addHelpText("after", HELP);
  },
  async run(operands, _flags, session) {
    const [asked] = operands;
    const ids: readonly ErratumId[] = asked === undefined ? errataIds : [oneOf("id", errataIds)(asked)];
    const errata = ids.map((id) => erratum(id));
    for (const [i, each] of errata.entries()) {
      if (i > 0) session.say("");
      for (const line of erratumText(each, session.out)) session.say(line);
    }
    const exitCode = errata.every(({ shown }) => shown.every(({ holds }) => holds)) ? 0 : 1;
    return { seed: null, fields: { errata }, exitCode };
  },
};

function erratumText({ id, section, printed, corrected, tables, shown }: Erratum, out: Terminal): string[] {
  const labelled = (name: string, text: string): string[] =>
    paragraph(text, out.columns() - 15).map((line, i) => `  ${(i === 0 ? name : "").padEnd(13)}${line}`);
  return [
    out.bold(`${id}, section ${section}`),
    ...labelled("as printed", printed),
    ...labelled("as corrected", corrected),
    ...tables.flatMap((table) => ["", ...tableText(table, out)]),
    "",
    ...shown.flatMap(({ statement, holds }) =>
      paragraph(statement, out.columns() - 4).map((line, i) => `${i > 0 ? " " : holds ? "✓" : "✗"} ${line}`),
    ),
  ];
}

function tableText({ title, columns, rows }: ErratumTable, out: Terminal): string[] {
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === "number" ? short(cell) : (cell ?? "–"))),
  );
  return [
    ...paragraph(title, out.columns() - 2).map((line) => `  ${line}`),
    ...textTable([columns, ...cells]),
  ];
}
