import { anomalyTimeline } from "#lib/anomalies/count-anomalies.ts";
import { type AnomalyFilter, type AnomalyInfo, listAnomalies } from "#lib/anomalies/list-anomalies.ts";
import { type IncidentInfo, listIncidents } from "#lib/anomalies/list-incidents.ts";
import { SEVERITIES } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import type { ExperimentInfo } from "#lib/experiments/read.ts";
import { type EffectOverTime, type Results, readTimeline } from "#lib/experiments/read-results.ts";
import { unitName } from "#lib/format/value.ts";
import type { HostInfo } from "#lib/hosts/hosts.ts";
import type { Insights } from "#lib/insights/insights.ts";
import type { Cell, ColumnKind, LineChart, Table } from "#lib/tables/table.ts";

const BATCH = 500;

/** A column with what it shows of one thing. */
type Field<T> = [key: string, title: string, kind: ColumnKind, of: (one: T) => Cell];

function listTable<T>(name: string, fields: Field<T>[], things: AsyncIterable<T[]>): Table {
  const rows = async function* (): AsyncGenerator<Cell[][]> {
    for await (const batch of things) yield batch.map((one) => fields.map(([, , , of]) => of(one)));
  };
  return { name, columns: fields.map(([key, title, kind]) => ({ key, title, kind })), rows: rows() };
}

async function* once<T>(things: T[]): AsyncGenerator<T[]> {
  yield things;
}

/** Pages of a list until one is not full. */
async function* pages<T>(read: (skip: number) => Promise<T[]>): AsyncGenerator<T[]> {
  for (let skip = 0; ; skip += BATCH) {
    const found = await read(skip);
    yield found;
    if (found.length < BATCH) return;
  }
}

const ANOMALY: Field<AnomalyInfo>[] = [
  ["detected_at", "Detected", "time", (one) => one.detectedAt],
  ["ended_at", "Ended", "time", (one) => one.endedAt],
  ["host", "Host", "text", (one) => one.host],
  ["series", "Series", "text", (one) => one.series],
  ["type", "Type", "text", (one) => one.type],
  ["severity", "Severity", "text", (one) => one.severity],
  ["status", "Status", "text", (one) => one.status],
  ["value", "Value", "number", (one) => one.value],
  ["expected", "Expected", "number", (one) => one.expected],
  ["score", "Score", "number", (one) => one.score],
  ["confidence", "Confidence", "share", (one) => one.confidence],
  ["reason", "Reason", "text", (one) => one.reason],
  ["note", "Note", "text", (one) => one.note],
];

async function anomalyChart(db: Connection, { hostId, from, to }: AnomalyFilter): Promise<LineChart> {
  const { steps } = await anomalyTimeline(db, { hostId, from, to, points: 100 });
  const lines = SEVERITIES.map((name) => ({
    name,
    points: steps.map((step): [number, number] => [step.at, step[name]]),
  }));
  return { title: "Anomalies", unit: "count", rate: false, lines };
}

/** Anomalies, newest first, with how many began when. */
export const anomaliesTable = (db: Connection, filter: AnomalyFilter): Table => ({
  ...listTable(
    "Anomalies",
    ANOMALY,
    pages(async (skip) => (await listAnomalies(db, filter, { skip, take: BATCH })).anomalies),
  ),
  attachments: async () => ({ charts: [await anomalyChart(db, filter)], sheets: [] }),
});

const INCIDENT: Field<IncidentInfo>[] = [
  ["started_at", "Began", "time", (one) => one.startedAt],
  ["ended_at", "Ended", "time", (one) => one.endedAt],
  ["host", "Host", "text", (one) => one.host],
  ["severity", "Severity", "text", (one) => one.severity],
  ["status", "Status", "text", (one) => one.status],
  ["anomalies", "Anomalies", "number", (one) => one.anomalies.length],
  ["first", "Moved first", "text", (one) => one.anomalies.find(({ order }) => order === 1)?.series ?? null],
  ["reason", "Reason", "text", (one) => one.anomalies.find(({ order }) => order === 1)?.reason ?? null],
  ["series", "Series", "text", (one) => one.anomalies.map(({ series }) => series).join(", ")],
];

