/** Says how a remedy of the library is typed on the command line. */
import { DataError, TalwegError } from "../core/index.ts";
import { shellWord } from "./outputs.ts";

const DROP = "{ drop: ";
const COMMA = "numbers have a point";
const EXCLUDE = "select * exclude";

/** What a message says, and what is typed for it. */
const remedies: readonly (readonly [string, string])[] = [
  [COMMA, `--sql "select * from read_csv('FILE', decimal_separator = ',')"`],
  [EXCLUDE, "--sql \"select * exclude (NAME) from 'FILE'\""],
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
  const found = remedies.filter(([said]) => message.includes(said));
  // Where numbers were read as texts, what helps with texts would only hide it.
  const typed = (found[0]?.[0] === COMMA ? found.slice(0, 1) : found).map(
    ([said, word]) => exactly(said, message) ?? word,
  );
  if (typed.length > 0 && !message.includes("On the command line"))
    error.message = `${message} On the command line: ${[...new Set(typed)].join(" or ")}.`;
  return error;
}

/** With the very columns and files that the message names, where it names some. */
function exactly(said: string, message: string): string | undefined {
  if (said === DROP) {
    const names = /\{ drop: (\["(?:[^"\\]|\\.)*"(?:,"(?:[^"\\]|\\.)*")*\]) \}/.exec(message)?.[1];
    return names === undefined ? undefined : `--drop ${shellWord((JSON.parse(names) as string[]).join(","))}`;
  }
  const query = said === EXCLUDE ? /\((select \* exclude .* from '.*')\)/.exec(message)?.[1] : undefined;
  // Names of letters need no quotes, which a shell would want escaped.
  return query === undefined ? undefined : `--sql ${shellWord(query.replace(/"([a-z_]\w*)"/gi, "$1"))}`;
}

/** What the work gives; where it says what "the table" is like, the name of the file stands before. */
export function inTable<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DataError && error.message.startsWith("the table "))
      error.message = `${name}: ${error.message}`;
    throw error;
  }
}

/** The same chunks, their errors in these words. */
export async function* chunksInWords<T>(chunks: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* chunks;
  } catch (error) {
    throw inWords(error);
  }
}
