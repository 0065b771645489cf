/** Files of Parquet made by hand, one column each, for what DuckDB does not write and what nobody should. */
import { readFileSync } from "node:fs";

/** A field of Thrift: [id, kind, value]; kinds 5 and 6 are whole numbers, 8 bytes, 9 lists of [kind, items], 12 structs, 1 and 2 true and false. */
export type Field = readonly [id: number, kind: number, value?: unknown];

export function parquetFile(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../reference/parquet/${name}.parquet`, import.meta.url)));
}

export function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let left = BigInt(value);
  while (left > 127n) {
    bytes.push(Number(left & 127n) | 128);
    left >>= 7n;
  }
  return [...bytes, Number(left)];
}

export function zigzag(value: number | bigint): number[] {
  const given = BigInt(value);
  return varint(given < 0n ? -given * 2n - 1n : given * 2n);
}

function item(kind: number, value: unknown): number[] {
  if (kind === 8) return [...varint((value as Uint8Array).length), ...(value as Uint8Array)];
  if (kind === 9) {
    const [inner, items] = value as [number, unknown[]];
    return [0xf0 | inner, ...varint(items.length), ...items.flatMap((one) => item(inner, one))];
  }
  return kind === 12 ? struct(value as Field[]) : zigzag(value as number);
}

export function struct(fields: readonly Field[]): number[] {
  const bytes = fields.flatMap(([id, kind, value]) => [
    kind,
    ...zigzag(id),
    ...(kind === 1 || kind === 2 ? [] : item(kind, value)),
  ]);
  return [...bytes, 0];
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Whole numbers, least byte first. */
export function little(size: number, ...values: (number | bigint)[]): number[] {
  return values.flatMap((value) =>
    Array.from({ length: size }, (_, b) => Number((BigInt(value) >> BigInt(8 * b)) & 255n)),
  );
}

export interface HandMade {
  /** By the number of `enum Type`. */
  type: number;
  width?: number;
  /** Further fields of the column, as its logical type. */
  schema?: Field[];
  values: number;
  encoding?: number;
  codec?: number;
  page: readonly number[];
  /** Of the page once it is unpacked. */
  size?: number;
  /** Values of the page, where they are to differ. */
  pageValues?: number;
  nullable?: boolean;
  dictionary?: { values: number; page: readonly number[] };
}

/** A file of one column "x" in one group of rows and one page. */
export function handMade(made: HandMade): Uint8Array {
  const { type, width, schema = [], values, encoding = 0, codec = 0, page, dictionary } = made;
  const first =
    dictionary === undefined
      ? []
      : pageOf(
          2,
          [
            [1, 5, dictionary.values],
            [2, 5, 0],
          ],
          dictionary.page,
          dictionary.page.length,
        );
  const header: Field[] = [
    [1, 5, made.pageValues ?? values],
    [2, 5, encoding],
    [3, 5, 3],
    [4, 5, 3],
  ];
  const second = pageOf(0, header, page, made.size ?? page.length);
  const meta: Field[] = [
    [1, 5, type],
    [2, 9, [5, [encoding]]],
    [3, 9, [8, [utf8("x")]]],
    [4, 5, codec],
    [5, 6, values],
    [6, 6, first.length + second.length],
    [7, 6, first.length + second.length],
    [9, 6, 4 + first.length],
    ...(dictionary === undefined ? [] : ([[11, 6, 4]] as Field[])),
  ];
  const column: Field[] = [
    [1, 5, type],
    ...(width === undefined ? [] : ([[2, 5, width]] as Field[])),
    [3, 5, made.nullable ? 1 : 0],
    [4, 8, utf8("x")],
    ...schema,
  ];
  return withFooter(
    [...first, ...second],
    [
      [1, 5, 1],
      [
        2,
        9,
        [
          12,
          [
            [
              [4, 8, utf8("root")],
              [5, 5, 1],
            ],
            column,
          ],
        ],
      ],
      [3, 6, values],
      [
        4,
        9,
        [
          12,
          [
            [
              [
                1,
                9,
                [
                  12,
                  [
                    [
                      [2, 6, 4],
                      [3, 12, meta],
                    ],
                  ],
                ],
              ],
              [2, 6, 0],
              [3, 6, values],
            ],
          ],
        ],
      ],
    ],
  );
}

function pageOf(kind: number, header: Field[], page: readonly number[], size: number): number[] {
  return [
    ...struct([
      [1, 5, kind],
      [2, 5, size],
      [3, 5, page.length],
      [kind === 2 ? 7 : 5, 12, header],
    ]),
    ...page,
  ];
}

export function withFooter(body: readonly number[], fields: readonly Field[] | Uint8Array): Uint8Array {
  const footer = fields instanceof Uint8Array ? [...fields] : struct(fields);
  return Uint8Array.from([...utf8("PAR1"), ...body, ...footer, ...little(4, footer.length), ...utf8("PAR1")]);
}
