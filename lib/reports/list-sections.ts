import { type AlertQuality, readAlertQuality } from "#lib/alerts/alert-quality.ts";
import { anomaliesIn, anomalyTimeline } from "#lib/anomalies/count-anomalies.ts";
import { listIncidents } from "#lib/anomalies/list-incidents.ts";
import { countByAction, listAuditEvents } from "#lib/audit/trail.ts";
import type { Connection } from "#lib/db/client.ts";
import { listExperiments } from "#lib/experiments/read-experiments.ts";
import { decisionName } from "#lib/experiments/verdict.ts";
import { instantInText } from "#lib/format/date-time.ts";
import { durationText } from "#lib/format/duration.ts";
import { plural } from "#lib/format/plural.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";
import { type ReportSection, section } from "#lib/reports/section.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

type Period = { from: number; to: number };

/** What was unusual, the most severe incidents first, against the period before. */
export async function anomalySection(db: Connection, { from, to }: Period, hostIds: number[]): Promise<ReportSection> {
  const counted = async (start: number, end: number) => {
    const parts = await Promise.all(
      hostIds.map((hostId) => anomalyTimeline(db, { hostId, from: start, to: end, points: 60 })),
    );
    return anomaliesIn(parts.flatMap(({ steps }) => steps));
  };
  const [now, before, ...incidents] = await Promise.all([
    counted(from, to),
    counted(from - (to - from), from),
    ...hostIds.map((hostId) => listIncidents(db, { hostId, from, to }, 100)),
  ]);
  const rank = { critical: 0, warning: 1, info: 2 };
  const bySeverity = incidents
    .flat()
    .sort((a, b) => rank[a.severity] - rank[b.severity] || b.startedAt.getTime() - a.startedAt.getTime());
  const open = bySeverity.filter(({ status }) => status === "open").length;
  const unseen = bySeverity.filter(({ status, reviewed }) => status === "resolved" && !reviewed).length;
  return section("Anomalies and incidents", {
    words: [
      `${plural(now, "anomaly", "anomalies")} in ${plural(bySeverity.length, "incident")}, ${before} in the period before`,
      ...(open > 0 ? [`${plural(open, "incident")} still open and not acknowledged yet`] : []),
      ...(unseen > 0 ? [`${plural(unseen, "incident")} ended and not reviewed yet`] : []),
    ],
    table:
      bySeverity.length > 0
        ? {
            columns: ["Started", "Host", "Severity", "Series", "Reason"],
            rows: bySeverity.slice(0, 15).map(({ startedAt, host, severity, anomalies }) => [
              instantInText(startedAt),
              host,
              severity,
              anomalies
                .slice(0, 3)
                .map(({ series }) => seriesTitle(series))
                .join(", "),
              anomalies.find(({ order }) => order === 1)?.reason ?? "",
            ]),
          }
        : null,
  });
}

const MOST_RULES = 15;

/** How alerts did: precision by acknowledgement, and the times to acknowledge and to resolve, against the period before. */
export async function alertSection(db: Connection, { from, to }: Period, hostIds: number[]): Promise<ReportSection> {
  const [now, before] = await Promise.all([
    readAlertQuality(db, { hostIds, from, to }),
    readAlertQuality(db, { hostIds, from: from - (to - from), to: from }),
  ]);
  const { all, rules } = now;
  const figure = (label: string, unit: string, value: number | null, earlier: number | null) =>
    value === null ? [] : [{ label, unit, rate: false, value, before: earlier }];
  const seconds = (ms: number | null) => (ms === null ? null : ms / SECOND_MS);
  const share = ({ precision }: AlertQuality) => (precision === null ? null : precision * 100);
  const time = (ms: number | null) => (ms === null ? "" : durationText(ms));
  return section("Alert quality", {
    words: [`${plural(all.alerts, "alert")}, ${before.all.alerts} in the period before`],
    figures: [
      ...figure("Acknowledged", "percent", share(all), share(before.all)),
      ...figure("Median time to acknowledge", "seconds", seconds(all.acknowledgeMs), seconds(before.all.acknowledgeMs)),
      ...figure("Median time to resolve", "seconds", seconds(all.resolveMs), seconds(before.all.resolveMs)),
    ],
    table:
      rules.length > 0
        ? {
            columns: ["Rule", "Alerts", "Acknowledged", "Time to acknowledge", "Time to resolve"],
            rows: rules
              .slice(0, MOST_RULES)
              .map((row) => [
                row.rule,
                row.alerts,
                `${Math.round(share(row) ?? 0)} %`,
                time(row.acknowledgeMs),
                time(row.resolveMs),
              ]),
          }
        : null,
  });
}

/** Experiments that ran in the period, with what was concluded. */
export async function experimentSection(db: Connection, { from, to }: Period): Promise<ReportSection> {
  const ran = (await listExperiments(db)).filter(
    ({ startedAt, stoppedAt }) => startedAt && startedAt.getTime() < to && (stoppedAt?.getTime() ?? to) >= from,
  );
  return section("Experiments", {
    words: [
      ran.length === 0
        ? "No experiments ran"
        : `${plural(ran.length, "experiment")} ran, ${ran.filter(({ decision }) => decision === "ship").length} to ship`,
    ],
    table:
      ran.length > 0
        ? {
            columns: ["Experiment", "Status", "Verdict", "Since"],
            rows: ran.map(({ name, status, decision, startedAt }) => [
              name,
              status,
              decision ? decisionName(decision) : "",
              startedAt ? instantInText(startedAt) : "",
            ]),
          }
        : null,
  });
}

const AUDIT_ROWS = 30;

/** Who did what, by action. */
export async function auditSection(db: Connection, period: Period): Promise<ReportSection> {
  const [groups, newest] = await Promise.all([
    countByAction(db, period),
    listAuditEvents(db, { ...period, limit: AUDIT_ROWS }),
  ]);
  return section("Audit", {
    words: groups.length > 0 ? groups.map(({ action, count }) => `${action}: ${count}`) : ["Nothing was recorded"],
    table:
      newest.length > 0
        ? {
            columns: ["Time", "User", "Action", "Subject"],
            rows: newest.map(({ at, email, action, subject }) => [instantInText(at), email, action, subject]),
          }
        : null,
  });
}
