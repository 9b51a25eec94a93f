import { pipeline, Readable } from "node:stream";
import { stringify } from "csv-stringify";
import { writeXlsxStream } from "hucre/xlsx";
import type { Cell, ColumnKind, Format, Table } from "#lib/export/table.ts";

export const CONTENT_TYPES: Record<Format, string> = {
  json: "application/json",
  ndjson: "application/x-ndjson",
  csv: "text/csv; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** A worksheet's last row, less its header. */
export const EXCEL_ROWS = 1_048_575;

/** So much text at once: a chunk a row would cost more than the row. */
const CHUNK = 64 * 1024;

const plain = (cell: Cell) => (cell instanceof Date ? cell.toISOString() : cell);

/** JSON lines, or one array of objects. */
async function* jsonText({ columns, rows }: Table, lines: boolean): AsyncGenerator<string> {
  const keys = columns.map(({ key }) => JSON.stringify(key));
  let [text, first] = [lines ? "" : "[\n", true];
  for await (const row of rows) {
    const object = `{${row.map((cell, n) => `${keys[n]}:${JSON.stringify(plain(cell))}`).join(",")}}`;
    text += lines ? `${object}\n` : `${first ? "" : ",\n"}${object}`;
    first = false;
    if (text.length >= CHUNK) {
      yield text;
      text = "";
    }
  }
  yield lines ? text : `${text}\n]\n`;
}

/**
 * A text that a spreadsheet would take for a formula is led by an apostrophe (OWASP, CSV injection). Numbers are no texts: a minus
 * stays one.
 */
export const disarmed = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** RFC 4180 with CRLF, and a mark of UTF-8 that Excel needs. */
function csv({ columns, rows }: Table): ReadableStream<Uint8Array> {
  const cells = async function* () {
    for await (const row of rows)
      yield row.map((cell) => {
        const value = plain(cell);
        return typeof value === "string" && !(cell instanceof Date) ? disarmed(value) : value;
      });
  };
  const writer = stringify({
    bom: true,
    header: true,
    columns: columns.map(({ title }) => title),
    record_delimiter: "windows",
    quoted_match: /[\r\n]/,
  });
  // A reader that goes away ends the reading too: pipe alone would leave it open. What fails, fails at the writer's own end.
  pipeline(Readable.from(cells()), writer, () => undefined);
  return Readable.toWeb(writer) as ReadableStream<Uint8Array>;
}

const NUMBER_FORMATS: Record<ColumnKind, string | undefined> = {
  text: undefined,
  number: "#,##0.######",
  time: "yyyy-mm-dd hh:mm:ss",
  share: "0.0%",
};

const WIDTHS: Record<ColumnKind, number> = { text: 32, number: 16, time: 20, share: 12 };

/** One worksheet of typed cells under a frozen header. */
function xlsx({ name, columns, rows }: Table): ReadableStream<Uint8Array> {
  const described = columns.map(({ title, kind }) => {
    const numFmt = NUMBER_FORMATS[kind];
    return { header: title, width: WIDTHS[kind], ...(numFmt ? { numFmt } : {}) };
  });
  return writeXlsxStream(rows, { name: name.slice(0, 31), columns: described, freezePane: { rows: 1 } });
}

async function* encoded(text: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const part of text) if (part !== "") yield encoder.encode(part);
}

/** A table in a format, as bytes that are made while they are taken. */
export function render(table: Table, format: Format): ReadableStream<Uint8Array> {
  if (format === "csv") return csv(table);
  if (format === "xlsx") return xlsx(table);
  return Readable.toWeb(Readable.from(encoded(jsonText(table, format === "ndjson")))) as ReadableStream<Uint8Array>;
}
