import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { maskStatement } from "#lib/otlp/traces/statement.ts";

test("a statement shows its shape, and nothing of what it was asked with", () => {
  const shown: [system: string, statement: string, masked: string][] = [
    [
      "",
      "SELECT * FROM t2 WHERE a='x' AND n = -4.2e-7 AND b.c > .5",
      "SELECT * FROM t2 WHERE a=? AND n = -?-? AND b.c > ?",
    ],
    [
      "postgresql",
      `SELECT "a"."b" FROM "t" WHERE c = $1 AND d #>> '{x}' = $$it's$$`,
      `SELECT "a"."b" FROM "t" WHERE c = $1 AND d #>> ? = ?`,
    ],
    ["oracle.db", `ALTER USER u IDENTIFIED BY "SECRETGG" REPLACE SECRETHH`, "ALTER USER u IDENTIFIED ?"],
    ["oracle.db", "SELECT q'[it's SECRET]' FROM dual", "SELECT ? FROM dual"],
    ["mysql", 'CREATE USER u IDENTIFIED BY "SECRETGG"', "CREATE USER u IDENTIFIED ?"],
    ["mysql", 'SELECT `a` FROM t WHERE b = "SECRET" # SECRET\nLIMIT 5', "SELECT `a` FROM t WHERE b = ? /*?*/\nLIMIT ?"],
    ["mysql", String.raw`SELECT 'it\'s' AND pw='SECRETBB'`, "SELECT ?"],
    ["", "SELECT /* SECRET */ 1 -- SECRET\nFROM t", "SELECT /*?*/ ? /*?*/\nFROM t"],
    ["", "SELECT /* a /* SECRET */ SECRET */ 1", "SELECT ?"],
    ["mssql", "SELECT [it's] FROM #t WHERE a = 'SECRET'", "SELECT [it's] FROM #t WHERE a = ?"],
    ["redis", "AUTH SECRETII", "AUTH ?"],
    ["", "AUTH SECRETII", "AUTH ?"],
    ["redis", 'SET user "SECRET\nSECRET"', "SET ?"],
    ["mongodb", '{"find":"users","filter":{"password":"SECRETKK","n":5}}', '{"find":?,"filter":{"password":?,"n":?}}'],
    ["mongodb", "db.users.find({name: /[/]SECRET/i})", "db.users.find({name: ?})"],
    ["", '{"password":"SECRETKK"}', "{?:?}"],
    ["", "SELECT 'cut off", "SELECT ?"],
    ["", "", ""],
  ];
  for (const [system, statement, masked] of shown) assert.equal(maskStatement(statement, system), masked, statement);
  assert.equal(maskStatement("a, ".repeat(1_000), "").length, 500);
});

const MARK = "SECRET";
const doubled = (text: string, quote: string) => `${quote}${text.replaceAll(quote, quote + quote)}${quote}`;
const escaped = (text: string, quote: string) =>
  `${quote}${text.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`)}${quote}`;
const line = (text: string) => text.replaceAll(/[\r\n]/g, " ");
const standard = [
  (text: string) => doubled(text, "'"),
  (text: string) => `/*${text.replaceAll(/\*\/|\/\*/g, " ").replaceAll(/[*/]$/g, "")} */`,
  (text: string) => `-- ${line(text)}\n`,
];
const dollars = (text: string) => `$tag$${text.replaceAll("$", "")}$tag$`;
const ofMysql = [
  ...standard,
  (text: string) => doubled(text.replaceAll("\\", "\\\\"), "'"),
  (text: string) => doubled(text.replaceAll("\\", "\\\\"), '"'),
  (text: string) => escaped(text, "'"),
  (text: string) => escaped(text, '"'),
  (text: string) => `#${line(text)}\n`,
];
const QUOTINGS: Record<string, ((text: string) => string)[]> = {
  mysql: ofMysql,
  "": [...ofMysql, dollars],
  postgresql: [...standard, (text) => `E${escaped(text, "'")}`, dollars],
  "oracle.db": [
    ...standard,
    (text) => `q'{${text.replaceAll("}", "")}}'`,
    (text) => ` IDENTIFIED BY ${doubled(text, '"')}`,
  ],
  sqlite: standard,
  mssql: [...standard, (text) => `N${doubled(text, "'")}`, (text) => doubled(text, '"')],
  mongodb: [(text) => JSON.stringify(text), (text) => `{"password":${JSON.stringify(text)}}`],
  redis: [(text) => `AUTH ${text}`, (text) => `SET k ${escaped(text, '"')}`],
};

test("whatever literal is put into a statement by any quoting, nothing of it is left", () => {
  const pieces = fc.constantFrom(
    "'",
    '"',
    "\\",
    "$",
    "`",
    "--",
    "#",
    "/",
    "*",
    "\n",
    "\r",
    "]",
    "?",
    " ",
    "é",
    "0",
    "$tag$",
  );
  const literal = fc
    .tuple(fc.array(pieces, { maxLength: 6 }), fc.array(pieces, { maxLength: 6 }))
    .map(([before, after]) => [...before, MARK, ...after].join(""));
  const dialect = fc.constantFrom(...Object.keys(QUOTINGS));
  const parts = fc.array(fc.tuple(literal, fc.nat(20)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(dialect, parts, (system, literals) => {
      const quotings = QUOTINGS[system] ?? [];
      const quoted = literals.map(([text, n]) => quotings[n % quotings.length]?.(text) ?? "");
      const statement = system === "redis" ? (quoted[0] ?? "") : `x ${quoted.join(" AND a1 = ")} y`;
      const masked = maskStatement(statement, system);
      assert.ok(!masked.includes(MARK), `${system}: ${JSON.stringify(statement)} -> ${masked}`);
    }),
    { numRuns: 5_000 },
  );
});
