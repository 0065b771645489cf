/**
 * What Zstandard reads its blocks with: streams of bits that are read from their end, and the tables of its two codes,
 * FSE (finite states whose transitions take bits) and Huffman.
 *
 * Source: RFC 8878 (2021), sections 4.1 (FSE), 4.2 (Huffman) and, for the fixed distributions, 3.1.1.3.2.2 and appendix A.
 */
import { ParquetFault } from "./parquetThrift.ts";

/** A stream of bits from its end to its beginning; the highest bit that is set in its last byte marks its end (4.1). At least 4 bytes stand before it. */
export class BackwardBits {
  readonly #view: DataView;
  /** The bit at which the stream begins, and the one up to which it is not yet read. */
  readonly start: number;
  bit: number;

  constructor(view: DataView, from: number, to: number) {
    const last = to > from ? view.getUint8(to - 1) : 0;
    if (last === 0) throw new ParquetFault("a stream of bits in it has no end");
    this.#view = view;
    this.start = from * 8;
    this.bit = to * 8 + 23 - Math.clz32(last);
  }

  /** The next bits, at most 25. @throws {ParquetFault} When the stream has fewer. */
  take(count: number): number {
    const from = ((this.bit + 7) >> 3) - 4;
    const rest = this.bit - count;
    if (rest < this.start) throw new ParquetFault("a stream of bits in it is too short");
    this.bit = rest;
    return (this.#view.getInt32(from, true) >>> (rest - from * 8)) & ((1 << count) - 1);
  }

  /** @throws {ParquetFault} When bits are left. */
  finish(): void {
    if (this.bit !== this.start) throw new ParquetFault("a stream of bits in it is too long");
  }
}

/** The states of an FSE code: symbol, bits of the transition shifted by 8, and the state that they are added to, shifted by 16. */
export interface FseTable {
  readonly log: number;
  readonly cells: Uint32Array;
}

/** The table of a symbol that takes no bits (3.1.1.3.2.1, RLE_Mode). */
export const constantTable = (symbol: number): FseTable => ({ log: 0, cells: Uint32Array.of(symbol) });

/** The table of the shares of all symbols in 2^log; a share of -1 is one state that takes all bits (4.1.1). */
function fseTable(log: number, shares: readonly number[]): FseTable {
  const size = 1 << log;
  const cells = new Uint32Array(size);
  const next = new Uint16Array(shares.length);
  let high = size;
  for (let s = 0; s < shares.length; s++) {
    if (shares[s] === -1) cells[--high] = s;
    next[s] = Math.abs(shares[s] as number);
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  for (let s = 0; s < shares.length; s++) {
    for (let n = shares[s] as number; n > 0; n--) {
      cells[at] = s;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  }
  for (let state = 0; state < size; state++) {
    const symbol = cells[state] as number;
    const number = next[symbol] as number;
    next[symbol] = number + 1;
    const bits = log - 31 + Math.clz32(number);
    cells[state] = symbol | (bits << 8) | (((number << bits) - size) << 16);
  }
  return { log, cells };
}

/** A table that is described in the bytes, and where its description ends (4.1.1). */
export function readFseTable(
  bytes: Uint8Array,
  from: number,
  to: number,
  mostLog: number,
  mostSymbol: number,
): { readonly table: FseTable; readonly next: number } {
  let bit = from * 8;
  const peek = (count: number): number => {
    const byte = bit >> 3;
    const word = (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8) | ((bytes[byte + 2] ?? 0) << 16);
    return (word >> (bit & 7)) & ((1 << count) - 1);
  };
  const log = peek(4) + 5;
  bit += 4;
  if (log > mostLog)
    throw new ParquetFault(`a code in it has 2^${log} states, expected at most 2^${mostLog}`);
  const shares: number[] = [];
  for (let left = 1 << log; left > 0; ) {
    // A value up to left + 1; the lowest values take one bit less than the others.
    const width = 32 - Math.clz32(left + 1);
    const short = (1 << width) - 2 - left;
    const low = peek(width - 1);
    const whole = peek(width);
    const value = low < short ? low : whole < 1 << (width - 1) ? whole : whole - short;
    bit += low < short ? width - 1 : width;
    shares.push(value - 1);
    left -= Math.abs(value - 1);
    for (let more = value === 1 ? 3 : 0; more === 3; ) {
      more = peek(2);
      bit += 2;
      for (let zero = 0; zero < more; zero++) shares.push(0);
      if (bit > to * 8) break;
    }
    if (bit > to * 8 || shares.length > mostSymbol + 1)
      throw new ParquetFault("the description of a code in it is too long");
  }
  return { table: fseTable(log, shares), next: (bit + 7) >> 3 };
}

/** A Huffman code: for all starts of `log` bits the symbol and, shifted by 8, the bits that it takes. */
export interface HuffmanTable {
  readonly log: number;
  readonly cells: Uint16Array;
}

/** A Huffman code that is described in the bytes, and where its description ends (4.2.1). */
export function readHuffmanTable(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  to: number,
): { readonly table: HuffmanTable; readonly next: number } {
  const head = bytes[from] ?? 0;
  const next = from + 1 + (head < 128 ? head : (head - 126) >> 1);
  if (from >= to || next > to) throw new ParquetFault("the description of its Huffman code is cut off");
  let weights: number[] = [];
  if (head < 128) weights = packedWeights(bytes, view, from + 1, next);
  else
    for (let w = 0; w < head - 127; w++)
      weights.push(((bytes[from + 1 + (w >> 1)] as number) >> (w % 2 === 0 ? 4 : 0)) & 15);
  return { table: huffmanTable(weights), next };
}

/** Weights that are packed by an FSE code with two states in turns, until the bits end (4.2.1.2). */
function packedWeights(bytes: Uint8Array, view: DataView, from: number, to: number): number[] {
  const { table, next } = readFseTable(bytes, from, to, 6, 11);
  const bits = new BackwardBits(view, next, to);
  let state = bits.take(table.log);
  let other = bits.take(table.log);
  const weights: number[] = [];
  while (weights.length < 254) {
    const cell = table.cells[state] as number;
    weights.push(cell & 255);
    const count = (cell >> 8) & 255;
    if (bits.bit - count < bits.start) {
      weights.push((table.cells[other] as number) & 255);
      return weights;
    }
    state = other;
    other = (cell >>> 16) + bits.take(count);
  }
  throw new ParquetFault("its Huffman code has too many weights");
}

/** The code of all weights but the last, which follows from the others: the shares 2^(weight - 1) make 2^log (4.2.1, 4.2.1.3). */
function huffmanTable(weights: number[]): HuffmanTable {
  let sum = 0;
  for (const weight of weights) sum += (1 << weight) >> 1;
  const log = 32 - Math.clz32(sum);
  const left = (1 << log) - sum;
  if (sum === 0 || log > 11 || (left & (left - 1)) !== 0)
    throw new ParquetFault("the weights of its Huffman code are wrong");
  weights.push(32 - Math.clz32(left));
  const cells = new Uint16Array(1 << log);
  let at = 0;
  for (let weight = 1; weight <= log; weight++) {
    for (let symbol = 0; symbol < weights.length; symbol++) {
      if (weights[symbol] !== weight) continue;
      const end = at + (1 << (weight - 1));
      cells.fill(symbol | ((log + 1 - weight) << 8), at, end);
      at = end;
    }
  }
  return { log, cells };
}

/** A kind of number in the sequences: its fixed code, the limits of codes in the bytes, and the bits and base of all symbols. */
export interface SequencePart {
  readonly fixed: FseTable;
  readonly mostLog: number;
  readonly mostSymbol: number;
  readonly bits: Uint8Array;
  readonly base: Uint32Array;
}

/** Symbols from `first` on, one number each, then with as many bits as told: each begins where the one before it ends (3.1.1.3.2.1.1). */
function part(first: number, plain: number, more: string, mostLog: number, fixed: FseTable): SequencePart {
  const bits = Uint8Array.from([...new Array<number>(plain).fill(0), ...more.split(" ").map(Number)]);
  const base = new Uint32Array(bits.length);
  let next = first;
  for (let s = 0; s < base.length; next += 1 << (bits[s] as number), s++) base[s] = next;
  return { fixed, mostLog, mostSymbol: bits.length - 1, bits, base };
}

const shares = (text: string): number[] => text.split(" ").map(Number);

/** How many literals, from how far back, and how long: in the order in which their codes stand in a block. */
export const sequenceParts: readonly [SequencePart, SequencePart, SequencePart] = [
  part(
    0,
    16,
    "1 1 1 1 2 2 3 3 4 6 7 8 9 10 11 12 13 14 15 16",
    9,
    fseTable(6, shares("4 3 2 2 2 2 2 2 2 2 2 2 2 1 1 1 2 2 2 2 2 2 2 2 2 3 2 1 1 1 1 1 -1 -1 -1 -1")),
  ),
  part(
    1,
    1,
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30",
    8,
    fseTable(5, shares("1 1 1 1 1 1 2 2 2 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 -1 -1 -1 -1 -1")),
  ),
  part(
    3,
    32,
    "1 1 1 1 2 2 3 3 4 4 5 7 8 9 10 11 12 13 14 15 16",
    9,
    fseTable(6, [
      ...shares("1 4 3 2 2 2 2 2 2"),
      ...new Array<number>(37).fill(1),
      ...new Array<number>(7).fill(-1),
    ]),
  ),
];
