import { found, type Inspection } from "#lib/databases/inspections/finding.ts";
import { durationText } from "#lib/format/duration.ts";
import { formatText } from "#lib/format/value.ts";

const NEAR = 0.8;
const FULL = 0.95;

/** Does the server answer? */
export const inspectAvailability: Inspection = ({ name, now, snapshots }) => {
  const state = snapshots.availability?.data;
  if (!state || state.up) return [];
  const since = state.since ?? now;
  return [
    found(
      {
        key: "availability",
        severity: "critical",
        title: `${name} does not answer, for ${durationText(Math.max(1_000, now - since))}`,
        why: "Whoever needs this server fails or waits, and nothing is known of it until it answers again.",
        remedy: "Look at the server and its log; if only its access changed, edit the connection here.",
      },
      [state],
      [
        { title: "Reason", cell: ({ reason }) => reason },
        { title: "Since", unit: "instant", cell: () => since },
      ],
    ),
  ];
};

/** Is much of max_connections in use? */
export const inspectConnections: Inspection = ({ snapshots }) => {
  const totals = snapshots.totals?.data;
  if (!totals) return [];
  const room = Math.max(1, totals.maxConnections - totals.reservedConnections);
  const share = totals.connections / room;
  if (share < NEAR) return [];
  return [
    found(
      {
        key: "connections",
        severity: share >= FULL ? "critical" : "warning",
        title: `${totals.connections} of ${room} connections are in use`,
        why: "When none is left, applications are refused: sorry, too many clients already.",
        remedy:
          "Put a pooler such as PgBouncer in front, or close what is idle. More connections cost memory and take a restart.",
        sql: `SELECT usename, application_name, state, count(*) FROM pg_stat_activity\nWHERE backend_type = 'client backend' GROUP BY 1, 2, 3 ORDER BY 4 DESC;\n-- takes a restart:\nALTER SYSTEM SET max_connections = ${Math.ceil((totals.maxConnections * 1.5) / 10) * 10};`,
      },
      [totals],
      [
        { title: "Connections", unit: "count", cell: (row) => row.connections },
        { title: "Active", unit: "count", cell: (row) => row.active },
        { title: "Idle", unit: "count", cell: (row) => row.idle },
        { title: "Idle in transaction", unit: "count", cell: (row) => row.idleInTransaction },
        { title: "Room", unit: "count", cell: () => room },
      ],
    ),
  ];
};

/** What is not read, for want of an extension or a privilege. */
export const inspectRights: Inspection = ({ snapshots }) => {
  const failures = snapshots.availability?.data.failures ?? [];
  return failures.map((failure) =>
    found(
      {
        key: `missing:${failure.part}`,
        severity: failure.sql ? "warning" : "info",
        title: failure.message,
        why: "What is not read is not on these pages, and no alert can be made of it.",
        remedy: failure.sql ? "Run the command as a superuser." : "It is tried again at the next reading.",
        sql: failure.sql,
      },
      [failure],
      [{ title: "Not read", cell: ({ part }) => part }],
    ),
  );
};

const WAIT_S = 1;
const LONG_WAIT_S = 10;

/** Do clients of PgBouncer wait for a server connection, or is its room for clients in use? */
export const inspectPooler: Inspection = ({ snapshots }) => {
  const pooler = snapshots.pooler?.data;
  if (!pooler) return [];
  const waiting = pooler.pools.filter(({ clientsWaiting, waitS }) => clientsWaiting > 0 && waitS >= WAIT_S);
  const longest = Math.max(0, ...waiting.map(({ waitS }) => waitS));
  const clients = pooler.pools.reduce((sum, pool) => sum + pool.clientsActive + pool.clientsWaiting, 0);
  const columns = [
    { title: "Database", cell: (pool: (typeof pooler.pools)[number]) => pool.database },
    { title: "User", cell: (pool: (typeof pooler.pools)[number]) => pool.user },
    { title: "Mode", cell: (pool: (typeof pooler.pools)[number]) => pool.mode },
    { title: "Waiting", unit: "count", cell: (pool: (typeof pooler.pools)[number]) => pool.clientsWaiting },
    { title: "Longest wait", unit: "seconds", cell: (pool: (typeof pooler.pools)[number]) => pool.waitS },
    { title: "Server connections", unit: "count", cell: (pool: (typeof pooler.pools)[number]) => pool.serversActive },
  ];
  const count = waiting.reduce((sum, pool) => sum + pool.clientsWaiting, 0);
  const queue = found(
    {
      key: "pgbouncer:waiting",
      severity: longest >= LONG_WAIT_S ? "critical" : "warning",
      title: `${count} ${count === 1 ? "client waits" : "clients wait"} for a server connection, for up to ${formatText(Math.round(longest), "seconds")}`,
      why: "The pool is used up: clients wait before their query even begins.",
      remedy:
        "Look for long transactions at the server first; else raise default_pool_size in pgbouncer.ini and RELOAD.",
      sql: "SHOW POOLS;\n-- on PgBouncer's console, until its next restart:\nSET default_pool_size = 40;",
    },
    waiting,
    columns,
  );
  const share = pooler.maxClients ? clients / pooler.maxClients : 0;
  const room = found(
    {
      key: "pgbouncer:clients",
      severity: share >= FULL ? "critical" : "warning",
      title: `${clients} of ${pooler.maxClients} client connections of PgBouncer are in use`,
      why: "When none is left, applications are refused: no more connections allowed.",
      remedy: "Raise max_client_conn in pgbouncer.ini, and the limit of open files with it.",
    },
    pooler.pools,
    columns,
  );
  return [...(waiting.length > 0 ? [queue] : []), ...(share >= NEAR ? [room] : [])];
};