/** Incidents, newest first. */
export const incidentsTable = (
  db: Connection,
  filter: { hostId?: number | undefined; from: number; to: number },
): Table =>
  listTable(
    "Incidents",
    INCIDENT,
    pages((skip) => listIncidents(db, filter, BATCH, skip)),
  );

const HOST: Field<HostInfo>[] = [
  ["id", "Id", "number", (one) => one.id],
  ["name", "Host", "text", (one) => one.name],
  ...["os", "kernel", "cpu", "cores"].map(
    (key): Field<HostInfo> => [key, key === "os" ? "System" : key, "text", (one) => String(one.system[key] ?? "")],
  ),
  ["first_seen_at", "First seen", "time", (one) => one.firstSeenAt],
  ["last_sample_at", "Newest sample", "time", (one) => one.lastSampleAt],
];

export const hostsTable = (hosts: HostInfo[]): Table => listTable("Hosts", HOST, once(hosts));

/** One thing that is known of a host, whichever kind. */
type Known = {
  kind: string;
  what: string;
  severity?: string;
  status?: string;
  why?: string;
  value?: number;
  before?: number | null;
  unit?: string;
  at?: number | null;
};

const KNOWN: Field<Known>[] = [
  ["kind", "Kind", "text", (one) => one.kind],
  ["what", "What", "text", (one) => one.what],
  ["severity", "Severity", "text", (one) => one.severity ?? null],
  ["status", "Status", "text", (one) => one.status ?? null],
  ["why", "Why", "text", (one) => one.why ?? null],
  ["value", "Value", "number", (one) => one.value ?? null],
  ["before", "Before", "number", (one) => one.before ?? null],
  ["unit", "Unit", "text", (one) => one.unit ?? null],
  ["at", "When", "time", (one) => (one.at ? new Date(one.at) : null)],
];

/** Recommendations, signals, bottlenecks and trends of a host, a row each. */
export function insightsTable({ recommendations, signals, bottlenecks, trends }: Insights): Table {
  const known: Known[] = [
    ...recommendations.map(({ title, severity, status, why }) => ({
      kind: "recommendation",
      what: title,
      ...{ severity, status, why },
    })),
    ...signals.map(({ kind, subject, severity, at }) => ({
      kind: "signal",
      what: `${subject}: ${kind}`,
      severity,
      at,
    })),
    ...bottlenecks.map(({ resource, utilisation }) => ({
      kind: "bottleneck",
      what: resource,
      value: utilisation,
      unit: "percent",
    })),
    ...trends.flatMap((one) =>
      (["day", "week"] as const).map((span) => ({
        kind: `trend of the ${span}`,
        what: one.name,
        value: one[span].now,
        before: one[span].before,
        unit: unitName(one.unit, one.rate),
      })),
    ),
  ];
  return listTable("Insights", KNOWN, once(known));
}

const EXPERIMENT: Field<ExperimentInfo>[] = [
  ["key", "Experiment", "text", (one) => one.key],
  ["name", "Name", "text", (one) => one.name],
  ["kind", "Kind", "text", (one) => one.kind],
  ["status", "Status", "text", (one) => one.status],
  ["verdict", "Verdict", "text", (one) => one.decision],
  ["owner", "Owner", "text", (one) => one.owner],
  ["tags", "Tags", "text", (one) => one.tags.join(", ")],
  ["variants", "Variants", "text", (one) => one.variants.map(({ key }) => key).join(", ")],
  ["started_at", "Started", "time", (one) => one.startedAt],
  ["stopped_at", "Stopped", "time", (one) => one.stoppedAt],
  ["hypothesis", "Hypothesis", "text", (one) => one.hypothesis],
];

export const experimentsTable = (experiments: ExperimentInfo[]): Table =>
  listTable("Experiments", EXPERIMENT, once(experiments));

