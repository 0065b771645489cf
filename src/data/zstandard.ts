/**
 * Unpacks Zstandard, without dictionaries: frames of blocks, each with literals and with sequences of texts and copies.
 * Every step is bounded before it is done: damaged bytes end in a fault at once, never in long work or much memory.
 *
 * Source: RFC 8878 (2021), sections 3.1.1 (frames), 3.1.1.2 (blocks), 3.1.1.3 (literals, sequences), 3.1.1.5 (repeated
 * offsets), 3.1.2 (frames to skip) and 4.2.2 (Huffman streams). Checksums are skipped.
 */
import { ParquetFault } from "./parquetThrift.ts";
import {
  BackwardBits,
  constantTable,
  type FseTable,
  type HuffmanTable,
  readFseTable,
  readHuffmanTable,
  type SequencePart,
  sequenceParts,
} from "./zstandardTables.ts";

const LARGEST_BLOCK = 131_072;
/** Bits are counted in 31 bits, and nothing that unpacks to a page takes as many bytes. */
const LARGEST_INPUT = 268_435_455;

/** @throws {ParquetFault} When the bytes do not unpack to exactly `size`. */
export function unpackZstandard(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length > LARGEST_INPUT) throw new ParquetFault(`it has ${bytes.length} bytes, which is too many`);
  const unpacking = new Unpacking(bytes, size);
  do unpacking.frame();
  while (unpacking.at < bytes.length);
  if (unpacking.to !== size) throw new ParquetFault(`it unpacks to ${unpacking.to} bytes, expected ${size}`);
  return unpacking.out;
}

class Unpacking {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly out: Uint8Array;
  /** The next byte to read, and the next to write; where the output of the frame begins, and where that of the block must end. */
  at = 0;
  to = 0;
  #start = 0;
  #end = 0;
  /** Room for literals, and the literals of a block: the room or a part of the bytes. */
  readonly #room: Uint8Array;
  #literals: Uint8Array;
  /** What the next block of a frame can use again. */
  #huffman: HuffmanTable | undefined;
  #tables: (FseTable | undefined)[] = [];
  #offsets: [number, number, number] = [1, 4, 8];

  constructor(bytes: Uint8Array, size: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.out = new Uint8Array(size);
    this.#room = new Uint8Array(Math.min(size, LARGEST_BLOCK));
    this.#literals = this.#room;
  }

  /** A number of 0 to 8 bytes. */
  #number(count: number, to: number = this.#bytes.length): number {
    if (count > to - this.at) throw new ParquetFault("it is cut off");
    let value = 0;
    for (let b = count - 1; b >= 0; b--) value = value * 256 + (this.#bytes[this.at + b] as number);
    this.at += count;
    return value;
  }

