import assert from "node:assert/strict";
import { test } from "node:test";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { parseCsv } from "hucre/csv";
import { readParquet } from "parquet-wasm/node";
import readExcelFile from "read-excel-file/node";
import type { ExportFormat } from "#lib/contract/enums.ts";
import { render } from "#lib/tables/formats.ts";
import { sheetNames } from "#lib/tables/spreadsheet-text.ts";
import type { Cell, Table } from "#lib/tables/table.ts";
import { disarmed } from "#lib/tables/text.ts";

async function* each(rows: Cell[][]): AsyncGenerator<Cell[][]> {
  yield rows;
}

const table = (rows: Cell[][]): Table => ({
  name: "Samples",
  columns: [
    { key: "time", title: "Time", kind: "time" },
    { key: "series", title: "Series", kind: "text" },
    { key: "value", title: "Value", kind: "number" },
    { key: "share", title: "Share", kind: "share" },
  ],
  rows: each(rows),
});

const bytes = async (rows: Cell[][], format: ExportFormat) =>
  Buffer.from(await new Response(render(table(rows), format)).arrayBuffer());
const text = async (rows: Cell[][], format: ExportFormat) => (await bytes(rows, format)).toString("utf8");

const AT = new Date("2026-11-24T09:00:00.000Z");
const ROWS: Cell[][] = [
  [AT, 'disk.usage{mount="/var, 1"}', -12.5, 0.25],
  [AT, "größer ≥ 2\nlines", 1e-9, null],
  [null, "=SUM(A1:A9)", 123_456_789.125, 1],
];

test("CSV is quoted by RFC 4180, in UTF-8 with its mark, and carries no formula", async () => {
  const csv = await text(ROWS, "csv");
  assert.equal(csv.charCodeAt(0), 0xfeff);
  assert.ok(csv.includes("\r\n") && csv.includes('"disk.usage{mount=""/var, 1""}"'));
  const [head, ...rows] = parseCsv(csv.slice(1)) as string[][];
  assert.deepEqual(head, ["Time", "Series", "Value", "Share"]);
  assert.deepEqual(
    rows.map(([, series, value]) => [series, Number(value)]),
    [
      ['disk.usage{mount="/var, 1"}', -12.5],
      ["größer ≥ 2\nlines", 1e-9],
      ["'=SUM(A1:A9)", 123_456_789.125],
    ],
  );
});

test("whatever a text begins with, no spreadsheet takes it for a formula", () => {
  fc.assert(fc.property(fc.string(), (any) => assert.doesNotMatch(disarmed(any), /^[=+\-@\t\r\n＝＋－＠]/)));
  assert.equal(disarmed("plain - text"), "plain - text");
  for (const text of ["\n=1+1", "\r\n@SUM(1)", "＝1+1", "＋1", "－1", "＠x", " =1", "\ufeff=1", "\u00a0=1"])
    assert.equal(disarmed(text), `'${text}`);
});

