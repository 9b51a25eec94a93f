import { readAlert } from "#lib/alerts/list-alerts.ts";
import { readRule } from "#lib/alerts/rules.ts";
import { listAnnotations } from "#lib/annotations/annotations.ts";
import { type IncidentInfo, listIncidents } from "#lib/anomalies/list-incidents.ts";
import { type AuditEventInfo, listAuditEvents } from "#lib/audit/trail.ts";
import { MAX_SERIES } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { isDomainError } from "#lib/errors.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";
import { explainByProcesses, type ProcessMovers } from "#lib/processes/explain-processes.ts";
import { mean, median } from "#lib/stats/quantile.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import { type Point, withoutGaps } from "#lib/tsdb/points.ts";
import { queryRange, type SeriesPoints } from "#lib/tsdb/query.ts";

/** A series that moved when an alert began: its mean of the quarter of an hour before that and around it, and by how many of its usual deviations. */
type Mover = {
  seriesId: number;
  series: string;
  title: string;
  unit: string;
  rate: boolean;
  before: number;
  after: number;
  deviations: number;
  movedAt: Date;
};

/** Something that was done before an alert began. */
type Change = { at: Date; kind: "deploy" | "change" | "incident" | "note" | "settings"; text: string };

/** The same alert before: how often in 90 days, how long, and what was said and done about it. */
type History = {
  alerts: number;
  medianMs: number | null;
  last: { id: number; startedAt: Date; endedAt: Date | null; said: string[] }[];
};

/** What is known of why an alert began, and of what ended it. */
export type Explanation = {
  incident: { id: number; startedAt: Date; first: string; reason: string; members: number } | null;
  movers: Mover[];
  processes: ProcessMovers | null;
  changes: Change[];
  history: History;
  effect: { before: number; after: number; minutes: number } | null;
  levels: { level: number; resolveLevel: number | null } | null;
};

const AROUND_MS = 10 * MINUTE_MS;
const MOVERS = 5;

/** An alert's own incident: one that goes on while it begins. */
function incidentOf(incidents: IncidentInfo[], at: number): Explanation["incident"] {
  const own = incidents.find(
    ({ startedAt, endedAt }) =>
      startedAt.getTime() <= at + AROUND_MS && (endedAt === null || endedAt.getTime() >= at - AROUND_MS),
  );
  const first = own?.anomalies.find(({ order }) => order === 1);
  if (!own || !first) return null;
  const { id, startedAt, anomalies } = own;
  return { id, startedAt, first: seriesTitle(first.series), reason: first.reason, members: anomalies.length };
}

const BEFORE_MS = 2 * HOUR_MS;
const AFTER_MS = 5 * MINUTE_MS;

/** The first minute at which a value lies further from the usual than half of how far it came. */
function movedAt(samples: [number, number][], usual: number, reached: number): number {
  const half = Math.abs(reached - usual) / 2;
  return (samples.find(([, value]) => Math.abs(value - usual) > half) ?? samples.at(-1) ?? [0])[0];
}

function moverOf({ id, name, unit, kind, points }: SeriesPoints, at: number): Mover[] {
  const samples = withoutGaps(points);
  const [usual, around] = [
    samples.filter(([time]) => time < at - AROUND_MS).map(([, value]) => value),
    samples.filter(([time]) => time >= at - AROUND_MS),
  ];
  if (usual.length < 30 || around.length < 3) return [];
  const before = median(usual);
  // The spread that half of the values keep to, as a deviation of a normal one; never less than a thousandth of the value.
  const spread = Math.max(
    1.4826 * median(usual.map((value) => Math.abs(value - before))),
    Math.abs(before) / 1_000,
    1e-9,
  );
  const after = around.reduce(
    (far, [, value]) => (Math.abs(value - before) > Math.abs(far - before) ? value : far),
    before,
  );
  const deviations = (after - before) / spread;
  if (Math.abs(deviations) < 4) return [];
  return [
    {
      ...{
        seriesId: id,
        series: name,
        title: seriesTitle(name),
        unit,
        rate: isCumulative(kind),
        before,
        after,
        deviations,
      },
      movedAt: new Date(movedAt(around, before, after)),
    },
  ];
}

/** What moved most around an instant (ms) against the two hours before, what moved first at the head. */
async function findMovers(db: Connection, hostId: number, at: number): Promise<Mover[]> {
  const series = (await listSeries(db, hostId)).filter(({ group }) => group !== "Sightline").slice(0, MAX_SERIES);
  if (series.length === 0) return [];
  const range = { hostId, from: at - BEFORE_MS, to: at + AFTER_MS, stepMs: MINUTE_MS };
  const read = await queryRange(db, { ...range, series: series.map(({ id }) => String(id)) });
  const moved = read.series.flatMap((each) => moverOf(each, at));
  const most = moved.sort((a, b) => Math.abs(b.deviations) - Math.abs(a.deviations)).slice(0, MOVERS);
  return most.sort((a, b) => a.movedAt.getTime() - b.movedAt.getTime());
}

const SUBJECTS: Record<string, string> = {
  settings: "settings",
  detection: "detection override",
  alertRules: "alert rule",
  alertChannels: "notification channel",
};
const DONE: Record<string, string> = { create: "created", remove: "removed", test: "tested", retry: "sent again" };
const SHOWN_KEYS = 5;

