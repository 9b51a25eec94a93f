import { stringify } from "csv-stringify/sync";
import type { Cell, Column, Table } from "#lib/tables/table.ts";

/** So much text at once: a chunk a row would cost more than the row. */
const CHUNK = 64 * 1024;
const REMEMBERED = 10_000;

/** Writes cells; texts repeat from row to row, and so do times, hence each is written once. */
function cellWriter(writeText: (text: string) => string, none: string): (cell: Cell) => string {
  const remembered = new Map<string, string>();
  const textOf = (text: string) => {
    const found = remembered.get(text);
    if (found !== undefined) return found;
    if (remembered.size >= REMEMBERED) remembered.clear();
    const written = writeText(text);
    remembered.set(text, written);
    return written;
  };
  let [at, atText] = [Number.NaN, ""];
  return (cell) => {
    if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : none;
    if (cell === null) return none;
    if (typeof cell === "string") return textOf(cell);
    if (cell.getTime() !== at) [at, atText] = [cell.getTime(), writeText(cell.toISOString())];
    return atText;
  };
}

/** Lines of rows between a head and a tail, so much at once. */
export async function* linesBytes(
  rows: Table["rows"],
  line: (row: Cell[]) => string,
  [head, tail]: [string, string] = ["", ""],
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = head;
  for await (const batch of rows) {
    for (const row of batch) {
      text += line(row);
      if (text.length < CHUNK) continue;
      yield encoder.encode(text);
      text = "";
    }
  }
  text += tail;
  if (text !== "") yield encoder.encode(text);
}

function objectWriter(columns: Column[]): (row: Cell[]) => string {
  const cell = cellWriter(JSON.stringify, "null");
  const keys = columns.map(({ key }, n) => `${n === 0 ? "{" : ","}${JSON.stringify(key)}:`);
  return (row) => {
    let text = "";
    for (let n = 0; n < keys.length; n++) text += keys[n] + cell(row[n] as Cell);
    return `${text}}`;
  };
}

/** An object a line. */
export function ndjsonBytes({ columns, rows }: Table): AsyncGenerator<Uint8Array> {
  const write = objectWriter(columns);
  return linesBytes(rows, (row) => `${write(row)}\n`);
}

/** One array of objects. */
export function jsonBytes({ columns, rows }: Table): AsyncGenerator<Uint8Array> {
  const write = objectWriter(columns);
  let between = "";
  const line = (row: Cell[]) => {
    const text = between + write(row);
    between = ",\n";
    return text;
  };
  return linesBytes(rows, line, ["[\n", "\n]\n"]);
}

/**
 * A text that a spreadsheet would take for a formula is led by an apostrophe (OWASP, CSV injection). Numbers are no texts: a minus
 * stays one.
 */
export const disarmed = (text: string): string =>
  /^(?:[\t\r\n]|[\s\ufeff]*[=+\-@＝＋－＠])/.test(text) ? `'${text}` : text;

const quoted = (text: string) => stringify([[disarmed(text)]], { eof: false, quoted_match: /[\r\n]/ });

/** RFC 4180 with CRLF, and a mark of UTF-8 that Excel needs. */
export function csvBytes({ columns, rows }: Table): AsyncGenerator<Uint8Array> {
  const cell = cellWriter(quoted, "");
  const line = (row: Cell[]) => {
    let text = "";
    for (let n = 0; n < row.length; n++) text += (n === 0 ? "" : ",") + cell(row[n] as Cell);
    return `${text}\r\n`;
  };
  return linesBytes(rows, line, [`\ufeff${line(columns.map(({ title }) => title))}`, ""]);
}
