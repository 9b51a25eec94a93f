import {
  databaseServer,
  databaseServerSchema,
  databaseTestSchema,
  finding,
  lockTree,
  planRequest,
  replicationView,
  serverCheck,
  sessionHistory,
  settingsView,
  statementHistory,
  statementRow,
  tablesView,
} from "#lib/contract/database-rows.ts";
import { endpoint } from "#lib/contract/endpoint.ts";
import { DATABASE_SORTS, SESSION_GROUPS } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import { hostQuery, idParams, instant, spanQuery } from "#lib/contract/shared.ts";

const TAG = "Databases";
const read = { method: "get", tag: TAG, permission: "databases:read", params: idParams } as const;

const queryId = z
  .string()
  .regex(/^-?\d{1,19}$/)
  .describe("Query id, as pg_stat_statements has it");

/** The servers that are watched. */
export const databases = {
  list: endpoint({
    method: "get",
    path: "/databases",
    tag: TAG,
    summary: "The watched database servers, the portal's own first, each with its state",
    permission: "databases:read",
    query: z.object(hostQuery),
    response: z.array(databaseServer),
  }),
  create: endpoint({
    method: "post",
    path: "/databases",
    tag: TAG,
    summary: "Adds a database server or PgBouncer to watch",
    permission: "databases:manage",
    secret: ["password"],
    body: databaseServerSchema,
    response: databaseServer,
    status: 201,
  }),
  test: endpoint({
    method: "post",
    path: "/databases/test",
    tag: TAG,
    summary: "Connects once with what was entered, and says what is missing and which command grants it",
    permission: "databases:manage",
    audit: "none",
    secret: ["password"],
    body: databaseTestSchema,
    response: serverCheck,
  }),
  read: endpoint({
    ...read,
    path: "/databases/{id}",
    summary: "A database server with its state",
    response: databaseServer,
  }),
  replace: endpoint({
    method: "put",
    path: "/databases/{id}",
    tag: TAG,
    summary: "Changes how a database server is watched; its name stays",
    permission: "databases:manage",
    secret: ["password"],
    params: idParams,
    body: databaseServerSchema,
    response: databaseServer,
  }),
  remove: endpoint({
    method: "delete",
    path: "/databases/{id}",
    tag: TAG,
    summary: "Stops watching a database server and deletes what was read of it, but for its series",
    permission: "databases:manage",
    params: idParams,
  }),
  findings: endpoint({
    ...read,
    path: "/databases/{id}/findings",
    summary: "What is the matter with a server, the gravest first, each with evidence and the SQL to run",
    response: z.array(finding),
  }),
};

/** What statements and sessions of a server did. */
export const databaseActivity = {
  statements: endpoint({
    ...read,
    path: "/databases/{id}/statements",
    summary: "The statements of a span by what they cost",
    query: z.object({
      ...spanQuery("now-1h"),
      sort: z.enum(DATABASE_SORTS).default("total"),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    response: z.object({ from: instant, to: instant, statements: z.array(statementRow) }),
  }),
  statement: endpoint({
    ...read,
    path: "/databases/{id}/statements/history",
    summary: "A statement's text and what it cost over a span",
    query: z.object({ ...spanQuery("now-1h"), query: queryId }),
    response: statementHistory,
  }),
  explain: endpoint({
    method: "post",
    path: "/databases/{id}/explain",
    tag: TAG,
    summary: "The plan of a statement that was seen, with generic parameters; nothing is executed",
    permission: "databases:explain",
    params: idParams,
    body: planRequest,
    response: z.object({ plan: z.string(), database: z.string() }),
  }),
  sessions: endpoint({
    ...read,
    path: "/databases/{id}/sessions",
    summary: "Active sessions over a span, on average, by what they waited for, by statement, user or database",
    query: z.object({ ...spanQuery("now-1h"), by: z.enum(SESSION_GROUPS).default("wait") }),
    response: sessionHistory,
  }),
  locks: endpoint({
    ...read,
    path: "/databases/{id}/locks",
    summary: "Who waits for whom, read now",
    response: lockTree,
  }),
};

/** What was last read of a server. */
export const databaseCatalog = {
  tables: endpoint({
    ...read,
    path: "/databases/{id}/tables",
    summary: "The largest tables and indexes, with their use, dead rows and estimated bloat",
    response: tablesView,
  }),
  replication: endpoint({
    ...read,
    path: "/databases/{id}/replication",
    summary: "Standbys, replication slots, WAL and checkpoints",
    response: replicationView,
  }),
  settings: endpoint({
    ...read,
    path: "/databases/{id}/settings",
    summary: "Settings that are not the default, and the changes that were seen",
    response: settingsView,
  }),
};
