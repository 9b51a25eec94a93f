import assert from "node:assert/strict";
import { test } from "node:test";
import { explainable } from "#lib/databases/server/explainable.ts";

test("constants that became parameters where the grammar takes none are written as it takes them", () => {
  const cases: [string, string][] = [
    ["SELECT extract($2 FROM at) * $3 FROM t WHERE id = $1", "SELECT extract(epoch FROM at) * $1 FROM t WHERE id = $2"],
    ["SELECT now() - interval $1, date $2", "SELECT now() - $1::interval, $2::date"],
    ["SELECT timestamp with time zone $1", "SELECT $1::timestamp with time zone"],
    ["SELECT a$1, $2 FROM t LIMIT $2", "SELECT a$1, $1 FROM t LIMIT $1"],
    ["SELECT 1", "SELECT 1"],
  ];
  for (const [text, written] of cases) assert.equal(explainable(text), written);
});
