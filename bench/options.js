// The options of the command.
import { resolve } from "node:path";
import { parseArgs } from "node:util";

const USAGE = `npm --prefix bench start [-- OPTIONS]

Runs every workload against every contestant that is there, then how ours grows, and writes docs/bench.json, docs/bench.md,
docs/bench.svg and docs/bench-growth.svg.

  --only REGEX   the pairs "WORKLOAD CONTESTANT" that match, such as "W2b128 (talweg|PyTorch)" or "growth width"
  --rounds N     rounds of each contestant (7)
  --quick        tiny subsets and two rounds, to see that everything works; the figures mean nothing
  --out FOLDER   where the files go; without it a run with --quick or --only prints its table and writes nothing
  --help`;

/** What was asked for; ends the process where that is wrong or only help. */
export function readOptions() {
  const options = {
    only: { type: "string" },
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    out: { type: "string" },
    help: { type: "boolean", default: false },
  };
  try {
    const { values } = parseArgs({ options });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    return checked(values);
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function checked({ only, rounds, quick, out }) {
  const number = Number(rounds ?? (quick ? 2 : 7));
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new Error(`--rounds is ${rounds}, expected a whole number from 1.`);
  }
  // npm changes into bench/; paths mean the folder that it was called in.
  const from = process.env.INIT_CWD ?? process.cwd();
  return {
    only: only === undefined ? undefined : new RegExp(only),
    number,
    quick,
    out: out === undefined ? undefined : resolve(from, out),
  };
}
