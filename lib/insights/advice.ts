import type { ResourceKind, SignalKind } from "#lib/contract/enums.ts";

/** What to do about a matter, what it brings, and how to take it back. */
export type Advice = { title: string; gain: string; how: string[]; undo: string };

/** What to do about what will need work, by its kind. */
export const SIGNAL_ADVICE: Record<SignalKind, (subject: string) => Advice> = {
  disk: (mount) => ({
    title: `Free space on ${mount}`,
    gain: "Prevents a full file system, which stops databases and logs at once",
    how: [
      `See what grows: du -xh --max-depth=2 ${mount} | sort -h | tail`,
      "Rotate or compress logs, remove old packages and images, or move data",
      "Where it is Sightline's own data: lower the retention in Settings",
      "Otherwise enlarge the volume",
    ],
    undo: "Archive what you remove until the next backup has run",
  }),
  inodes: (mount) => ({
    title: `Free inodes on ${mount}`,
    gain: "Prevents errors when files are created although there is space left",
    how: [`Find folders of many small files: du --inodes -xd 3 ${mount} | sort -n | tail`, "Remove or pack them"],
    undo: "Unpack the archive",
  }),
  memory_leak: () => ({
    title: "Find the memory leak",
    gain: "Prevents the kernel from killing processes when memory runs out",
    how: [
      "Sort processes by memory twice, hours apart: ps axo rss,pid,cmd --sort -rss | head",
      "Restart the one that grew, and report it with both lists",
    ],
    undo: "Nothing to undo; a restart loses what the process held only in memory",
  }),
  temperature: (sensor) => ({
    title: `Reduce the temperature of ${sensor}`,
    gain: "Prevents throttling and damage to the hardware",
    how: ["Check fans and dust, and the temperature of the room", "Spread the load over time"],
    undo: "Nothing to undo",
  }),
  wraparound: () => ({
    title: "Freeze old rows before transaction IDs run out",
    gain: "Prevents PostgreSQL from refusing writes",
    how: [
      "See which table is oldest: SELECT relname, age(relfrozenxid) FROM pg_class WHERE relkind = 'r' ORDER BY 2 DESC LIMIT 10",
      "Close old transactions and unused replication slots",
      "VACUUM (FREEZE, VERBOSE) the oldest tables in a quiet hour",
    ],
    undo: "Freezing changes no data; stop it with pg_cancel_backend",
  }),
  certificate: (name) => ({
    title: `Renew the certificate of ${name}`,
    gain: "Prevents failed connections",
    how: ["Renew it, for example: certbot renew", "Reload the server that uses it, and check the new date here"],
    undo: "Restore the old certificate while it is valid",
  }),
};

/** What to do about a resource that is saturated, by its kind: each has its advice. */
export const BOTTLENECK_ADVICE: Record<ResourceKind, (subject: string) => Advice> = {
  cpu: () => ({
    title: "Reduce CPU load",
    gain: "Shorter queues; latency falls steeply below 80 % utilisation",
    how: [
      "See what uses it: top -o %CPU, or pidstat 5",
      "Move batch work to the night, lower its priority (nice, CPUWeight=), or give the machine more cores",
    ],
    undo: "Set the priority back: renice 0",
  }),
  memory: () => ({
    title: "Free or add memory",
    gain: "Prevents swapping; reading a page from disk is a thousand times slower than from memory",
    how: [
      "Sort processes by memory: ps axo rss,pid,cmd --sort -rss | head",
      "Lower the caches of the largest (shared_buffers, -Xmx), or add memory",
    ],
    undo: "Restore the old size",
  }),
  disk: (device) => ({
    title: device ? `Reduce the load on disk ${device}` : "Reduce the load on the disk",
    gain: "Less waiting for reads and writes",
    how: [
      "See what writes: iotop -o, or pidstat -d 5",
      "Spread backups and vacuum over time, cache more, or move hot data to a faster disk",
    ],
    undo: "Restore the old schedule",
  }),
  file_system: (mount) => SIGNAL_ADVICE.disk(mount || "/"),
  inodes: (mount) => SIGNAL_ADVICE.inodes(mount || "/"),
  database_connections: () => ({
    title: "Pool database connections",
    gain: "Prevents refused connections and saves the memory of each connection",
    how: [
      "Put a connection pooler in front of the database (pgbouncer in transaction mode), or lower the clients' pool sizes",
      "Raise max_connections only if memory allows",
    ],
    undo: "Connect the clients to the database directly again",
  }),
};

/** What to do about a database that answers slowly. */
export const SLOW_DATABASE: Advice = {
  title: "Find what slows the database down",
  gain: "Queries take their usual time again",
  how: [
    "See what runs and what it waits for: SELECT pid, now() - query_start AS runs, wait_event_type, state, left(query, 80) FROM pg_stat_activity WHERE state <> 'idle' ORDER BY 2 DESC",
    "See which sessions block others: SELECT pid, pg_blocking_pids(pid) FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0",
    "End what blocks: SELECT pg_cancel_backend(PID); where that does not help, pg_terminate_backend(PID)",
    "See which statements take most time: SELECT left(query, 80), calls, mean_exec_time FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 10",
  ],
  undo: "A statement that was cancelled can be run again",
};
