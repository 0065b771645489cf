// The contestant's end of the line to the coordinator: JSON lines, one answer to each command. Times are taken in here, so that
// neither the pipe nor the coordinator counts.
import { createInterface } from "node:readline";

/**
 * Answers commands until "quit".
 *
 * @param contestant Has `prepare(task)`, which may give `{ version }`, and for each of the two kinds of work, `training` and
 *   `prediction`, the functions of rounds.js; one may be absent.
 */
export async function serve(contestant) {
  // Whatever a library prints must not come between the answers.
  for (const name of ["log", "info", "debug", "warn"]) console[name] = console.error;
  let task;
  let work;
  const commands = {
    async prepare(message) {
      task = message.task;
      const about = await contestant.prepare(task);
      work = task.kind === "curve" || task.kind === "classes" ? contestant.training : contestant.prediction;
      await work.prepare(task);
      return about;
    },
    check: () => work.check(task),
    round: ({ units }) => work.round(task, units),
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    if (message.command === "quit") break;
    let answer;
    try {
      answer = (await commands[message.command](message)) ?? {};
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
      console.error(error);
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  process.exit(0);
}
