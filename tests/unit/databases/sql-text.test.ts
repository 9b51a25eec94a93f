import assert from "node:assert/strict";
import { test } from "node:test";
import { filteredColumns } from "#lib/databases/inspections/filtered-columns.ts";
import { quotePath, withoutValues } from "#lib/databases/server/sql-text.ts";

test("no value of a statement is kept, in whatever way it is written", () => {
  const cases: [string, string][] = [
    ["SELECT * FROM t WHERE a = 'it''s secret' AND b = 12.5e-3", "SELECT * FROM t WHERE a = ? AND b = ?"],
    ["SELECT E'a\\'secret' , U&'secret', x'ff', $$secret$$, $tag$ secret $x$ $tag$", "SELECT ? , ?, ?, ?, ?"],
    ["SELECT 1 -- secret\n, /* secret */ 2", "SELECT ? , ?"],
    ["SELECT 'cut off secre", "SELECT ?"],
    ["INSERT INTO t1 (c2) VALUES (1, 'x', 2)", "INSERT INTO t1 (c2) VALUES (?, ...)"],
    ['SELECT "Name 1", $1, t2.c3 FROM "t\'s"', 'SELECT "Name 1", $1, t2.c3 FROM "t\'s"'],
    ["", ""],
  ];
  for (const [sql, text] of cases) assert.equal(withoutValues(sql), text);
});

test("a very long statement of quotes is read in time that grows with its length", () => {
  withoutValues(`SELECT ${"'".repeat(200_001)}`);
  withoutValues("/*".repeat(100_000));
  withoutValues("$a".repeat(100_000));
});

test("names are quoted where SQL needs it", () => {
  assert.equal(quotePath("public", "orders"), "public.orders");
  assert.equal(quotePath("My schema", 'a"b'), '"My schema"."a""b"');
});

test("the columns that a statement filters a table by are found, those that are equal to something first", () => {
  const columns = (sql: string) => filteredColumns(sql, "orders");
  assert.deepEqual(columns("SELECT * FROM orders WHERE placed_at > $1 AND customer_id = $2"), [
    "customer_id",
    "placed_at",
  ]);
  assert.deepEqual(columns("UPDATE public.orders SET x = $1 WHERE orders.id = $2"), ["id"]);
  assert.deepEqual(columns("SELECT * FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.name = $1"), []);
  assert.deepEqual(columns("SELECT * FROM orders WHERE a = $1 OR b = $2"), []);
  assert.deepEqual(columns("SELECT * FROM old_orders WHERE a = $1"), []);
  assert.deepEqual(columns("SELECT * FROM orders"), []);
});
