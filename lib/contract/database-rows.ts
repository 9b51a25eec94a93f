import { DATABASE_KINDS, SERVER_STATES, TLS_MODES } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import { entityId, hostRef, instant, severity } from "#lib/contract/shared.ts";

const LINE = /^[^\n\r]*$/;
const line = (max: number, message: string) => z.string().trim().min(1, message).max(max).regex(LINE);

/** A server as it is written. */
export const databaseServerSchema = z.object({
  name: line(60, "Enter a name"),
  kind: z.enum(DATABASE_KINDS).default("postgres"),
  hostId: entityId.optional().describe("The host that it runs on. Default: the portal's own"),
  address: line(253, "Enter a host name, an address, or the folder of a socket").describe(
    "Host name, address, or the folder of its socket",
  ),
  port: z.number().int().min(1).max(65_535).default(5432),
  database: line(63, "Enter a database").default("postgres").describe("PgBouncer's console: pgbouncer"),
  user: line(63, "Enter a user"),
  password: z.string().max(1_000).optional().describe("Left out: the one that is stored stays"),
  tls: z
    .enum(TLS_MODES)
    .default("off")
    .describe("required encrypts; verified also checks the certificate and its name"),
  enabled: z.boolean().default(true),
  intervalS: z.number().int().min(5).max(300).default(15).describe("Seconds between samples"),
});

export const databaseTestSchema = databaseServerSchema.extend({
  id: entityId.optional().describe("A server whose stored password is used where none is entered"),
});

const command = z.object({ message: z.string(), sql: z.string().nullable().describe("The command that remedies it") });

export const serverCheck = z.object({
  version: z.string(),
  responseMs: z.number(),
  problems: z.array(command).describe("What is missing"),
});

export const databaseServer = z.object({
  id: z.number().int(),
  host: hostRef,
  name: z.string(),
  kind: z.enum(DATABASE_KINDS),
  own: z.boolean().describe("The portal's own, which needs no configuration"),
  enabled: z.boolean(),
  intervalS: z.number().int(),
  address: z.string(),
  port: z.number().int(),
  database: z.string(),
  user: z.string(),
  tls: z.enum(TLS_MODES),
  state: z.enum(SERVER_STATES).describe("unknown: off, or not read for three intervals"),
  reason: z.string().nullable().describe("Why it does not answer"),
  since: instant.nullable().describe("Since when it does not answer"),
  readAt: instant.nullable(),
  version: z.string().nullable(),
  responseMs: z.number().nullable(),
  connections: z.number().nullable(),
  maxConnections: z.number().nullable(),
  findings: z.object({ critical: z.number().int(), warning: z.number().int(), info: z.number().int() }),
  worst: z.string().nullable().describe("Title of the gravest finding"),
});

const cell = z.union([z.string(), z.number(), z.null()]);

export const finding = z.object({
  key: z.string(),
  severity,
  title: z.string(),
  why: z.string(),
  columns: z.array(z.object({ title: z.string(), unit: z.string().nullable() })),
  rows: z.array(z.array(cell)),
  sql: z.string().nullable().describe("What to run"),
  remedy: z.string(),
});

export const statementRow = z.object({
  queryId: z.string().describe("0: all that were not among the hundred most costly of their minute"),
  text: z.string(),
  database: z.string(),
  users: z.array(z.string()),
  calls: z.number(),
  totalMs: z.number(),
  meanMs: z.number(),
  share: z.number().describe("Of the time of all statements, 0 to 1"),
  rows: z.number(),
  blocksHit: z.number(),
  blocksRead: z.number(),
  ioMs: z.number(),
  tempBlocks: z.number(),
  walBytes: z.number(),
});

export const statementHistory = z.object({
  queryId: z.string(),
  text: z.string(),
  firstSeenAt: instant,
  lastSeenAt: instant,
  stepS: z.number().int(),
  points: z.array(z.object({ at: instant, calls: z.number(), meanMs: z.number(), rows: z.number() })),
});

export const planRequest = z.object({
  queryId: z
    .string()
    .regex(/^-?\d{1,19}$/)
    .describe("A statement of pg_stat_statements"),
  database: z.string().max(63),
});

export const sessionHistory = z.object({
  stepS: z.number().int(),
  groups: z.array(
    z.object({
      key: z.string(),
      title: z.string(),
      average: z.number().describe("Active sessions on average over the span"),
      points: z.array(z.tuple([z.number().describe("ms since the epoch"), z.number()])),
    }),
  ),
});

const lockedSession = z.object({
  pid: z.number().int(),
  blockedBy: z.array(z.number().int()),
  user: z.string().nullable(),
  database: z.string().nullable(),
  application: z.string(),
  state: z.string().nullable(),
  waitEvent: z.string().nullable(),
  lockMode: z.string().nullable(),
  relation: z.string().nullable(),
  waitsS: z.number().nullable(),
  transactionS: z.number().nullable(),
  statement: z.string().describe("Without its values"),
});

export const lockTree = z.object({ at: instant, sessions: z.array(lockedSession) });

export const tableRow = z.object({
  database: z.string(),
  schema: z.string(),
  table: z.string(),
  bytes: z.number(),
  rows: z.number(),
  deadRows: z.number(),
  sequentialScans: z.number(),
  sequentialRows: z.number(),
  indexScans: z.number(),
  changes: z.number().describe("Rows inserted, updated and deleted"),
  blocksHit: z.number(),
  blocksRead: z.number(),
  vacuumedAt: z.number().nullable().describe("ms since the epoch"),
  analyzedAt: z.number().nullable().describe("ms since the epoch"),
  vacuumThreshold: z.number().describe("Dead rows at which autovacuum is due"),
  frozenAge: z.number(),
  bloatBytes: z
    .number()
    .nullable()
    .describe("Estimated; null of a small table, and where its statistics are not there or may not be read"),
});

export const indexRow = z.object({
  database: z.string(),
  schema: z.string(),
  table: z.string(),
  index: z.string(),
  bytes: z.number(),
  scans: z.number(),
  unique: z.boolean(),
  primary: z.boolean(),
  constraint: z.boolean(),
  valid: z.boolean(),
  /** Method, key columns, included columns, operator classes and condition: equal for indexes that do the same. */
  shape: z.string(),
  columns: z.string(),
});

export const tablesView = z.object({
  tablesAt: instant.nullable(),
  indexesAt: instant.nullable(),
  tables: z.array(tableRow),
  indexes: z.array(indexRow),
  failures: z.array(command),
});

export const standbyRow = z.object({
  name: z.string(),
  address: z.string().nullable(),
  state: z.string().nullable(),
  sync: z.string().nullable(),
  lagBytes: z.number().nullable(),
  lagS: z.number().nullable(),
});

export const slotRow = z.object({
  name: z.string(),
  kind: z.string(),
  active: z.boolean(),
  status: z.string().nullable().describe("reserved, extended, unreserved or lost"),
  retainedBytes: z.number().nullable(),
});

export const replicationView = z.object({
  at: instant.nullable(),
  inRecovery: z.boolean(),
  standbys: z.array(standbyRow),
  slots: z.array(slotRow),
});

export const settingRow = z.object({
  name: z.string(),
  value: z.string(),
  unit: z.string().nullable(),
  source: z.string(),
  pendingRestart: z.boolean(),
});

export const settingsView = z.object({
  at: instant.nullable(),
  settings: z.array(settingRow),
  changes: z.array(
    z.object({ at: instant, name: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
});
