import assert from "node:assert/strict";
import { test } from "node:test";
import type { Inspected } from "#lib/databases/inspections/finding.ts";
import { inspect } from "#lib/databases/inspections/inspect.ts";
import type { IndexRow, TableRow } from "#lib/databases/read/tables.ts";
import type { Totals } from "#lib/databases/read/totals.ts";
import type { Parts, Snapshots } from "#lib/databases/store/snapshots.ts";

const NOW = Date.UTC(2026, 10, 28, 12);

function parts(given: Partial<Parts>): Snapshots {
  return Object.fromEntries(Object.entries(given).map(([part, data]) => [part, { at: NOW, data }])) as Snapshots;
}

const UP = { up: true, reason: null, since: null, responseMs: 1, failures: [] };

const look = (given: Partial<Parts>, more: Partial<Inspected> & { before?: Partial<Parts> } = {}) =>
  inspect({
    ...{ name: "orders", now: NOW, statements: [], ...more },
    snapshots: parts({ availability: UP, ...given }),
    dayAgo: parts(more.before ?? {}),
  });

const TOTALS = {
  ...{ connections: 10, active: 1, idle: 9, idleInTransaction: 0, maxConnections: 100, reservedConnections: 3 },
  ...{ checkpointsTimed: 0, checkpointsRequested: 0, walBytes: 0 },
} as Totals;

const session = (more: object) => ({
  ...{ pid: 7, database: "shop", user: "app", application: "web", state: "active", wait: "CPU", queryId: "1" },
  ...{ transactionS: 1, stateS: 1, statement: "SELECT ?", ...more },
});

const table = (more: Partial<TableRow>): TableRow => ({
  ...{ database: "shop", schema: "public", table: "orders", bytes: 1e9, rows: 1e6, deadRows: 0, sequentialScans: 0 },
  ...{ sequentialRows: 0, indexScans: 0, changes: 1e6, blocksHit: 0, blocksRead: 0, vacuumedAt: NOW, analyzedAt: NOW },
  ...{ vacuumThreshold: 2e5, frozenAge: 1, bloatBytes: 0, ...more },
});

const index = (name: string, more: Partial<IndexRow> = {}): IndexRow => ({
  ...{ database: "shop", schema: "public", table: "orders", index: name, bytes: 5e7, scans: 10, unique: false },
  ...{
    primary: false,
    constraint: false,
    valid: true,
    shape: "btree/2/1/1978/0/0//",
    columns: "btree (customer_id)",
    ...more,
  },
});

const database = (more: object) => ({
  ...{
    name: "shop",
    bytes: 1e9,
    mayConnect: true,
    blocksHit: 0,
    blocksRead: 0,
    deadlocks: 0,
    tempFiles: 0,
    tempBytes: 0,
  },
  ...{ conflicts: 0, transactionAge: 1e6, resetAt: null, ...more },
});

const keys = (findings: { key: string }[]) => findings.map(({ key }) => key);

test("a server that is well, or of which nothing was read yet, has no findings", () => {
  assert.deepEqual(
    look({ totals: TOTALS, sessions: [session({})], tables: [table({})], databases: [database({})] }),
    [],
  );
  assert.deepEqual(inspect({ name: "x", now: NOW, snapshots: {}, dayAgo: {}, statements: [] }), []);
  assert.deepEqual(look({ tables: [], indexes: [], databases: [], sessions: [], settings: [] }), []);
});

test("of a server that does not answer only that is said", () => {
  const down = { ...UP, up: false, reason: "Nobody listens", since: NOW - 120_000 };
  const [finding, ...others] = look({ availability: down, settings: [] });
  assert.equal(finding?.title, "orders does not answer, for 2 min");
  assert.deepEqual(others, []);
});

test("connections near their limit are a warning, at it critical", () => {
  assert.deepEqual(keys(look({ totals: { ...TOTALS, connections: 77 } })), []);
  assert.equal(look({ totals: { ...TOTALS, connections: 78 } })[0]?.severity, "warning");
  assert.equal(look({ totals: { ...TOTALS, connections: 97 } })[0]?.severity, "critical");
});

test("a transaction that is idle, one that runs long and one that waits are told apart, with the command that ends them", () => {
  const findings = look({
    sessions: [
      session({ pid: 1, state: "idle in transaction", wait: "idle in transaction", stateS: 400, transactionS: 4_000 }),
      session({ pid: 2, transactionS: 2_000 }),
      session({ pid: 3, wait: "Lock:transactionid", stateS: 200, transactionS: 200 }),
    ],
  });
  assert.deepEqual(keys(findings), ["blocked", "idle-in-transaction", "long-transactions"]);
  assert.match(findings[1]?.sql ?? "", /pg_terminate_backend\(1\)/);
  assert.match(findings[2]?.sql ?? "", /pg_cancel_backend\(2\)/);
});

test("an unused index is named with its size and dropped without a lock; one that holds a rule is not", () => {
  const [finding] = look({
    indexes: [index("orders_note", { scans: 0 }), index("orders_key", { scans: 0, unique: true, shape: "x" })],
  });
  assert.equal(finding?.title, "1 index of 47.7 MiB is never used");
  assert.equal(finding?.sql, "DROP INDEX CONCURRENTLY public.orders_note;");
});

