import { type Column, found, grown, type Inspection } from "#lib/databases/inspections/finding.ts";
import type { SettingRow } from "#lib/databases/read/settings.ts";
import { settingText } from "#lib/databases/server/setting-text.ts";
import { quoteName } from "#lib/databases/server/sql-text.ts";
import { TRANSACTION_IDS } from "#lib/db/server-status.ts";
import { formatText } from "#lib/format/value.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const BLOCK = 8_192;

const percentText = (share: number) => `${formatText(share * 100, "count")} %`;

const LEAST_READS = 100_000;
const GOOD_RATIO = { warning: 0.9, info: 0.97 };

/** Are many blocks not found in the server's cache? */
export const inspectCache: Inspection = ({ snapshots, dayAgo }) => {
  const before = new Map((dayAgo.databases?.data ?? []).map((row) => [row.name, row]));
  const rows = (snapshots.databases?.data ?? [])
    .map(({ name, blocksHit, blocksRead }) => ({
      name,
      hit: grown(blocksHit, before.get(name)?.blocksHit),
      read: grown(blocksRead, before.get(name)?.blocksRead),
    }))
    .map((row) => ({ ...row, ratio: row.hit / Math.max(1, row.hit + row.read) }))
    .filter(({ read, ratio }) => read >= LEAST_READS && ratio < GOOD_RATIO.info)
    .sort((a, b) => a.ratio - b.ratio);
  const [worst] = rows;
  if (!worst) return [];
  return [
    found(
      {
        key: "cache",
        severity: worst.ratio < GOOD_RATIO.warning ? "warning" : "info",
        title: `${percentText(worst.ratio)} of the blocks of ${worst.name} were found in the cache in the past day`,
        why: "The others were read from the operating system, or from disk, which takes longer.",
        remedy:
          "Give shared_buffers a quarter of the machine's memory, and look for statements that read much: Queries, by I/O.",
        sql: "SHOW shared_buffers;\n-- takes a restart; a quarter of the memory:\nALTER SYSTEM SET shared_buffers = '4GB';",
      },
      rows,
      [
        { title: "Database", cell: ({ name }) => name },
        { title: "Found in the cache", unit: "percent", cell: ({ ratio }) => ratio * 100 },
        { title: "Read", unit: "bytes", cell: ({ read }) => read * BLOCK },
      ],
    ),
  ];
};

const MANY_CHECKPOINTS = 6;

/** Do checkpoints begin because the write-ahead log is full, before their time? */
export const inspectCheckpoints: Inspection = ({ snapshots, dayAgo }) => {
  const [now, before] = [snapshots.totals?.data, dayAgo.totals?.data];
  if (!now || !before) return [];
  const requested = grown(now.checkpointsRequested, before.checkpointsRequested);
  const timed = grown(now.checkpointsTimed, before.checkpointsTimed);
  if (requested < MANY_CHECKPOINTS || requested <= timed / 2) return [];
  const setting = snapshots.settings?.data.find(({ name }) => name === "max_wal_size");
  const mib = Number(setting?.value ?? 1024);
  return [
    found(
      {
        key: "checkpoints",
        severity: "warning",
        title: `${requested} of ${requested + timed} checkpoints in the past day came before their time`,
        why: "Each writes all changed blocks, and the first change of a block after it writes the whole block into the WAL.",
        remedy: "Raise max_wal_size until most checkpoints are timed.",
        sql: `ALTER SYSTEM SET max_wal_size = '${Math.max(2, Math.ceil((mib * 3) / 1024))}GB';\nSELECT pg_reload_conf();`,
      },
      [{ requested, timed, wal: grown(now.walBytes ?? 0, before.walBytes ?? undefined) }],
      [
        { title: "Requested", unit: "count", cell: (row) => row.requested },
        { title: "Timed", unit: "count", cell: (row) => row.timed },
        { title: "WAL written", unit: "bytes", cell: (row) => row.wal },
        { title: "max_wal_size", unit: "bytes", cell: () => mib * MIB },
      ],
    ),
  ];
};

const RETAINED = { warning: GIB, critical: 20 * GIB };