  /** Skips bytes, and says where they began. */
  #skip(count: number, to: number = this.#bytes.length): number {
    if (count > to - this.at) throw new ParquetFault("it is cut off");
    this.at += count;
    return this.at - count;
  }

  frame(): void {
    const magic = this.#number(4);
    if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) {
      this.#skip(this.#number(4));
      return;
    }
    if (magic !== 0xfd2fb528) throw new ParquetFault("a frame in it does not begin as those of Zstandard");
    const flags = this.#number(1);
    if ((flags & 8) !== 0) throw new ParquetFault("a frame in it uses a bit that is reserved");
    const single = (flags & 32) !== 0;
    const descriptor = single ? 0 : this.#number(1);
    const dictionary = this.#number([0, 1, 2, 4][flags & 3] as number);
    if (dictionary !== 0) throw new ParquetFault(`it needs the dictionary ${dictionary}, expected none`);
    const width = [single ? 1 : 0, 2, 4, 8][flags >> 6] as number;
    const claimed = width === 0 ? undefined : this.#number(width) + (width === 2 ? 256 : 0);
    if (claimed !== undefined && claimed > this.out.length - this.to)
      throw new ParquetFault(`its frame has ${claimed} bytes, expected at most ${this.out.length - this.to}`);
    const window = single
      ? (claimed as number)
      : 1024 * powerOfTwo(descriptor >> 3) * (1 + (descriptor & 7) / 8);
    this.#start = this.to;
    this.#huffman = undefined;
    this.#tables = [];
    this.#offsets = [1, 4, 8];
    while (!this.#block(Math.min(window, LARGEST_BLOCK)));
    if ((flags & 4) !== 0) this.#skip(4);
    if (claimed !== undefined && claimed !== this.to - this.#start)
      throw new ParquetFault(`its frame has ${this.to - this.#start} bytes, expected ${claimed}`);
  }

  /** Whether the block is the last one of the frame. */
  #block(most: number): boolean {
    const head = this.#number(3);
    const kind = (head >> 1) & 3;
    const size = head >> 3;
    this.#end = this.to + Math.min(most, this.out.length - this.to);
    if (kind === 3) throw new ParquetFault("a block in it is of a kind that is reserved");
    if (size > most) throw new ParquetFault(`a block in it has ${size} bytes, expected at most ${most}`);
    if (kind === 2) {
      this.#skip(size);
      this.at -= size;
      this.#packedBlock(this.at + size);
    } else {
      if (size > this.#end - this.to) throw new ParquetFault("it unpacks to too many bytes");
      const from = this.#skip(kind === 0 ? size : 1);
      if (kind === 0) this.out.set(this.#bytes.subarray(from, from + size), this.to);
      else this.out.fill(this.#bytes[from] as number, this.to, this.to + size);
      this.to += size;
    }
    return (head & 1) !== 0;
  }

  /** Literals, then the sequences that place them (3.1.1.3). */
  #packedBlock(end: number): void {
    this.#readLiterals(end);
    const first = this.#number(1, end);
    let count = first;
    if (first === 255) count = this.#number(2, end) + 0x7f00;
    else if (first > 127) count = (first - 128) * 256 + this.#number(1, end);
    let used = 0;
    if (count > 0) {
      const modes = this.#number(1, end);
      if ((modes & 3) !== 0) throw new ParquetFault("a block in it uses bits that are reserved");
      const texts = this.#table(0, modes >> 6, end);
      const backs = this.#table(1, (modes >> 4) & 3, end);
      const copies = this.#table(2, (modes >> 2) & 3, end);
      used = this.#sequences(count, new BackwardBits(this.#view, this.at, end), texts, backs, copies);
    } else if (this.at !== end) throw new ParquetFault("a block in it has more bytes than it tells of");
    this.#text(used, this.#literals.length - used);
    this.at = end;
  }

  /** The head of the literals and what it announces (3.1.1.3.1). */
  #readLiterals(end: number): void {
    const head = this.#number(1, end);
    const kind = head & 3;
    const format = (head >> 2) & 3;
    let size = head >> 3;
    let packed = 0;
    if (kind < 2) {
      if ((format & 1) !== 0) size = (head >> 4) + this.#number(format === 1 ? 1 : 2, end) * 16;
    } else {
      const width = format < 2 ? 10 : format * 4 + 6;
      const rest = (head >> 4) + this.#number(format < 2 ? 2 : format + 1, end) * 16;
      size = rest % (1 << width);
      packed = Math.floor(rest / (1 << width));
    }
    if (size > this.#end - this.to) throw new ParquetFault("it unpacks to too many bytes");
    if (kind === 0) {
      const from = this.#skip(size, end);
      this.#literals = this.#bytes.subarray(from, from + size);
      return;
    }
    this.#literals = this.#room.subarray(0, size);
    if (kind === 1) this.#literals.fill(this.#number(1, end));
    else this.#huffmanLiterals(kind === 2, format === 0 ? 1 : 4, this.#skip(packed, end), this.at);
  }

  /** One stream, or four of which each but the last makes a quarter, rounded up (3.1.1.3.1.6). */
  #huffmanLiterals(described: boolean, streams: number, from: number, end: number): void {
    let at = from;
    if (described) {
      const { table, next } = readHuffmanTable(this.#bytes, this.#view, at, end);
      this.#huffman = table;
      at = next;
    }
    const table = this.#huffman;
    if (table === undefined) throw new ParquetFault("a block in it uses a Huffman code before there is one");
    const literals = this.#literals;
    if (streams === 1) {
      unpackHuffman(new BackwardBits(this.#view, at, end), this.#view, table, literals, 0, literals.length);
      return;
    }
    if (literals.length < 6 || end - at < 6) throw new ParquetFault("its Huffman streams are too short");
    const quarter = (literals.length + 3) >> 2;
    let begin = at + 6;
    for (let s = 0; s < 4; s++) {
      const stop = s === 3 ? end : begin + this.#view.getUint16(at + 2 * s, true);
      if (stop > end) throw new ParquetFault("a Huffman stream in it is cut off");
      const bits = new BackwardBits(this.#view, begin, stop);
      const last = s === 3 ? literals.length : (s + 1) * quarter;
      unpackHuffman(bits, this.#view, table, literals, s * quarter, last);
      begin = stop;
    }
  }

  /** The table of a part of the sequences, by its mode: fixed, one symbol, described, as before (3.1.1.3.2.1). */
  #table(index: number, mode: number, end: number): FseTable {
    const part = sequenceParts[index] as SequencePart;
    let table: FseTable | undefined = part.fixed;
    if (mode === 1) {
      const symbol = this.#number(1, end);
      if (symbol > part.mostSymbol) throw new ParquetFault(`a sequence in it has the symbol ${symbol}`);
      table = constantTable(symbol);
    } else if (mode === 2) {
      const read = readFseTable(this.#bytes, this.at, end, part.mostLog, part.mostSymbol);
      this.at = read.next;
      table = read.table;
    } else if (mode === 3) table = this.#tables[index];
    if (table === undefined) throw new ParquetFault("a block in it uses a code before there is one");
    this.#tables[index] = table;
    return table;
  }

  /** Writes the sequences and returns how many literals they used (3.1.1.3.2.1.2, 3.1.1.4). */
  #sequences(count: number, bits: BackwardBits, texts: FseTable, backs: FseTable, copies: FseTable): number {
    const [textPart, , copyPart] = sequenceParts;
    let text = bits.take(texts.log);
    let back = bits.take(backs.log);
    let copy = bits.take(copies.log);
    let used = 0;
    for (let left = count; ; ) {
      const textCell = texts.cells[text] as number;
      const backCell = backs.cells[back] as number;
      const copyCell = copies.cells[copy] as number;
      const width = backCell & 255;
      const high = width > 15 ? bits.take(width - 15) : 0;
      const value = (1 << width) + (width > 15 ? (high << 15) + bits.take(15) : bits.take(width));
      const copySymbol = copyCell & 255;
      const length = (copyPart.base[copySymbol] as number) + bits.take(copyPart.bits[copySymbol] as number);
      const textSymbol = textCell & 255;
      const run = (textPart.base[textSymbol] as number) + bits.take(textPart.bits[textSymbol] as number);
      this.#text(used, run);
      used += run;
      this.#copy(this.#offset(value, run), length);
      if (--left === 0) break;
      text = (textCell >>> 16) + bits.take((textCell >> 8) & 255);
      copy = (copyCell >>> 16) + bits.take((copyCell >> 8) & 255);
      back = (backCell >>> 16) + bits.take((backCell >> 8) & 255);
    }
    bits.finish();
    return used;
  }

  /** How far back a copy is: the values 1 to 3 stand for the last three, or with no literals for others (3.1.1.5). */
  #offset(value: number, run: number): number {
    const offsets = this.#offsets;
    const first = offsets[0];
    const index = value > 3 ? 3 : run === 0 ? value : value - 1;
    if (index === 0) return first;
    const offset = value > 3 ? value - 3 : index < 3 ? (offsets[index] as number) : first - 1;
    if (index > 1) offsets[2] = offsets[1];
    offsets[1] = first;
    offsets[0] = offset;
    return offset;
  }

  #text(from: number, length: number): void {
    if (length > this.#literals.length - from) throw new ParquetFault("a text in it is too long");
    if (length > this.#end - this.to) throw new ParquetFault("it unpacks to too many bytes");
    const { out, to } = this;
    const literals = this.#literals;
    if (length > 64) out.set(literals.subarray(from, from + length), to);
    else for (let n = 0; n < length; n++) out[to + n] = literals[from + n] as number;
    this.to = to + length;
  }

  /** A copy may overlap itself, and then repeats what it has written. */
  #copy(back: number, length: number): void {
    if (length > this.#end - this.to) throw new ParquetFault("it unpacks to too many bytes");
    if (back < 1 || back > this.to - this.#start)
      throw new ParquetFault("a copy in it is from before its start");
    const { out, to } = this;
    const from = to - back;
    if (length > 32 && back >= length) out.copyWithin(to, from, from + length);
    else for (let n = 0; n < length; n++) out[to + n] = out[from + n] as number;
    this.to = to + length;
  }
}

/** Fills a part of the literals with exactly what a stream has (4.2.2); 4 bytes have room for two symbols of at most 11 bits. */
function unpackHuffman(
  bits: BackwardBits,
  view: DataView,
  { log, cells }: HuffmanTable,
  out: Uint8Array,
  from: number,
  to: number,
): void {
  const mask = (1 << log) - 1;
  const { start } = bits;
  let { bit } = bits;
  let at = from;
  while (at < to && bit > start) {
    const byte = ((bit + 7) >> 3) - 4;
    const word = view.getInt32(byte, true);
    let top = bit - byte * 8;
    const one = cells[(word >>> (top - log)) & mask] as number;
    out[at++] = one;
    top -= one >> 8;
    if (at < to) {
      const two = cells[(word >>> (top - log)) & mask] as number;
      out[at++] = two;
      top -= two >> 8;
    }
    bit = byte * 8 + top;
  }
  if (at < to || bit !== start) throw new ParquetFault("a Huffman stream in it does not end where it should");
}

/** For exponents up to 60, where a shift ends at 30. */
function powerOfTwo(exponent: number): number {
  const half = exponent >> 1;
  return (1 << half) * (1 << (exponent - half));
}
