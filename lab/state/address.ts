/**
 * A setting as the fragment of an address, and back.
 *
 * It is packed as `packing.ts` does it. Of the fields only those are written that differ from a plain setting, so that most links
 * are short.
 */
import { FormatError } from "talweg";
import { checkSetting } from "./checkSetting.ts";
import { pack, unpack } from "./packing.ts";
import { blankSetting } from "./presets.ts";
import type { Setting } from "./types.ts";

type Plain = Record<string, unknown>;

/** The fragment without "#": compact, the same for the same setting. */
export async function toAddress(setting: Setting): Promise<string> {
  return pack(new TextEncoder().encode(JSON.stringify(difference(setting, blankSetting))));
}

/**
 * @param fragment With or without "#".
 * @throws {FormatError} When it is damaged, too long or of another version.
 * @throws {TalwegError} When what it says cannot be; see `checkSetting`.
 */
export async function fromAddress(fragment: string): Promise<Setting> {
  const given = parse(await unpack(fragment.replace(/^#/, "")));
  return checkSetting(merged(blankSetting, given));
}

function parse(bytes: Uint8Array): Plain {
  let given: unknown;
  try {
    given = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new FormatError("link: what is in it is not the text of a setting; copy the whole of it again.");
  }
  if (isPlain(given)) return given;
  throw new FormatError("link: what is in it is no setting; copy the whole of it again.");
}

/** The fields in which a setting is another than `base`, objects within it likewise. */
function difference(setting: object, base: object): Plain {
  const out: Plain = {};
  for (const [name, value] of Object.entries(setting)) {
    const other = (base as Plain)[name];
    if (JSON.stringify(value) === JSON.stringify(other)) continue;
    out[name] = isPlain(value) && isPlain(other) ? difference(value, other) : value;
  }
  return out;
}

/** `base` with the fields that were given. */
function merged(base: object, given: Plain): Plain {
  const out: Plain = Object.assign(Object.create(null), base);
  for (const [name, value] of Object.entries(given)) {
    const other = out[name];
    out[name] = isPlain(value) && isPlain(other) ? merged(other, value) : value;
  }
  return out;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
