export { cellText, isMissing } from "./cells.ts";
export { checkPreprocessing } from "./checkPreprocessing.ts";
export { summarizeColumns, type TableSummarizer, tableSummarizer } from "./columnSummary.ts";
export type {
  ColumnFacts,
  ColumnKind,
  ColumnSummary,
  ColumnType,
  SeenCell,
  Spread,
  TableSummary,
} from "./columnTypes.ts";
export { type CsvOptions, csvChunks, readCsv } from "./csv.ts";
export { type CsvWriteOptions, toCsv } from "./csvWrite.ts";
export { parabola, sine } from "./curves.ts";
export { type DecodedRow, decodeOutputs } from "./decodeOutputs.ts";
export { type ColumnDescription, describePreprocessing } from "./describePreprocessing.ts";
export { type DigitImage, type DigitImageOptions, digitImage, type GrayImage } from "./digitImage.ts";
export { type EncodedRows, type EncodeOptions, encodeRows, type RefusedRow } from "./encodeRows.ts";
export { fitPreprocessing, type PreprocessingOptions } from "./fitPreprocessing.ts";
export type { ClassWeights } from "./fitTarget.ts";
export { type IdxArray, type IdxKind, type IdxValues, readIdx } from "./idx.ts";
export { type ImagesOptions, imagesDataset } from "./images.ts";
export { isoDate, isoTime, isoTimestamp } from "./isoText.ts";
export { type JsonLinesOptions, jsonLinesChunks, readJsonLines } from "./jsonLines.ts";
export { missingWords } from "./missingWords.ts";
export { type DataName, dataNames, datasetByName, type SmallDataName, smallDataNames } from "./names.ts";
export { type CurveOptions, type Part, requirePart, type SetOptions } from "./options.ts";
export { type ParquetOptions, parquetChunks, readParquet } from "./parquet.ts";
export type { ParquetSource } from "./parquetSource.ts";
export { circle, moons, spirals, xor } from "./points.ts";
export { type ColumnInputs, columnInputs, inputWidth, outputCount } from "./preprocessingLayout.ts";
export type { InputColumn, Preprocessing, TargetColumn } from "./preprocessingTypes.ts";
export { selectRows, splitRows } from "./split.ts";
export { collectTable } from "./tableBuilder.ts";
export { selectTable, splitTable, type TableDataset, tableDataset } from "./tableDataset.ts";
export { own, type TableNote } from "./tableLimits.ts";
export type { Table, TableChunk, Value } from "./tableTypes.ts";
export type { ByteSource } from "./textSource.ts";
export { toDataset, validateDataset } from "./validate.ts";
