import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Node } from "oxc-parser";
import { PRISMA_DIR } from "../paths.ts";
import { roomOf } from "./layers.ts";
import { lineOf, type Source, walk } from "./source.ts";

/** Which room of lib owns which tables: only there are they read and written, by Prisma or by SQL. */
const OWNERS: Record<string, string[]> = {
  tsdb: ["source", "series", "frame_schema", "frame", "chunk"],
  settings: ["setting"],
  audit: ["audit_event"],
  access: ["user", "session", "sign_in_failure", "rate_limit", "setup_token", "api_token", "account_link"],
  jobs: ["job", "work_failure"],
  checks: ["uptime_check"],
  hosts: ["host", "agent", "enrolment_token"],
  inputs: ["input", "input_drop"],
  scrape: ["scrape_config", "scrape_target"],
  otlp: ["otlp_total", "otlp_exemplar", "trace", "trace_rank", "service_version"],
  processes: ["process_sample", "process_block"],
  annotations: ["annotation", "event_hook"],
  databases: [
    ...["database_server", "database_snapshot", "database_statement", "database_history"],
    "database_setting_change",
  ],
  anomalies: ["incident", "incident_event", "performance_anomaly", "detector_state", "detection_override"],
  incidents: ["post_mortem"],
  experiments: [
    ...["experiment", "variant", "experiment_metric", "exposure", "metric_event", "subject_total"],
    ...["experiment_total", "verdict", "experiment_change", "publishable_key"],
  ],
  alerts: [
    ...["alert_rule", "alert_heartbeat", "alert_instance", "alert_clock", "alert", "alert_transition"],
    ...["alert_channel", "alert_delivery", "alert_silence", "alert_event", "alert_routing", "alert_attempt"],
    ...["alert_link_use", "status_page", "status_subscriber"],
    ...["push_subscription", "alert_evaluation", "alert_element"],
    ...["alert_inhibition", "on_call_schedule", "on_call_override"],
  ],
  slo: ["slo", "slo_count"],
  insights: ["recommendation_state", "host_signal"],
  reports: [
    "analytics_report",
    "report_share",
    "report_template",
    "report_schedule",
    "report_delivery",
    "mail_opt_out",
  ],
  exports: ["export_job"],
};

/** A backup copies tables whole, whatever is in them. */
const ANY_TABLE = ["backup"];

type Schema = { tables: Map<string, string>; relations: Map<string, Set<string>> };

/** From schema.prisma: each model's table, by the client's name for it, and the tables that a relation field may lead to. */
function readSchema(): Schema {
  const text = readFileSync(join(PRISMA_DIR, "schema.prisma"), "utf8");
  const models = [...text.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name = "", body = ""]) => ({
    name,
    body,
    table: /@@map\("(\w+)"\)/.exec(body)?.[1] ?? name,
  }));
  const tableOf = new Map(models.map(({ name, table }) => [name, table]));
  const relations = new Map<string, Set<string>>();
  for (const { body } of models)
    for (const [, field = "", type = ""] of body.matchAll(/^\s+(\w+)\s+(\w+)(?:\[\]|\?)?/gm)) {
      const table = tableOf.get(type);
      if (table) relations.set(field, (relations.get(field) ?? new Set()).add(table));
    }
  const client = models.map(({ name, table }): [string, string] => [
    `${name[0]?.toLowerCase()}${name.slice(1)}`,
    table,
  ]);
  return { tables: new Map(client), relations };
}

const METHODS =
  /^(find(Many|First|Unique)(OrThrow)?|create(Many(AndReturn)?)?|update(Many(AndReturn)?)?|upsert|delete(Many)?|count|aggregate|groupBy)$/;

/** The Prisma model of a call such as db.host.findMany, by the client's name. */
function calledModel(node: Node): string | undefined {
  if (node.type !== "MemberExpression" || node.computed || node.property.type !== "Identifier") return undefined;
  if (!METHODS.test(node.property.name) || node.object.type !== "MemberExpression") return undefined;
  const { property } = node.object;
  return property.type === "Identifier" ? property.name : undefined;
}

const keyOf = (node: Node): string => (node.type === "Property" && node.key.type === "Identifier" ? node.key.name : "");

const QUERY_KEYS = ["select", "include", "omit", "where", "orderBy"];

/** The relation that a part of a Prisma query brings along: `include: { host: true }` or `host: { select: ... }`. */
function includedRelations(node: Node): string[] {
  if (node.type !== "Property" || node.value.type !== "ObjectExpression") return [];
  const inner = node.value.properties;
  if (keyOf(node) === "include") return inner.map(keyOf);
  return inner.some((property) => QUERY_KEYS.includes(keyOf(property))) ? [keyOf(node)] : [];
}

const textOf = (node: Node): string =>
  node.type === "TemplateElement"
    ? node.value.raw
    : node.type === "Literal" && typeof node.value === "string"
      ? node.value
      : "";

const SQL = /\b(?:FROM|JOIN|INTO|UPDATE|TABLE|TRUNCATE|VACUUM|ANALYZE|ONLY|COPY)\s+"?([a-z_]+)"?/g;

/** The tables that one node of a syntax tree touches. */
function tablesOf(node: Node, { tables, relations }: Schema): string[] {
  const model = calledModel(node);
  const table = model === undefined ? undefined : tables.get(model);
  const included = includedRelations(node).flatMap((name) => {
    const targets = [...(relations.get(name) ?? [])];
    return targets.length === 1 ? targets : [];
  });
  const names = new Set(tables.values());
  const sql = [...textOf(node).matchAll(SQL)].map(([, name = ""]) => name).filter((name) => names.has(name));
  return [...(table ? [table] : []), ...included, ...sql];
}

/** Touches of tables outside the room that owns them, and tables without an owner, one line each. */
export function checkTables(sources: Source[]): string[] {
  const schema = readSchema();
  const ownerOf = new Map(Object.entries(OWNERS).flatMap(([room, tables]) => tables.map((table) => [table, room])));
  const broken = [...new Set(schema.tables.values())]
    .filter((table) => !ownerOf.has(table))
    .map((table) => `table ${table} has no owner: name it in scripts/steps/house/tables.ts`);
  for (const { path, text, program } of sources) {
    const room = roomOf(path);
    if (room && ANY_TABLE.includes(room)) continue;
    walk(program, (node) => {
      for (const table of tablesOf(node, schema))
        if (ownerOf.get(table) !== room)
          broken.push(`${path}:${lineOf(text, node.start)} touches ${table}, which lib/${ownerOf.get(table)} owns`);
    });
  }
  return broken;
}
