import { type CallOutput, call } from "#components/layout/api.ts";
import type { PageMark } from "#components/marks/page-mark.ts";
import type { Severity } from "#lib/contract/enums.ts";
import * as contract from "#lib/contract/index.ts";
import { DAY_MS } from "#lib/time/durations.ts";

const MOST = 200;

/** Incidents and alerts are listed by their start: those that began so long before are asked for as well, ms. */
const BEFORE_MS = DAY_MS;

const GRAVE: Record<Severity, string> = { critical: "var(--bad)", warning: "var(--warn)", info: "var(--muted)" };

const incidentMark = (incident: CallOutput<typeof contract.incidents.list>[number], now: number): PageMark => ({
  key: `incident ${incident.hostId} ${incident.id}`,
  kind: "incident",
  from: incident.startedAt.getTime(),
  to: incident.endedAt?.getTime() ?? now,
  text: incident.title,
  href: `/anomalies/incidents/${incident.id}?host=${incident.hostId}`,
  colour: GRAVE[incident.severity],
});

const alertMark = (alert: CallOutput<typeof contract.alerts.list>[number], now: number): PageMark => ({
  key: `alert ${alert.hostId} ${alert.id}`,
  kind: "alert",
  from: (alert.firedAt ?? alert.startedAt).getTime(),
  to: alert.endedAt?.getTime() ?? now,
  text: alert.summary,
  href: `/alerts/${alert.id}?host=${alert.hostId}`,
  colour: GRAVE[alert.severity],
});

const annotationMark = (annotation: CallOutput<typeof contract.annotations.list>[number]): PageMark => ({
  key: `annotation ${annotation.id}`,
  kind: annotation.kind,
  from: annotation.at.getTime(),
  to: annotation.at.getTime(),
  text: annotation.text,
  href: annotation.url || undefined,
  colour: annotation.kind === "incident" ? GRAVE.critical : "var(--accent)",
});

/** An experiment is marked where it began and where it was stopped. */
const experimentMarks = ({ key, name, startedAt, stoppedAt }: CallOutput<typeof contract.experiments.list>[number]) =>
  [
    { at: startedAt, act: "Started" },
    { at: stoppedAt, act: "Stopped" },
  ].flatMap(({ at, act }): PageMark[] =>
    at === null
      ? []
      : [
          {
            ...{ key: `experiment ${key} ${act}`, kind: "experiment", text: `${act}: ${name}` },
            ...{ from: at.getTime(), to: at.getTime() },
            href: `/experiments/${encodeURIComponent(key)}`,
            colour: "var(--accent)",
          },
        ],
  );

/** What happened on a host from one instant to another (ms), by time; what cannot be read is left out. */
export async function readMarks(
  host: number,
  { from, to }: { from: number; to: number },
  signal: AbortSignal,
): Promise<PageMark[]> {
  const now = Date.now();
  const range = { from: String(from), to: String(to) };
  const early = { host, from: String(Math.max(0, from - BEFORE_MS)), to: String(to), limit: MOST };
  const parts = await Promise.allSettled([
    call(contract.incidents.list, { query: early, signal }).then((all) => all.map((each) => incidentMark(each, now))),
    call(contract.incidents.list, { query: { host, ongoing: true, limit: MOST }, signal }).then((all) =>
      all.map((each) => incidentMark(each, now)),
    ),
    call(contract.alerts.list, { query: early, signal }).then((all) =>
      all.filter(({ firedAt }) => firedAt !== null).map((each) => alertMark(each, now)),
    ),
    call(contract.annotations.list, { query: { host, ...range }, signal }).then((all) => all.map(annotationMark)),
    call(contract.experiments.list, { query: { since: String(from) }, signal }).then((all) =>
      all.flatMap(experimentMarks),
    ),
  ]);
  const found = parts.flatMap((part) => (part.status === "fulfilled" ? part.value : []));
  const unique = new Map(found.map((mark) => [mark.key, mark]));
  return [...unique.values()].filter((mark) => mark.from < to && mark.to >= from).sort((a, b) => a.from - b.from);
}
