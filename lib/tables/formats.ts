import { Readable } from "node:stream";
import type { ExportFormat } from "#lib/contract/enums.ts";
import { parquetBytes } from "#lib/tables/parquet.ts";
import type { Table } from "#lib/tables/table.ts";
import { csvBytes, jsonBytes, ndjsonBytes } from "#lib/tables/text.ts";
import { xlsxBytes } from "#lib/tables/xlsx.ts";

export const CONTENT_TYPES: Record<ExportFormat, string> = {
  json: "application/json",
  ndjson: "application/x-ndjson",
  csv: "text/csv; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  parquet: "application/vnd.apache.parquet",
};

const BYTES = { json: jsonBytes, ndjson: ndjsonBytes, csv: csvBytes, parquet: parquetBytes };

/** A table in a format, as bytes that are made while they are taken. */
export function render(table: Table, format: ExportFormat): ReadableStream<Uint8Array> {
  if (format === "xlsx") return xlsxBytes(table);
  return Readable.toWeb(Readable.from(BYTES[format](table), { objectMode: false })) as ReadableStream<Uint8Array>;
}
