// A place for a file of the reader's: it is dropped there or picked, and never leaves this computer.
import "./DropFile.css";
import { createSignal, createUniqueId, type JSX } from "solid-js";
import { TalwegError } from "talweg";

export interface DropFileProps {
  readonly name: string;
  readonly words: string;
  /** Endings and kinds, as an input takes them. */
  readonly accept: string;
  readonly class?: string;
  readonly onFile: (file: File) => void;
}

export function DropFile(props: DropFileProps): JSX.Element {
  const id = createUniqueId();
  const [over, setOver] = createSignal(false);
  const take = (file: File | undefined): void => {
    if (file !== undefined) props.onFile(file);
  };
  return (
    <label
      class={`drop ${props.class ?? ""}`}
      classList={{ "is-over": over() }}
      for={id}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files[0]);
      }}
    >
      <input
        id={id}
        class="unseen"
        type="file"
        accept={props.accept}
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          // The same file can be picked again after it was mended.
          event.currentTarget.value = "";
        }}
      />
      <span class="drop-name">{props.name}</span>
      <span class="drop-words">{props.words}</span>
    </label>
  );
}

/** Why a file could not be read, in words; only the library's own errors are written for readers. */
export const reasonOf = (error: unknown): string =>
  error instanceof TalwegError ? error.message : `The file cannot be read (${String(error)}).`;
