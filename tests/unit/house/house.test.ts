import assert from "node:assert/strict";
import { test } from "node:test";
import { checkImports } from "../../../scripts/steps/house/imports.ts";
import { checkNames } from "../../../scripts/steps/house/names.ts";
import { checkSizes } from "../../../scripts/steps/house/sizes.ts";
import { parseSource } from "../../../scripts/steps/house/source.ts";
import { checkTables } from "../../../scripts/steps/house/tables.ts";

const imports = (files: Record<string, string>) =>
  checkImports(Object.entries(files).map(([path, text]) => parseSource(path, text)));

test("an import that points up the layers is refused, of types too", () => {
  assert.deepEqual(imports({ "lib/anomalies/a.ts": 'import { b } from "#lib/tsdb/query.ts";' }), []);
  const up = { "lib/tsdb/query.ts": 'import type { A } from "#lib/anomalies/a.ts";' };
  assert.deepEqual(imports(up), ["lib/tsdb/query.ts imports lib/anomalies/a.ts: anomalies is no layer below tsdb"]);
  assert.match(imports({ "lib/new/a.ts": 'import "#lib/log.ts";' })[0] ?? "", /new is in no layer/);
});

test("a room with doors is entered by them only, by re-export too", () => {
  const past = 'export { b } from "#lib/tsdb/chunks/chunks.ts";';
  for (const path of ["lib/hosts/hosts.ts", "components/charts/chart.tsx", "workers/background/jobs.ts"])
    assert.match(imports({ [path]: past }).join(), /tsdb is entered by its doors only/);
  assert.deepEqual(imports({ "lib/tsdb/query/range.ts": past }), []);
});

test("circles of files and of folders are named; types alone make none between files", () => {
  const file = (other: string, type = "") => `import ${type} { x } from "#lib/${other}";`;
  const files = imports({ "lib/db/a.ts": file("db/b.ts"), "lib/db/b.ts": file("db/a.ts") });
  assert.deepEqual(files, ["circle: lib/db/a.ts -> lib/db/b.ts -> lib/db/a.ts"]);
  assert.deepEqual(imports({ "lib/db/a.ts": file("db/b.ts"), "lib/db/b.ts": file("db/a.ts", "type") }), []);
  const folders = {
    "lib/tsdb/query/a.ts": file("tsdb/codec/a.ts", "type"),
    "lib/tsdb/codec/b.ts": file("tsdb/query/b.ts", "type"),
  };
  assert.deepEqual(imports(folders), ["circle: lib/tsdb/query -> lib/tsdb/codec -> lib/tsdb/query"]);
});

test("what a browser loads brings no database along", () => {
  const page = (path: string) => imports({ "components/hosts/a.tsx": `import { x } from "${path}";` }).length;
  assert.equal(page("#lib/tsdb/points.ts"), 0);
  for (const path of ["#lib/tsdb/query.ts", "#lib/db/client.ts", "#lib/notify/mail.ts", "pg", "node:fs"])
    assert.ok(page(path) > 0, path);
});

const touches = (path: string, text: string) => checkTables([parseSource(path, text)]);

test("a table is touched only in the folder that owns it: by Prisma, by a relation, by SQL", () => {
  const ways = [
    "db.host.findMany({})",
    "this.#db.host.upsert({})",
    "db.incident.findMany({ include: { host: true } })",
    "const WITH = { host: { select: { name: true } } };",
    "db.$queryRaw`SELECT name FROM host WHERE id = 1`",
    'client.query("UPDATE host SET name = $1")',
  ];
  for (const way of ways) {
    assert.match(touches("lib/reports/a.ts", way).join(), /touches host, which lib\/hosts owns/, way);
    assert.ok(!touches("lib/hosts/a.ts", way).join().includes("touches host"), way);
    assert.deepEqual(touches("lib/backup/a.ts", way), [], way);
  }
  assert.deepEqual(touches("components/hosts/a.tsx", "list.host.find((x) => x); say('words FROM hosts');"), []);
});

test("what is too long or undocumented is named with its line", () => {
  const long = `function f() {\n${"  g();\n".repeat(60)}}`;
  const sizes = (path: string, text: string) => checkSizes([parseSource(path, text)]).join("\n");
  assert.match(sizes("components/a.tsx", long), /components\/a.tsx:1 a function of 62 lines: at most 60/);
  assert.match(sizes("scripts/a.ts", "f();\n".repeat(401)), /has 401 lines: at most 400/);
  assert.match(sizes("lib/a.ts", "\nexport const f = () => 1;"), /lib\/a.ts:2 f has no docstring/);
  assert.equal(sizes("lib/a.ts", "/** One. */\nexport const f = () => 1;\nexport const N = 1;"), "");
});

test("a word that names nothing is refused as a name of a variable, a parameter, a function or a type", () => {
  const names = (text: string) => checkNames([parseSource("lib/a.ts", text)]).length;
  assert.equal(names("const place = 1; const { a: told, b: [one = 2, ...of] } = x;"), 4);
  assert.equal(names("function known(one: number) {} type standing = 1; list.map((one) => 1);"), 4);
  assert.equal(names("const series = { of: 1 }; for (const place_ of series.of) use(place_);"), 0);
});
