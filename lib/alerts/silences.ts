import { userNames } from "#lib/access/users.ts";
import { type Occurrence, occurrenceAt, type Recurrence } from "#lib/alerts/recurrence.ts";
import { assertMatchers } from "#lib/alerts/routing.ts";
import type { Connection } from "#lib/db/client.ts";
import { type Alert, Prisma, type AlertSilence as Row } from "#lib/db/generated/client.ts";
import { invalidField } from "#lib/errors.ts";
import { HOUR_MS } from "#lib/time/durations.ts";
import { zoneOffset } from "#lib/time/instant.ts";
import { labelMatcher } from "#lib/tsdb/query.ts";

/** While it holds the alerts whose labels match send no notifications. A maintenance window is one that was planned. */
export type AlertSilence = Pick<Row, "id" | "matchers" | "comment" | "startsAt" | "endsAt" | "maintenance"> & {
  recurrence: Recurrence | null;
  author: string | null;
  next: { from: Date; to: Date } | null;
};

/** The labels that silences, routes and inhibitions match: an alert's own, and which host, rule and severity. */
export const matchedLabels = (
  alert: Pick<Alert, "labels" | "rule" | "severity" | "series">,
  host: string,
): Record<string, string> => ({
  ...(alert.labels as Record<string, string>),
  ...{ host, rule: alert.rule, severity: alert.severity, series: alert.series },
});

/** When a silence holds at an instant (ms) or next; undefined of one that is over. */
function holds(
  { recurrence, startsAt, endsAt }: Pick<Row, "recurrence" | "startsAt" | "endsAt">,
  at: number,
): Occurrence | undefined {
  const [from, to] = [startsAt.getTime(), endsAt.getTime()];
  if (to <= at) return undefined;
  if (recurrence === null) return { from, to };
  const next = occurrenceAt(recurrence as Recurrence, Math.max(at, from));
  return next && next.from < to ? { from: Math.max(next.from, from), to: Math.min(next.to, to) } : undefined;
}

/** Silences that hold at `now` (ms) or will, those that end first at the head. */
export async function listSilences(db: Connection, now: number): Promise<AlertSilence[]> {
  const rows = await db.alertSilence.findMany({ where: { endsAt: { gt: new Date(now) } }, orderBy: { endsAt: "asc" } });
  const names = await userNames(db, [...new Set(rows.flatMap(({ createdBy }) => createdBy ?? []))]);
  return rows.map(({ createdBy, createdAt: _, ...row }) => {
    const next = holds(row, now);
    return {
      ...row,
      recurrence: row.recurrence as Recurrence | null,
      author: createdBy && (names.get(createdBy) ?? null),
      next: next ? { from: new Date(next.from), to: new Date(next.to) } : null,
    };
  });
}

/** A silence that holds, and until when (ms) it does. */
export type Holding = { id: number; comment: string; until: number };

/** What silences at `now` (ms): answers the silence of some labels that holds longest; undefined of those that none matches. */
export async function activeSilences(
  db: Connection,
  now: number,
): Promise<(labels: Record<string, string>) => Holding | undefined> {
  const at = new Date(now);
  const rows = await db.alertSilence.findMany({ where: { startsAt: { lte: at }, endsAt: { gt: at } } });
  const all = rows.flatMap((row) => {
    const occurrence = holds(row, now);
    if (!occurrence || occurrence.from > now) return [];
    return [{ id: row.id, comment: row.comment, until: occurrence.to, matches: labelMatcher(row.matchers) }];
  });
  const longest = all.sort((a, b) => b.until - a.until);
  return (labels) => longest.find(({ matches }) => matches(labels));
}

const ONE_ALERT_MS = 2 * HOUR_MS;

/** Silences one alert for two hours: what is of its host, rule and series. */
export function silenceAlert(
  db: Connection,
  { host, rule, series }: { host: string; rule: string; series: string },
  { comment, userId, now }: { comment: string; userId: string | null; now: number },
): Promise<number> {
  const matchers = Object.entries({ host, rule, series }).map(([name, text]) => `${name}=${JSON.stringify(text)}`);
  const span = { startsAt: new Date(now), endsAt: new Date(now + ONE_ALERT_MS) };
  const silence = { matchers: matchers.join(","), comment, ...span, maintenance: false, recurrence: null };
  return createSilence(db, silence, userId, now);
}

type NewSilence = {
  matchers: string;
  comment: string;
  startsAt: Date;
  endsAt: Date;
  maintenance: boolean;
  recurrence: Recurrence | null;
};

/** Silences alerts by their labels. @throws DomainError validation */
export async function createSilence(
  db: Connection,
  silence: NewSilence,
  userId: string | null,
  now: number,
): Promise<number> {
  assertMatchers(silence.matchers, "matchers");
  if (silence.matchers.trim() === "") throw invalidField("matchers", 'Name what to silence: host="db-01"');
  if (silence.endsAt <= silence.startsAt) throw invalidField("ends_at", "It must end later than it starts");
  if (silence.endsAt.getTime() <= now) throw invalidField("ends_at", "It must end later than now");
  const { recurrence } = silence;
  if (recurrence) zoneOffset(recurrence.zone, now);
  if (recurrence && !holds(silence, now)) throw invalidField("recurrence", "It never comes before it ends");
  const data = { ...silence, recurrence: recurrence ?? Prisma.DbNull, createdBy: userId };
  return (await db.alertSilence.create({ data, select: { id: true } })).id;
}
