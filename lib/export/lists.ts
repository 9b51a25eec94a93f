import type { Connection } from "#lib/db/client.ts";
import type { Cell, Table } from "#lib/export/table.ts";
import { type AnomalyFilter, listAnomalies } from "#lib/query/anomalies.ts";
import type { Results } from "#lib/query/experiment-results.ts";
import type { ExperimentInfo } from "#lib/query/experiments.ts";

const BATCH = 500;

/** Anomalies, newest first. */
export function anomaliesTable(db: Connection, filter: AnomalyFilter): Table {
  const rows = async function* (): AsyncGenerator<Cell[]> {
    for (let skip = 0; ; skip += BATCH) {
      const { anomalies } = await listAnomalies(db, filter, { skip, take: BATCH });
      for (const one of anomalies) {
        const { detectedAt, endedAt, host, series, type, severity, status, value, expected, score, confidence } = one;
        yield [
          detectedAt,
          endedAt,
          host,
          series,
          type,
          severity,
          status,
          value,
          expected,
          score,
          confidence,
          one.reason,
          one.note,
        ];
      }
      if (anomalies.length < BATCH) return;
    }
  };
  return {
    name: "Anomalies",
    columns: [
      { key: "detected_at", title: "Detected", kind: "time" },
      { key: "ended_at", title: "Ended", kind: "time" },
      { key: "host", title: "Host", kind: "text" },
      { key: "series", title: "Series", kind: "text" },
      { key: "type", title: "Type", kind: "text" },
      { key: "severity", title: "Severity", kind: "text" },
      { key: "status", title: "Status", kind: "text" },
      { key: "value", title: "Value", kind: "number" },
      { key: "expected", title: "Usual", kind: "number" },
      { key: "score", title: "Score", kind: "number" },
      { key: "confidence", title: "Confidence", kind: "share" },
      { key: "reason", title: "Reason", kind: "text" },
      { key: "note", title: "Note", kind: "text" },
    ],
    rows: rows(),
  };
}

/** An experiment's results, a row for each metric and variant. */
export function resultsTable({ key, status }: ExperimentInfo, { metrics, verdict }: Results): Table {
  const rows = async function* (): AsyncGenerator<Cell[]> {
    for (const metric of metrics)
      for (const arm of metric.arms) {
        const one = metric.comparisons.find(({ variant }) => variant === arm.variant);
        yield [
          ...[key, status, verdict.decision, metric.name, metric.role, arm.variant, arm.n, arm.mean],
          ...(one
            ? [one.effect, one.ci[0], one.ci[1], one.p, one.adjustedP, one.chanceToWin, one.method]
            : [null, null, null, null, null, null, "control"]),
        ];
      }
  };
  return {
    name: "Results",
    columns: [
      { key: "experiment", title: "Experiment", kind: "text" },
      { key: "status", title: "Status", kind: "text" },
      { key: "verdict", title: "Verdict", kind: "text" },
      { key: "metric", title: "Metric", kind: "text" },
      { key: "role", title: "Role", kind: "text" },
      { key: "variant", title: "Variant", kind: "text" },
      { key: "n", title: "Of", kind: "number" },
      { key: "mean", title: "Value", kind: "number" },
      { key: "effect", title: "Effect", kind: "share" },
      { key: "ci_low", title: "Interval from", kind: "share" },
      { key: "ci_high", title: "Interval to", kind: "share" },
      { key: "p", title: "p", kind: "number" },
      { key: "adjusted_p", title: "p, corrected", kind: "number" },
      { key: "chance_to_win", title: "Chance to win", kind: "share" },
      { key: "method", title: "Method", kind: "text" },
    ],
    rows: rows(),
  };
}

/** The audit trail, oldest first. */
export function auditTable(db: Connection, { from, to }: { from: number; to: number }): Table {
  const rows = async function* (): AsyncGenerator<Cell[]> {
    for (let after = 0; ; ) {
      const found = await db.auditEntry.findMany({
        where: { id: { gt: after }, at: { gte: new Date(from), lt: new Date(to) } },
        orderBy: { id: "asc" },
        take: BATCH,
      });
      for (const { at, email, action, subject, details, hash } of found)
        yield [at, email, action, subject, JSON.stringify(details), hash];
      if (found.length < BATCH) return;
      after = found.at(-1)?.id ?? after;
    }
  };
  return {
    name: "Audit trail",
    columns: [
      { key: "at", title: "Time", kind: "time" },
      { key: "user", title: "User", kind: "text" },
      { key: "action", title: "Action", kind: "text" },
      { key: "subject", title: "Subject", kind: "text" },
      { key: "details", title: "Details", kind: "text" },
      { key: "hash", title: "Hash", kind: "text" },
    ],
    rows: rows(),
  };
}
