import assert from "node:assert/strict";
import { test } from "node:test";
import type { StatementReading, StatementTotals } from "#lib/databases/read/statements.ts";
import { packSessions, packStatements, unpackSessions, unpackStatements } from "#lib/databases/store/pack.ts";
import { mergeMinutes, SessionSamples } from "#lib/databases/store/session-groups.ts";
import { largest, REST, statementDeltas } from "#lib/databases/store/statement-deltas.ts";

const totals = (queryId: string, calls: number, more: Partial<StatementTotals> = {}): StatementTotals => ({
  ...{
    queryId,
    database: "shop",
    user: "app",
    calls,
    ms: calls * 2,
    rows: calls,
    hit: calls,
    read: 0,
    ioMs: 0,
    temp: 0,
    wal: 0,
  },
  ...more,
});
const reading = (rows: StatementTotals[], resetAt: number | null = 1): StatementReading => ({ resetAt, rows });
const calls = (before: StatementReading, now: StatementReading) =>
  statementDeltas(before, now).map((delta) => [delta.queryId, delta.calls]);

test("what was added between two readings is counted, and what was not called is left out", () => {
  assert.deepEqual(calls(reading([totals("1", 10), totals("2", 5)]), reading([totals("1", 13), totals("2", 5)])), [
    ["1", 3],
  ]);
});

test("after a reset all that is counted has come since, never less than nothing", () => {
  assert.deepEqual(calls(reading([totals("1", 1_000)], 1), reading([totals("1", 1_002)], 2)), [["1", 1_002]]);
  assert.deepEqual(calls(reading([totals("1", 1_000)], null), reading([totals("1", 4)], null)), [["1", 4]]);
});

test("one counter that fell means that the statement was dropped and came again", () => {
  const [delta] = statementDeltas(reading([totals("1", 10, { ms: 900 })]), reading([totals("1", 12, { ms: 3 })]));
  assert.deepEqual([delta?.calls, delta?.ms], [12, 3]);
});

test("a statement of a database or user that is new is counted from zero", () => {
  const before = reading([totals("1", 10)]);
  const now = reading([totals("1", 10), totals("1", 2, { database: "new" }), totals("1", 3, { user: "new" })]);
  assert.deepEqual(calls(before, now), [
    ["1", 2],
    ["1", 3],
  ]);
});

test("rounding of times does not pass for a reset", () => {
  const [delta] = statementDeltas(
    reading([totals("1", 1, { ioMs: 0.1 + 0.2 })]),
    reading([totals("1", 2, { ioMs: 0.3 })]),
  );
  assert.equal(delta?.calls, 1);
});

test("the costliest are kept one by one, and the others as one whose sums are right", () => {
  const kept = largest(
    Array.from({ length: 250 }, (_, n) => totals(String(n + 1), n + 1)),
    100,
  );
  assert.equal(kept.length, 101);
  assert.equal(kept.at(-1)?.queryId, REST);
  assert.equal(
    kept.reduce((sum, delta) => sum + delta.calls, 0),
    (250 * 251) / 2,
  );
});

test("a minute is read as it was stored, also with none, huge figures, and any name", () => {
  const statements = [
    totals("-9223372036854775808", 1e300, { database: "d\n\"'", user: "\u{1F600}" }),
    totals("7", 0.5),
  ];
  assert.deepEqual(unpackStatements(packStatements({ spanS: 60, statements })), { spanS: 60, statements });
  assert.deepEqual(unpackStatements(packStatements({ spanS: 0, statements: [] })), { spanS: 0, statements: [] });
});

test("a hundred statements of a minute stay within what ten megabytes a day allow", () => {
  const random = (n: number, most: number) =>
    Math.floor((((n * 2_654_435_761) % 4_294_967_296) / 4_294_967_296) * most);
  const statements = Array.from({ length: 101 }, (_, n) =>
    totals(String(BigInt(random(n, 2 ** 31)) * 4_294_967_291n + BigInt(random(n + 7, 2 ** 31))), random(n + 1, 5_000), {
      ...{
        ms: random(n + 2, 1e6) / 7,
        rows: random(n + 3, 1e6),
        hit: random(n + 4, 1e7),
        read: random(n + 5, 1e5),
        ioMs: random(n + 6, 1e4) / 3,
        wal: random(n + 8, 1e7),
      },
    }),
  );
  const bytes = packStatements({ spanS: 60, statements }).length;
  assert.ok(bytes * 1_440 < 8e6, `${bytes} bytes a minute`);
});

test("sessions that were alike are counted together, by how often was looked", () => {
  const session = (wait: string, user: string) => ({
    ...{ pid: 1, database: "shop", user, application: "", state: "active", wait, queryId: "1" },
    ...{ transactionS: 1, stateS: 1, statement: "" },
  });
  const samples = new SessionSamples();
  samples.add([session("Lock:tuple", "a"), session("Lock:tuple", "a"), session("CPU", "b")]);
  samples.add([]);
  const minute = samples.take();
  assert.equal(minute?.samples, 2);
  assert.deepEqual(
    minute?.groups.map(({ wait, seen }) => [wait, seen]),
    [
      ["Lock:tuple", 2],
      ["CPU", 1],
    ],
  );
  assert.equal(samples.take(), undefined);
  assert.ok(minute);
  assert.deepEqual(unpackSessions(packSessions(minute)), minute);
  assert.equal(mergeMinutes([minute, minute]).groups[0]?.seen, 4);
});