type Metric = Results["metrics"][number];
type Outcome = { metric: Metric; arm: Metric["arms"][number]; against: Metric["comparisons"][number] | undefined };

/** How the effects on the metrics grew, day by day, in percent. */
async function effectCharts(db: Connection, experiment: ExperimentInfo): Promise<LineChart[]> {
  if (experiment.kind !== "ab") return [];
  const charts: LineChart[] = [];
  for (const { key, name } of experiment.metrics) {
    const line = ({ variant, days }: { variant: string; days: EffectOverTime }) => [
      { name: variant, points: days.map(({ at, effect }): [number, number] => [at, 100 * effect]) },
      ...["from", "to"].map((end, n) => ({
        name: `${variant}, interval ${end}`,
        points: days.map(({ at, ci }): [number, number] => [at, 100 * (ci[n] as number)]),
      })),
    ];
    const lines = (await readTimeline(db, experiment, key)).flatMap(line);
    charts.push({ title: `Effect on ${name}`, unit: "percent", rate: false, lines });
  }
  return charts;
}

/** An experiment's results, a row for each metric and variant. */
export function resultsTable(db: Connection, experiment: ExperimentInfo, { metrics, verdict }: Results): Table {
  const outcomes = metrics.flatMap((metric) =>
    metric.arms.map((arm) => ({ metric, arm, against: metric.comparisons.find((c) => c.variant === arm.variant) })),
  );
  const fields: Field<Outcome>[] = [
    ["experiment", "Experiment", "text", () => experiment.key],
    ["status", "Status", "text", () => experiment.status],
    ["verdict", "Verdict", "text", () => verdict.decision],
    ["metric", "Metric", "text", ({ metric }) => metric.name],
    ["role", "Role", "text", ({ metric }) => metric.role],
    ["variant", "Variant", "text", ({ arm }) => arm.variant],
    ["n", "Of", "number", ({ arm }) => arm.n],
    ["mean", "Value", "number", ({ arm }) => arm.mean],
    ["effect", "Effect", "share", ({ against }) => against?.effect ?? null],
    ["ci_low", "Interval from", "share", ({ against }) => against?.ci[0] ?? null],
    ["ci_high", "Interval to", "share", ({ against }) => against?.ci[1] ?? null],
    ["p", "p", "number", ({ against }) => against?.p ?? null],
    ["adjusted_p", "p, corrected", "number", ({ against }) => against?.adjustedP ?? null],
    ["chance_to_win", "Chance to win", "share", ({ against }) => against?.chanceToWin ?? null],
    ["method", "Method", "text", ({ against }) => against?.method ?? "control"],
  ];
  return {
    ...listTable("Results", fields, once(outcomes)),
    attachments: async () => ({ charts: await effectCharts(db, experiment), sheets: [] }),
  };
}

const auditPage = (db: Connection, { from, to }: { from: number; to: number }, after: number) =>
  db.auditEvent.findMany({
    where: { id: { gt: after }, at: { gte: new Date(from), lt: new Date(to) } },
    orderBy: { id: "asc" },
    take: BATCH,
  });

type Entry = Awaited<ReturnType<typeof auditPage>>[number];

const AUDIT: Field<Entry>[] = [
  ["at", "Time", "time", (one) => one.at],
  ["user", "User", "text", (one) => one.email],
  ["action", "Action", "text", (one) => one.action],
  ["subject", "Subject", "text", (one) => one.subject],
  ["details", "Details", "text", (one) => JSON.stringify(one.details)],
  ["hash", "Hash", "text", (one) => one.hash],
];

/** The audit trail, oldest first. */
export function auditTable(db: Connection, span: { from: number; to: number }): Table {
  const entries = async function* () {
    for (let after = 0; ; ) {
      const found = await auditPage(db, span, after);
      yield found;
      if (found.length < BATCH) return;
      after = found.at(-1)?.id ?? after;
    }
  };
  return listTable("Audit trail", AUDIT, entries());
}
