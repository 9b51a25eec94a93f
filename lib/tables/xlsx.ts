import { Readable } from "node:stream";
import type { WriteSheet } from "hucre/xlsx";
import { chartSheets, excelDay, letters } from "#lib/tables/chart-sheets.ts";
import { fitted, literal, sheetNames } from "#lib/tables/spreadsheet-text.ts";
import type { Cell, ColumnKind, Sheet, Table } from "#lib/tables/table.ts";
import { linesBytes } from "#lib/tables/text.ts";

// Loaded when a workbook is written: 400 kB that a process would hold for as long as it runs.
const loadZip = () => import("@zip.js/zip.js");

/** A worksheet's last row, less its header. */
export const EXCEL_ROWS = 1_048_575;

const NUMBER_FORMATS: Record<ColumnKind, string | undefined> = {
  text: undefined,
  // A fixed number of places would show 5 as "5.".
  number: "General",
  time: "yyyy-mm-dd hh:mm:ss",
  share: "0.0%",
};

const WIDTHS: Record<ColumnKind, number> = { text: 32, number: 16, time: 20, share: 12 };

/** A cell of each kind: the library writes a row of these, whose styles all others take. */
const SAMPLES: Record<ColumnKind, Cell> = { text: "x", number: 0, time: new Date(0), share: 0 };

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
/** XML 1.0 has no place for these at all. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const escaped = (text: string) =>
  literal(fitted(text.replace(FORBIDDEN, "").toWellFormed())).replace(
    /[&<>]/g,
    (character) => ESCAPES[character] as string,
  );

/** A row's XML in the styles of the sample row; texts inline, since a shared table of them would grow without end. */
function rowWriter(styles: string[]): (row: Cell[], rowNumber: number) => string {
  const heads = styles.map((style, n) => ({ ref: letters(n), style }));
  return (row, rowNumber) => {
    let xml = `<row r="${rowNumber}">`;
    for (let n = 0; n < heads.length; n++) {
      const cell = row[n];
      if (cell === null || cell === undefined || (typeof cell === "number" && !Number.isFinite(cell))) continue;
      const { ref, style } = heads[n] as (typeof heads)[number];
      if (typeof cell === "string")
        xml += `<c r="${ref}${rowNumber}"${style} t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
      else
        xml += `<c r="${ref}${rowNumber}"${style}><v>${typeof cell === "number" ? cell : excelDay(cell.getTime())}</v></c>`;
    }
    return `${xml}</row>`;
  };
}

/** A cell as the library is to write it, which escapes XML and nothing else. */
const written = <T>(cell: T): T | string => (typeof cell === "string" ? literal(fitted(cell)) : cell);

const small = ({ name, columns, rows }: Sheet): WriteSheet => ({
  name,
  columns: columns.map((header) => ({ header: written(header), width: 24 })),
  rows: [columns, ...rows].map((row) => row.map(written)),
  freezePane: { rows: 1 },
});

/** The whole workbook as the library writes it, the main sheet with one row in place of its own. */
async function shellOf({ name, columns, attachments }: Table) {
  const { charts, sheets } = (await attachments?.()) ?? { charts: [], sheets: [] };
  const main: WriteSheet = {
    name,
    columns: columns.map(({ title, kind }) => {
      const numFmt = NUMBER_FORMATS[kind];
      return { header: written(title), width: WIDTHS[kind], ...(numFmt ? { numFmt } : {}) };
    }),
    rows: [columns.map(({ title }) => written(title)), columns.map(({ kind }) => SAMPLES[kind])],
    freezePane: { rows: 1 },
  };
  const all = [main, ...sheets.map(small), ...chartSheets(charts)];
  const names = sheetNames([main.name, ...sheets.map((sheet) => sheet.name)]);
  // Those of charts refer to one another by their names, which are ours.
  const [{ writeXlsx }, { Uint8ArrayReader, Uint8ArrayWriter, ZipReader }] = await Promise.all([
    import("hucre/xlsx"),
    loadZip(),
  ]);
  const bytes = await writeXlsx({ sheets: all.map((sheet, n) => ({ ...sheet, name: names[n] ?? sheet.name })) });
  const entries = await new ZipReader(new Uint8ArrayReader(bytes)).getEntries();
  return Promise.all(
    entries.flatMap((entry) =>
      entry.directory ? [] : [entry.getData(new Uint8ArrayWriter()).then((data) => ({ name: entry.filename, data }))],
    ),
  );
}

const MAIN_SHEET = "xl/worksheets/sheet1.xml";
/** The main sheet's XML with the table's rows where the shell has its sample. */
function sheetBytes(shell: string, rows: Table["rows"]): AsyncGenerator<Uint8Array> {
  const sample = /<row r="2".*?<\/row>/.exec(shell)?.[0] ?? "";
  const [before = "", after = ""] = shell.replace(/<dimension [^>]*\/>/, "").split(sample);
  const styles = [...sample.matchAll(/<c r="[A-Z]+2"(?: t="\w+")?( s="\d+")?/g)].map(([, style]) => style ?? "");
  const write = rowWriter(styles);
  let rowNumber = 2;
  return linesBytes(rows, (row) => write(row, rowNumber++), [before, after]);
}

/** A workbook of typed cells under a frozen header, made while it is taken. @throws Error in the stream when a row cannot be read */
export function xlsxBytes(table: Table): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const write = async () => {
    const { Uint8ArrayReader, ZipWriter } = await loadZip();
    const zip = new ZipWriter(writable, { useWebWorkers: false, zip64: false, level: 6 });
    for (const { name, data } of await shellOf(table)) {
      if (name !== MAIN_SHEET) await zip.add(name, new Uint8ArrayReader(data));
      else {
        const rows = sheetBytes(new TextDecoder().decode(data), table.rows);
        await zip.add(name, Readable.toWeb(Readable.from(rows)) as ReadableStream<Uint8Array>);
      }
    }
    await zip.close();
  };
  write().catch((error: Error) => writable.abort(error).catch(() => undefined));
  return readable;
}