test("of indexes that do the same, the one that holds a rule stays, and a longer one serves for its beginning", () => {
  const longer = { shape: "btree/2 3/2/1978 1978/0 0/0 0//", columns: "btree (customer_id, placed_at)" };
  const [finding] = look({
    indexes: [index("a", { scans: 99 }), index("b", { constraint: true, unique: true }), index("c", longer)],
  });
  assert.equal(finding?.sql, "DROP INDEX CONCURRENTLY public.a;");
  const [prefix] = look({ indexes: [index("a"), index("c", longer)] });
  assert.equal(prefix?.sql, "DROP INDEX CONCURRENTLY public.a;");
  const partial = { shape: "btree/2/1/1978/0/0//(open)" };
  assert.deepEqual(look({ indexes: [index("a"), index("b", partial), index("c", { table: "other" })] }), []);
});

test("of indexes that do the same and that nobody uses none is named twice, so that one stays", () => {
  const findings = look({ indexes: [index("a", { scans: 0 }), index("b", { scans: 0 })] });
  assert.deepEqual(
    findings.map(({ sql }) => sql),
    ["DROP INDEX CONCURRENTLY public.b;"],
  );
});

test("a large table that is read whole gets the index that its statements need, but not where there is one", () => {
  const scanned = table({ sequentialScans: 500, sequentialRows: 5e8 });
  const statement = {
    ...{
      queryId: "1",
      database: "shop",
      user: "app",
      calls: 500,
      ms: 9e4,
      rows: 500,
      hit: 0,
      read: 0,
      ioMs: 0,
      temp: 0,
      wal: 0,
    },
    text: "SELECT * FROM orders WHERE customer_id = $1",
  };
  const [finding] = look({ tables: [scanned] }, { statements: [statement] });
  assert.equal(finding?.sql, "CREATE INDEX CONCURRENTLY ON public.orders (customer_id);");
  assert.match(look({ tables: [scanned] })[0]?.sql ?? "", /pg_stat_statements WHERE query ILIKE '%orders%'/);
  assert.deepEqual(look({ tables: [scanned], indexes: [index("a")] }, { statements: [statement] }), []);
});

test("late vacuum, bloat and missing statistics of tables are found", () => {
  const findings = look({ tables: [table({ deadRows: 3e6, bloatBytes: 8e8, analyzedAt: null })] });
  assert.deepEqual(keys(findings), ["dead-rows", "bloat", "never-analyzed"]);
  assert.equal(findings[0]?.sql, "VACUUM (ANALYZE, VERBOSE) public.orders;");
});

test("what grew in a day counts, and a counter that began anew is not negative", () => {
  const before = {
    databases: [database({ deadlocks: 5, blocksHit: 1e6, blocksRead: 0, tempBytes: 0 })],
    totals: TOTALS,
  };
  const now = { databases: [database({ deadlocks: 2, blocksHit: 2e6, blocksRead: 5e5, tempBytes: 2 ** 31 })] };
  const findings = look({ ...now, totals: { ...TOTALS, checkpointsRequested: 20, checkpointsTimed: 4 } }, { before });
  assert.deepEqual(keys(findings).sort(), ["cache", "checkpoints", "deadlocks", "temp-files"]);
  assert.equal(findings.find(({ key }) => key === "deadlocks")?.title, "2 deadlocks in the past day");
  assert.deepEqual(look(now), [], "without a past nothing is known to have grown");
});

test("slots, standbys and transaction ids near their end are found", () => {
  const slot = { name: "gone", kind: "physical", active: false, status: "extended", retainedBytes: 5 * 2 ** 30 };
  const standby = { name: "replica", address: null, state: "streaming", sync: "async", lagBytes: 2 ** 29, lagS: 700 };
  const findings = look({
    replication: { slots: [slot], standbys: [standby], ownLagS: null },
    databases: [database({ transactionAge: 1.2e9 })],
  });
  assert.deepEqual(keys(findings).sort(), ["replication-lag", "slots", "wraparound"]);
  assert.match(
    findings.find(({ key }) => key === "slots")?.title ?? "",
    /gone keeps 5 GiB of WAL, and nobody reads it/,
  );
});

test("a standby's name cannot break out of the command", () => {
  const slot = { name: "x'; DROP TABLE t; --", kind: "physical", active: false, status: "lost", retainedBytes: null };
  const [finding] = look({ replication: { slots: [slot], standbys: [], ownLagS: null } });
  assert.match(finding?.sql ?? "", /pg_drop_replication_slot\('x''; DROP TABLE t; --'\)/);
});

test("risky settings and those that wait for a restart are found", () => {
  const setting = (name: string, value: string, pendingRestart = false) => ({
    name,
    value,
    unit: null,
    source: "file",
    pendingRestart,
  });
  const findings = look({
    settings: [setting("fsync", "off"), setting("autovacuum", "on"), setting("max_connections", "200", true)],
  });
  assert.deepEqual(keys(findings), ["setting:fsync", "pending-restart"]);
});

test("what is missing is said with the command that grants it", () => {
  const failures = [{ part: "rights", message: "monitor does not see", sql: "GRANT pg_monitor TO monitor;" }];
  assert.equal(look({ availability: { ...UP, failures } })[0]?.sql, "GRANT pg_monitor TO monitor;");
});

test("clients of PgBouncer that wait are found", () => {
  const pool = {
    ...{ database: "shop", user: "app", mode: "transaction", clientsActive: 5, clientsWaiting: 3, serversActive: 2 },
    ...{ serversIdle: 0, serversUsed: 0, waitS: 12 },
  };
  const [finding] = look({ pooler: { version: "1.18", pools: [pool], maxClients: 100, poolSize: 2 } });
  assert.equal(finding?.severity, "critical");
  assert.match(finding?.title ?? "", /^3 clients wait for a server connection/);
});