/** What was done in words: "alert rule changed: CPU usage high", "settings changed: retention_raw_days". */
function changeText({ action, details }: AuditEventInfo): string {
  const [subject = "", verb = ""] = action.split(".");
  const keys = Object.keys(details).flatMap((key) => /^after\.(.+)/.exec(key)?.[1] ?? []);
  const name = details["after.name"] ?? details["before.name"] ?? details["after.metric"];
  const what = name === undefined || name === null ? keys.slice(0, SHOWN_KEYS).join(", ") : String(name);
  return `${SUBJECTS[subject] ?? subject} ${DONE[verb] ?? "changed"}${what && `: ${what}`}`;
}

async function findChanges(db: Connection, hostId: number, at: number): Promise<Change[]> {
  const hour = { from: at - HOUR_MS, to: at + 1 };
  const [annotations, events] = await Promise.all([
    listAnnotations(db, { hostId, ...hour }),
    listAuditEvents(db, { ...hour, limit: 200 }),
  ]);
  // Who did it, and to which value, is the audit trail's to show.
  const settings = events.filter(({ action }) => /^(settings|detection|alertRules|alertChannels)\.\w/.test(action));
  return [
    ...annotations.map(({ at: time, kind, text }) => ({ at: time, kind, text })),
    ...settings.map((event) => ({ at: event.at, kind: "settings" as const, text: changeText(event) })),
  ].sort((a, b) => b.at.getTime() - a.at.getTime());
}

type Same = { hostId: number; id: number; ruleId: number; rule: string; seriesId: number; startedAt: Date };

async function readHistory(db: Connection, { hostId, id, ruleId, rule, seriesId, startedAt }: Same): Promise<History> {
  const from = new Date(startedAt.getTime() - 90 * DAY_MS);
  const where = { hostId, ruleId, rule, seriesId, id: { not: id }, startedAt: { gte: from, lt: startedAt } };
  const rows = await db.alert.findMany({
    where: { ...where, firedAt: { not: null } },
    orderBy: { startedAt: "desc" },
    take: 1_000,
    select: { id: true, startedAt: true, endedAt: true, events: { select: { kind: true, text: true } } },
  });
  const lengths = rows.flatMap((row) => (row.endedAt ? [row.endedAt.getTime() - row.startedAt.getTime()] : []));
  return {
    alerts: rows.length,
    medianMs: lengths.length > 0 ? median(lengths) : null,
    last: rows.slice(0, 5).map(({ events, ...row }) => ({
      ...row,
      said: events.flatMap(({ text, kind }) => (text !== "" && /^(acknowledged|commented)$/.test(kind) ? [text] : [])),
    })),
  };
}

const MOST_EFFECT_MS = HOUR_MS;
const LEAST_EFFECT_MS = 5 * MINUTE_MS;

/** What an alert's series was while it fired, and in as long a time after its end; null until that is over a few minutes ago. */
async function readEffect(
  db: Connection,
  { hostId, seriesId, startedAt, endedAt }: Same & { endedAt: Date | null },
  now: number,
): Promise<Explanation["effect"]> {
  if (endedAt === null || seriesId <= 0) return null;
  const [from, end] = [startedAt.getTime(), endedAt.getTime()];
  const spanMs = Math.min(MOST_EFFECT_MS, end - from, now - end);
  if (spanMs < LEAST_EFFECT_MS) return null;
  const range = { hostId, series: [String(seriesId)], from: end - spanMs, to: end + spanMs, stepMs: MINUTE_MS };
  const points: Point[] = (await queryRange(db, range)).series[0]?.points ?? [];
  const valuesOf = (during: boolean) =>
    withoutGaps(points).flatMap(([at, value]) => (at < end === during ? [value] : []));
  const [before, after] = [mean(valuesOf(true)), mean(valuesOf(false))];
  if (Number.isNaN(before) || Number.isNaN(after)) return null;
  return { before, after, minutes: Math.round(spanMs / MINUTE_MS) };
}

async function readLevels(db: Connection, ruleId: number): Promise<Explanation["levels"]> {
  try {
    const { condition } = await readRule(db, ruleId);
    if (condition.kind !== "threshold") return null;
    return { level: condition.level, resolveLevel: condition.resolveLevel ?? null };
  } catch (error) {
    if (isDomainError(error)) return null;
    throw error;
  }
}

/** A part that cannot be read leaves the others: a series that is gone has no chart, and still a history. */
async function orNone<T>(part: Promise<T>, none: T): Promise<T> {
  return part.catch((error: unknown) => {
    if (isDomainError(error)) return none;
    throw error;
  });
}

/** What is known of an alert's cause and of its past, as of `now` (ms). @throws DomainError not-found */
export async function explainAlert(db: Connection, hostId: number, id: number, now: number): Promise<Explanation> {
  const alert = await readAlert(db, hostId, id);
  const at = alert.startedAt.getTime();
  const [incidents, movers, processes, changes, history, effect, levels] = await Promise.all([
    listIncidents(db, { hostId, from: at - 7 * DAY_MS, to: at + HOUR_MS }, 50),
    orNone(findMovers(db, hostId, at), []),
    explainByProcesses(db, hostId, alert.series, at),
    findChanges(db, hostId, at),
    readHistory(db, alert),
    orNone(readEffect(db, alert, now), null),
    readLevels(db, alert.ruleId),
  ]);
  return { incident: incidentOf(incidents, at), movers, processes, changes, history, effect, levels };
}
