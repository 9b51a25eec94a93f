import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parseCsv } from "hucre/csv";
import { render } from "#lib/tables/formats.ts";
import type { Cell, Table } from "#lib/tables/table.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

const SOFFICE = "/usr/bin/soffice";
const AT = Date.UTC(2026, 10, 24);

const points = (n: number): [number, number | null] => [AT + n * MINUTE_MS, n > 50 && n < 80 ? null : n];

const table: Table = {
  name: "Samples",
  columns: [
    { key: "time", title: "Time", kind: "time" },
    { key: "series", title: "Series", kind: "text" },
    { key: "value", title: "Value", kind: "number" },
    { key: "share", title: "Share", kind: "share" },
  ],
  rows: (async function* (): AsyncGenerator<Cell[][]> {
    yield Array.from({ length: 120 }, (_, n) => [new Date(AT + n * MINUTE_MS), "=cpu & <x>\u0001", n / 8, 0.25]);
  })(),
  attachments: async () => ({
    charts: [
      {
        title: "CPU",
        unit: "percent",
        rate: false,
        lines: [{ name: "user", points: Array.from({ length: 120 }, (_, n) => points(n)) }],
      },
      { title: "Network", unit: "bytes", rate: true, lines: [{ name: "eth0", points: [points(1), points(2)] }] },
    ],
    sheets: [{ name: "1 Gaps: [all]", columns: ["From", "Minutes"], rows: [["09:00", 12.5]] }],
  }),
};

async function convert(dir: string, to: string): Promise<void> {
  const args = ["--headless", `-env:UserInstallation=file://${dir}/profile`, "--convert-to", to, "--outdir", dir];
  const office = spawn(SOFFICE, [...args, join(dir, "export.xlsx")], { stdio: "ignore" });
  const [code] = await once(office, "exit");
  assert.equal(code, 0);
}

test("LibreOffice opens a workbook: typed cells, sheets beside, charts with their gaps", {
  skip: existsSync(SOFFICE) ? false : "there is no LibreOffice, and no right to install it",
}, async () => {
  const dir = await mkdtemp(join(tmpdir(), "sightline-office-"));
  try {
    await writeFile(join(dir, "export.xlsx"), Buffer.from(await new Response(render(table, "xlsx")).arrayBuffer()));
    // Commas, quotes, UTF-8, every sheet to a file of its own; figures as they are, not as they are shown.
    await convert(dir, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1");
    const sheet = async (name: string) =>
      parseCsv(await readFile(join(dir, `export-${name}.csv`), "utf8")) as string[][];
    const [head, first, second, ...rest] = await sheet("Samples");
    assert.deepEqual(head, ["Time", "Series", "Value", "Share"]);
    assert.deepEqual(first, ["2026-11-24 00:00:00", "=cpu & <x>", "0", "25%"]);
    assert.deepEqual(second, ["2026-11-24 00:01:00", "=cpu & <x>", "0.125", "25%"]);
    assert.equal(rest.length, 118);
    assert.deepEqual((await sheet("1 Gaps   all"))[1], ["09:00", "12.5"]);
    const data = await sheet("Chart data");
    assert.deepEqual([data[0]?.[1], data[51]?.[1], data[52]?.[1], data[81]?.[1]], ["user", "50", "", "80"]);
    // As a web page it draws each chart as a picture.
    await convert(dir, "html");
    const pictures = (await readdir(dir)).filter((name) => name.endsWith(".png"));
    assert.equal(pictures.length, 2);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
