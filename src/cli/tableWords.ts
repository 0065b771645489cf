/** Says how a remedy of the library is typed on the command line. */
import { TalwegError } from "../core/index.ts";
import { shellWord } from "./outputs.ts";

const DROP = "{ drop: ";

/** What a message says, and what is typed for it. */
const remedies: readonly (readonly [string, string])[] = [
  [DROP, "--drop NAME,NAME"],
  ["{ types: ", "--types NAME=TYPE"],
  ['ragged: "skip"', "--ragged skip"],
  ["list it as missing", "--missing WORD"],
  ["options.missing", "--missing WORD"],
];

/** The same error; where its remedy is an option of the library, the message also says what to type. */
export function inWords(error: unknown): unknown {
  if (!(error instanceof TalwegError)) return error;
  const { message } = error;
  const typed = remedies
    .filter(([said]) => message.includes(said))
    .map(([said, word]) => dropped(said, message) ?? word);
  if (typed.length > 0 && !message.includes("On the command line"))
    error.message = `${message} On the command line: ${[...new Set(typed)].join(" or ")}.`;
  return error;
}

/** The very columns that the message would drop. */
function dropped(said: string, message: string): string | undefined {
  const names =
    said === DROP
      ? /\{ drop: (\["(?:[^"\\]|\\.)*"(?:,"(?:[^"\\]|\\.)*")*\]) \}/.exec(message)?.[1]
      : undefined;
  return names === undefined ? undefined : `--drop ${shellWord((JSON.parse(names) as string[]).join(","))}`;
}

/** The same chunks, their errors in these words. */
export async function* chunksInWords<T>(chunks: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* chunks;
  } catch (error) {
    throw inWords(error);
  }
}