/** Do replication slots keep much of the write-ahead log, or have they lost it? */
export const inspectSlots: Inspection = ({ snapshots }) => {
  const rows = (snapshots.replication?.data.slots ?? []).filter(
    ({ active, retainedBytes, status }) =>
      status === "lost" ||
      status === "unreserved" ||
      (retainedBytes ?? 0) >= (active ? RETAINED.critical : RETAINED.warning),
  );
  const [worst] = rows;
  if (!worst) return [];
  const bytes = Math.max(0, ...rows.map(({ retainedBytes }) => retainedBytes ?? 0));
  const lost = rows.find(({ status }) => status === "lost");
  return [
    found(
      {
        key: "slots",
        severity: lost || bytes >= RETAINED.critical ? "critical" : "warning",
        title: lost
          ? `The slot ${lost.name} has lost WAL that it needs`
          : `The slot ${worst.name} keeps ${formatText(bytes, "bytes")} of WAL${worst.active ? "" : ", and nobody reads it"}`,
        why: lost
          ? "Whoever reads it cannot go on and must be made anew."
          : "WAL that a slot keeps is not removed: it fills the disk until the server stops.",
        remedy: "Start whoever reads the slot, or drop it; and set a limit to what slots may keep.",
        sql: `SELECT pg_drop_replication_slot('${worst.name.replaceAll("'", "''")}');\nALTER SYSTEM SET max_slot_wal_keep_size = '10GB';\nSELECT pg_reload_conf();`,
      },
      rows,
      [
        { title: "Slot", cell: ({ name }) => name },
        { title: "Kind", cell: ({ kind }) => kind },
        { title: "Active", cell: ({ active }) => (active ? "yes" : "no") },
        { title: "WAL status", cell: ({ status }) => status },
        { title: "Kept", unit: "bytes", cell: ({ retainedBytes }) => retainedBytes },
      ],
    ),
  ];
};

const LAG = { bytes: 256 * MIB, warningS: 60, criticalS: 600 };

/** Are standbys behind? */
export const inspectLag: Inspection = ({ snapshots }) => {
  const replication = snapshots.replication?.data;
  if (!replication) return [];
  const own = {
    name: "this server",
    address: null,
    state: "standby",
    sync: null,
    lagBytes: null,
    lagS: replication.ownLagS,
  };
  const all = replication.ownLagS === null ? replication.standbys : [own, ...replication.standbys];
  const rows = all.filter(
    ({ lagBytes, lagS, state }) =>
      (lagS ?? 0) >= LAG.warningS || (lagBytes ?? 0) >= LAG.bytes || state === "catchup" || state === "startup",
  );
  const [worst] = rows.toSorted((a, b) => (b.lagS ?? 0) - (a.lagS ?? 0));
  if (!worst) return [];
  const behind = [
    ...(worst.lagS ? [formatText(worst.lagS, "seconds")] : []),
    ...(worst.lagBytes ? [formatText(worst.lagBytes, "bytes")] : []),
  ].join(", ");
  return [
    found(
      {
        key: "replication-lag",
        severity: (worst.lagS ?? 0) >= LAG.criticalS ? "critical" : "warning",
        title: `${worst.name} is ${behind || "catching up"} behind`,
        why: "Reads there see old data, and a failover now would lose what it has not received.",
        remedy: "Look at the standby's disk and network, and for long queries there that hold its replay back.",
        sql: "SELECT application_name, state, sent_lsn, write_lsn, flush_lsn, replay_lsn, replay_lag FROM pg_stat_replication;",
      },
      rows,
      [
        { title: "Standby", cell: ({ name }) => name },
        { title: "State", cell: ({ state }) => state },
        { title: "Behind", unit: "seconds", cell: ({ lagS }) => lagS },
        { title: "Behind in WAL", unit: "bytes", cell: ({ lagBytes }) => lagBytes },
      ],
    ),
  ];
};

const AGE = { warning: 0.25, critical: 0.5 };

/** Is the end of transaction ids near? Autovacuum begins at 200 million, a tenth: what is far beyond was kept from it. */
export const inspectWraparound: Inspection = ({ snapshots }) => {
  const databases = (snapshots.databases?.data ?? []).filter(
    ({ transactionAge }) => transactionAge / TRANSACTION_IDS >= AGE.warning,
  );
  const [worst] = databases.toSorted((a, b) => b.transactionAge - a.transactionAge);
  if (!worst) return [];
  const share = worst.transactionAge / TRANSACTION_IDS;
  const [table] = (snapshots.tables?.data ?? [])
    .filter(({ database }) => database === worst.name)
    .toSorted((a, b) => b.frozenAge - a.frozenAge);
  return [
    found(
      {
        key: "wraparound",
        severity: share >= AGE.critical ? "critical" : "warning",
        title: `${percentText(share)} of the transaction ids of ${worst.name} are used`,
        why: "At the end the server takes no more changes until it is vacuumed.",
        remedy: "End what holds vacuum back (long transactions, prepared transactions, unused slots), then freeze.",
        sql: table
          ? `VACUUM (FREEZE, VERBOSE) ${quoteName(table.schema)}.${quoteName(table.table)};`
          : `-- in the database ${worst.name}:\nVACUUM (FREEZE, VERBOSE);`,
      },
      databases,
      [
        { title: "Database", cell: ({ name }) => name },
        {
          title: "Transaction ids used",
          unit: "percent",
          cell: ({ transactionAge }) => (transactionAge / TRANSACTION_IDS) * 100,
        },
      ],
    ),
  ];
};

