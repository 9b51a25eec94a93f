import type { z } from "zod";
import type { settingRow } from "#lib/contract/database-rows.ts";
import type { ServerSession } from "#lib/databases/server/connection.ts";

export type SettingRow = z.output<typeof settingRow>;

/** What findings look at, also where it is the default. */
const LOOKED_AT = [
  ...["autovacuum", "checkpoint_timeout", "fsync", "full_page_writes", "hot_standby_feedback"],
  ...[
    "log_lock_waits",
    "maintenance_work_mem",
    "max_connections",
    "max_slot_wal_keep_size",
    "max_wal_size",
    "password_encryption",
  ],
  ...[
    "random_page_cost",
    "shared_buffers",

    "synchronous_commit",
    "track_counts",
    "track_io_timing",
    "work_mem",
  ],
  ...["zero_damaged_pages", "ignore_checksum_failure", "data_checksums", "autovacuum_freeze_max_age", "wal_level"],
];

/** Settings that name a session, a file or a secret, and not how the server works. */
const LEFT_OUT = [
  "application_name",
  "client_encoding",
  "primary_conninfo",
  "ssl_passphrase_command",
  "transaction_timeout",
];

const SQL = `
  SELECT name, coalesce(setting, '') AS value, unit, source, pending_restart AS "pendingRestart" FROM pg_settings
  WHERE (source NOT IN ('default', 'client', 'session', 'override') OR pending_restart OR name = ANY($1)) AND name <> ALL($2) ORDER BY name LIMIT 400`;

/** Reads the settings that are not the default, and those that findings look at. */
export const readSettingRows = (session: ServerSession): Promise<SettingRow[]> =>
  session.rows<SettingRow>(SQL, [LOOKED_AT, LEFT_OUT]);

export type SettingChange = { name: string; before: string | null; after: string | null };

/** The settings that differ between two readings; a setting that is no longer listed has its default again. */
export function settingChanges(before: SettingRow[], after: SettingRow[]): SettingChange[] {
  const [old, now] = [before, after].map((rows) => new Map(rows.map(({ name, value }) => [name, value])));
  return [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].flatMap((name) => {
    const change = { name, before: old?.get(name) ?? null, after: now?.get(name) ?? null };
    return change.before === change.after ? [] : [change];
  });
}
