import { userNames } from "#lib/access/users.ts";
import type { Connection } from "#lib/db/client.ts";
import type { Alert, AlertSilence as Row } from "#lib/db/generated/client.ts";
import { DomainError, isDomainError } from "#lib/errors.ts";
import { labelMatcher } from "#lib/tsdb/query.ts";

/** While it holds the alerts whose labels match send no notifications. */
export type AlertSilence = Pick<Row, "id" | "matchers" | "comment" | "startsAt" | "endsAt"> & { author: string | null };

/** The labels that silences match: an alert's own, and which host, rule and severity. */
export const matchedLabels = (
  alert: Pick<Alert, "labels" | "rule" | "severity" | "series">,
  host: string,
): Record<string, string> => ({
  ...(alert.labels as Record<string, string>),
  ...{ host, rule: alert.rule, severity: alert.severity, series: alert.series },
});

/** Silences that hold at `now` (ms) or will, those that end first at the head. */
export async function listSilences(db: Connection, now: number): Promise<AlertSilence[]> {
  const rows = await db.alertSilence.findMany({ where: { endsAt: { gt: new Date(now) } }, orderBy: { endsAt: "asc" } });
  const names = await userNames(db, [...new Set(rows.flatMap(({ createdBy }) => createdBy ?? []))]);
  return rows.map(({ id, matchers, comment, startsAt, endsAt, createdBy }) => ({
    ...{ id, matchers, comment, startsAt, endsAt },
    author: createdBy && (names.get(createdBy) ?? null),
  }));
}

/** What silences at `now` (ms): answers the silence of some labels that ends last; undefined of those that none matches. */
export async function activeSilences(
  db: Connection,
  now: number,
): Promise<(labels: Record<string, string>) => Pick<Row, "id" | "endsAt"> | undefined> {
  const at = new Date(now);
  const rows = await db.alertSilence.findMany({
    where: { startsAt: { lte: at }, endsAt: { gt: at } },
    orderBy: { endsAt: "desc" },
  });
  const all = rows.map((row) => ({ ...row, matches: labelMatcher(row.matchers) }));
  return (labels) => all.find(({ matches }) => matches(labels));
}

type NewSilence = { matchers: string; comment: string; startsAt: Date; endsAt: Date };

function refused(field: string, message: string): DomainError {
  return new DomainError("validation", message, { fields: [{ field, message }] });
}

/** Silences alerts by their labels. @throws DomainError validation */
export async function createSilence(db: Connection, silence: NewSilence, userId: string, now: number): Promise<number> {
  try {
    labelMatcher(silence.matchers);
  } catch (error) {
    if (isDomainError(error))
      throw refused("matchers", `${error.message.split(":")[0]}: write host="db-01", severity=~"info|warning"`);
    throw error;
  }
  if (silence.matchers.trim() === "") throw refused("matchers", 'Name what to silence: host="db-01"');
  if (silence.endsAt <= silence.startsAt) throw refused("ends_at", "It must end later than it starts");
  if (silence.endsAt.getTime() <= now) throw refused("ends_at", "It must end later than now");
  return (await db.alertSilence.create({ data: { ...silence, createdBy: userId }, select: { id: true } })).id;
}