const TEMP = { info: GIB, warning: 20 * GIB };

/** Do queries write much to temporary files? */
export const inspectTemp: Inspection = ({ snapshots, dayAgo }) => {
  const before = new Map((dayAgo.databases?.data ?? []).map((row) => [row.name, row]));
  const rows = (snapshots.databases?.data ?? [])
    .map(({ name, tempBytes, tempFiles }) => ({
      name,
      bytes: grown(tempBytes, before.get(name)?.tempBytes),
      files: grown(tempFiles, before.get(name)?.tempFiles),
    }))
    .filter(({ bytes }) => bytes >= TEMP.info);
  if (rows.length === 0) return [];
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  return [
    found(
      {
        key: "temp-files",
        severity: bytes >= TEMP.warning ? "warning" : "info",
        title: `Queries wrote ${formatText(bytes, "bytes")} to temporary files in the past day`,
        why: "Sorts and joins that do not fit into work_mem go through the disk.",
        remedy: "Find the statements (Queries, by temporary blocks), and raise work_mem for their user.",
        sql: "ALTER ROLE app SET work_mem = '64MB';",
      },
      rows,
      [
        { title: "Database", cell: ({ name }) => name },
        { title: "Written", unit: "bytes", cell: (row) => row.bytes },
        { title: "Files", unit: "count", cell: ({ files }) => files },
      ],
    ),
  ];
};

type Risk = {
  name: string;
  bad: (value: string) => boolean;
  severity: "critical" | "warning" | "info";
  why: string;
  set: string;
};

const RISKS: Risk[] = [
  {
    name: "fsync",
    bad: (v) => v === "off",
    severity: "critical",
    why: "A crash of the machine can destroy the data",
    set: "on",
  },
  {
    name: "full_page_writes",
    bad: (v) => v === "off",
    severity: "critical",
    why: "A crash can leave torn blocks",
    set: "on",
  },
  {
    name: "autovacuum",
    bad: (v) => v === "off",
    severity: "critical",
    why: "Dead rows stay, and transaction ids run out",
    set: "on",
  },
  {
    name: "track_counts",
    bad: (v) => v === "off",
    severity: "critical",
    why: "Autovacuum does nothing without it",
    set: "on",
  },
  {
    name: "zero_damaged_pages",
    bad: (v) => v === "on",
    severity: "critical",
    why: "Damaged data is silently dropped",
    set: "off",
  },
  {
    name: "ignore_checksum_failure",
    bad: (v) => v === "on",
    severity: "critical",
    why: "Damaged data is read as if it were good",
    set: "off",
  },
  {
    name: "password_encryption",
    bad: (v) => v === "md5",
    severity: "warning",
    why: "MD5 passwords can be replayed",
    set: "'scram-sha-256'",
  },
  {
    name: "synchronous_commit",
    bad: (v) => v === "off",
    severity: "info",
    why: "A crash loses the last commits, half a second of them",
    set: "on",
  },
  {
    name: "track_io_timing",
    bad: (v) => v === "off",
    severity: "info",
    why: "Times of I/O of statements are not known without it",
    set: "on",
  },
];

/** Settings that risk data or hide what happens, and those that wait for a restart. */
export const inspectSettings: Inspection = ({ snapshots }) => {
  const settings = snapshots.settings?.data ?? [];
  const byName = new Map(settings.map((row) => [row.name, row]));
  const columns: Column<SettingRow>[] = [
    { title: "Setting", cell: ({ name }) => name },
    { title: "Value", cell: ({ value, unit }) => settingText(value, unit) },
    { title: "Set by", cell: ({ source }) => source },
  ];
  const risky = RISKS.flatMap(({ name, bad, severity, why, set }) => {
    const row = byName.get(name);
    if (!row || !bad(row.value)) return [];
    return [
      found(
        {
          ...{ key: `setting:${name}`, severity, title: `${name} is ${row.value}`, why: `${why}.` },
          remedy: "Change it, unless somebody chose this value and knows why.",
          sql: `ALTER SYSTEM SET ${name} = ${set};\nSELECT pg_reload_conf();`,
        },
        [row],
        columns,
      ),
    ];
  });
  const pending = settings.filter(({ pendingRestart }) => pendingRestart);
  if (pending.length === 0) return risky;
  const restart = found(
    {
      key: "pending-restart",
      severity: "info",
      title: `${pending.length} changed ${pending.length === 1 ? "setting waits" : "settings wait"} for a restart`,
      why: "The server still works with the old values.",
      remedy: "Restart it when that suits.",
      sql: "SELECT name, setting FROM pg_settings WHERE pending_restart;",
    },
    pending,
    columns,
  );
  return [...risky, restart];
};