test("a workbook shows texts as they are, cuts what no cell holds, and shows whole numbers without a point", async () => {
  const long = `${"a".repeat(32_766)}🙂 and more`;
  const rows: Cell[][] = [
    [null, "_x0041_", 5, null],
    [null, "_x0041_x0042_ and _X0041_ and __x0041_", 5.25, null],
    [null, long, 1e15, null],
    [null, "half \ud83d of it", 0, null],
  ];
  const read = (await readExcelFile(await bytes(rows, "xlsx"))) as unknown as
    | (string | number | null)[][]
    | { data: unknown[][] }[];
  const data = (Array.isArray(read[0]) ? read : (read[0] as { data: unknown[][] }).data) as unknown[][];
  const [, first, second, third] = data;
  assert.equal(first?.[1], "_x0041_");
  assert.equal(second?.[1], "_x0041_x0042_ and _X0041_ and __x0041_");
  const cut = String(third?.[1]);
  assert.ok(
    cut.length <= 32_767 && cut.endsWith(`(cut: ${long.length} characters)`) && cut.isWellFormed(),
    cut.slice(-60),
  );
  const zip = await new ZipReader(new Uint8ArrayReader(await bytes(rows, "xlsx"))).getEntries();
  const styles = zip.find(({ filename }) => filename === "xl/styles.xml");
  const xml = styles && !styles.directory ? new TextDecoder().decode(await styles.getData(new Uint8ArrayWriter())) : "";
  assert.doesNotMatch(xml, /#,##0\.#/);
});

test("worksheets have names that they may have, each its own", () => {
  assert.deepEqual(
    sheetNames(["It's 'mine'", "'", "", "History", "a/b:c", "A B C", "x".repeat(40), `${"x".repeat(31)}y`]),
    [...["It's 'mine", "Sheet 1", "Sheet 1 2", "History 1", "a b c", "A B C 2", "x".repeat(31), `${"x".repeat(29)} 2`]],
  );
});

test("JSON is an array and NDJSON a line each, with the same objects; an empty table is still valid", async () => {
  const wanted = ROWS.map(([time, series, value, share]) => ({
    time: time instanceof Date ? time.toISOString() : null,
    ...{ series, value, share },
  }));
  assert.deepEqual(JSON.parse(await text(ROWS, "json")), wanted);
  const lines = (await text(ROWS, "ndjson")).trimEnd().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    wanted,
  );
  assert.deepEqual(JSON.parse(await text([], "json")), []);
  assert.equal(await text([], "ndjson"), "");
  assert.match(await text([], "csv"), /Time,Series,Value,Share/);
});

test("another library reads typed cells out of the Excel file, formulas as texts", async () => {
  const [sheet] = (await readExcelFile(await bytes(ROWS, "xlsx"))) as { sheet: string; data: unknown[][] }[];
  assert.equal(sheet?.sheet, "Samples");
  assert.deepEqual(sheet?.data[0], ["Time", "Series", "Value", "Share"]);
  assert.deepEqual(sheet?.data[1], [AT, 'disk.usage{mount="/var, 1"}', -12.5, 0.25]);
  assert.deepEqual(sheet?.data[3]?.slice(1), ["=SUM(A1:A9)", 123_456_789.125, 1]);
});

test("Apache Arrow reads the Parquet file: instants, texts, doubles and nulls, over several row groups", async () => {
  const many = Array.from({ length: 45_000 }, (_, n): Cell[] => [
    new Date(AT.getTime() + n),
    `series ${n % 3}`,
    n / 8,
    null,
  ]);
  const parquet = readParquet(await bytes([...ROWS, ...many], "parquet"));
  const read = tableFromIPC(parquet.intoIPCStream());
  assert.equal(read.numRows, ROWS.length + many.length);
  assert.deepEqual(
    read.schema.fields.map(({ name, type }) => [name, String(type)]),
    [
      ["time", "Timestamp<MILLISECOND, UTC>"],
      ["series", "Utf8"],
      ["value", "Float64"],
      ["share", "Float64"],
    ],
  );
  assert.deepEqual(read.get(0)?.toJSON(), { time: AT.getTime(), series: ROWS[0]?.[1], value: -12.5, share: 0.25 });
  assert.deepEqual(read.get(2)?.toJSON(), { time: null, series: "=SUM(A1:A9)", value: 123_456_789.125, share: 1 });
  const last = { time: AT.getTime() + 44_999, series: "series 2", value: 44_999 / 8, share: null };
  assert.deepEqual(read.get(read.numRows - 1)?.toJSON(), last);
});

test("rows are read no faster than they are taken, and no further once nobody takes them", async () => {
  for (const format of ["ndjson", "csv", "xlsx", "parquet"] as const) {
    let read = 0;
    let ended = false;
    const rows = (async function* (): AsyncGenerator<Cell[][]> {
      try {
        for (; read < 5_000_000; read++)
          yield [[AT, `a series of some length ${Math.sin(read)}`, Math.sin(read), null]];
      } finally {
        ended = true;
      }
    })();
    const reader = render({ ...table([]), rows }, format).getReader();
    // A workbook begins with what it has besides its rows.
    do await reader.read();
    while (read === 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const early = read;
    assert.ok(early < 200_000, `${format}: ${early} rows for the first chunk`);
    await reader.cancel();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(ended && read < early + 100_000, `${format}: ${read}`);
  }
});
