import { type Column, commands, found, grown, type Inspection } from "#lib/databases/inspections/finding.ts";
import type { SessionRow } from "#lib/databases/read/sessions.ts";
import { formatText } from "#lib/format/value.ts";

const IDLE_S = { warning: 5 * 60, critical: 60 * 60 };
const LONG_S = { warning: 30 * 60, critical: 4 * 60 * 60 };
const BLOCKED_S = { warning: 10, critical: 120 };

const columns: Column<SessionRow>[] = [
  { title: "PID", cell: ({ pid }) => String(pid) },
  { title: "User", cell: ({ user }) => user },
  { title: "Database", cell: ({ database }) => database },
  { title: "Application", cell: ({ application }) => application },
  { title: "Transaction", unit: "seconds", cell: ({ transactionS }) => transactionS },
  { title: "In this state", unit: "seconds", cell: ({ stateS }) => stateS },
  { title: "Statement", cell: ({ statement }) => statement },
];

const longest = (rows: SessionRow[], seconds: (row: SessionRow) => number | null): number =>
  Math.max(0, ...rows.map((row) => seconds(row) ?? 0));

const text = (seconds: number): string => formatText(Math.round(seconds), "seconds");
const plural = (count: number, noun: string, nouns: string) => `${count} ${count === 1 ? noun : nouns}`;

/** Transactions that are open while nobody works in them. */
export const inspectIdleTransactions: Inspection = ({ snapshots }) => {
  const rows = (snapshots.sessions?.data ?? []).filter(
    ({ state, stateS }) => state.startsWith("idle in transaction") && (stateS ?? 0) >= IDLE_S.warning,
  );
  if (rows.length === 0) return [];
  const most = longest(rows, ({ stateS }) => stateS);
  return [
    found(
      {
        key: "idle-in-transaction",
        severity: most >= IDLE_S.critical ? "critical" : "warning",
        title: `${plural(rows.length, "transaction is", "transactions are")} open and idle, for up to ${text(most)}`,
        why: "Such a transaction keeps its locks, and keeps vacuum from removing dead rows in every table.",
        remedy: "End it where its application has forgotten it, and set a limit so that none lasts.",
        sql: `${commands(rows, ({ pid }) => `SELECT pg_terminate_backend(${pid});`)}\n-- and for the future:\nALTER SYSTEM SET idle_in_transaction_session_timeout = '5min';\nSELECT pg_reload_conf();`,
      },
      rows,
      columns,
    ),
  ];
};

/** Transactions that have run for very long. */
export const inspectLongTransactions: Inspection = ({ snapshots }) => {
  const rows = (snapshots.sessions?.data ?? []).filter(
    ({ state, transactionS }) => !state.startsWith("idle") && (transactionS ?? 0) >= LONG_S.warning,
  );
  if (rows.length === 0) return [];
  const most = longest(rows, ({ transactionS }) => transactionS);
  return [
    found(
      {
        key: "long-transactions",
        severity: most >= LONG_S.critical ? "critical" : "warning",
        title: `${plural(rows.length, "transaction runs", "transactions run")} for up to ${text(most)}`,
        why: "Vacuum cannot remove rows that became dead since the oldest transaction began: tables grow and slow down.",
        remedy: "Cancel it where it is not meant to run for so long; else split the work into shorter transactions.",
        sql: commands(rows, ({ pid }) => `SELECT pg_cancel_backend(${pid});`),
      },
      rows,
      columns,
    ),
  ];
};

/** Sessions that wait for a lock of another. */
export const inspectBlocked: Inspection = ({ snapshots }) => {
  const rows = (snapshots.sessions?.data ?? []).filter(
    ({ state, wait, stateS }) => state === "active" && wait.startsWith("Lock:") && (stateS ?? 0) >= BLOCKED_S.warning,
  );
  if (rows.length === 0) return [];
  const most = longest(rows, ({ stateS }) => stateS);
  return [
    found(
      {
        key: "blocked",
        severity: most >= BLOCKED_S.critical ? "critical" : "warning",
        title: `${plural(rows.length, "session waits", "sessions wait")} for a lock, for up to ${text(most)}`,
        why: "They stand still until whoever holds the lock ends its transaction, and others queue up behind them.",
        remedy: "Sessions shows who blocks whom; end the transaction at the top where it cannot go on.",
        sql: `SELECT pid, pg_blocking_pids(pid) AS blocked_by, query FROM pg_stat_activity\nWHERE cardinality(pg_blocking_pids(pid)) > 0;`,
      },
      rows,
      columns,
    ),
  ];
};

/** Deadlocks since the day before. */
export const inspectDeadlocks: Inspection = ({ snapshots, dayAgo }) => {
  const before = new Map((dayAgo.databases?.data ?? []).map((row) => [row.name, row.deadlocks]));
  const rows = (snapshots.databases?.data ?? [])
    .map(({ name, deadlocks }) => ({ name, count: grown(deadlocks, before.get(name)) }))
    .filter(({ count }) => count > 0);
  if (rows.length === 0) return [];
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  return [
    found(
      {
        key: "deadlocks",
        severity: "warning",
        title: `${plural(count, "deadlock", "deadlocks")} in the past day`,
        why: "PostgreSQL ended one transaction of each to free the other: its application got an error.",
        remedy: "The server's log names the statements. Have all transactions lock rows in the same order.",
        sql: "ALTER SYSTEM SET log_lock_waits = on;\nSELECT pg_reload_conf();",
      },
      rows,
      [
        { title: "Database", cell: ({ name }) => name },
        { title: "Deadlocks", unit: "count", cell: (row) => row.count },
      ],
    ),
  ];
};
