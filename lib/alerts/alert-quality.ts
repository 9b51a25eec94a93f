import type { Connection } from "#lib/db/client.ts";
import { median } from "#lib/stats/quantile.ts";

/** How alerts of a period did: of how many somebody took care, and how long that and their end took (medians, ms; null without any). */
export type AlertQuality = {
  rule: string;
  alerts: number;
  /** Share that somebody acknowledged, 0 to 1: the others called nobody to anything. */
  precision: number | null;
  acknowledgeMs: number | null;
  resolveMs: number | null;
};

type Row = { rule: string; firedAt: Date | null; acknowledgedAt: Date | null; endedAt: Date | null };

function qualityOf(rule: string, rows: Row[]): AlertQuality {
  const spans = (key: "acknowledgedAt" | "endedAt") =>
    rows.flatMap((row) => {
      const end = row[key];
      return end && row.firedAt ? [Math.max(0, end.getTime() - row.firedAt.getTime())] : [];
    });
  const [acknowledged, ended] = [spans("acknowledgedAt"), spans("endedAt")];
  return {
    ...{ rule, alerts: rows.length },
    precision: rows.length > 0 ? acknowledged.length / rows.length : null,
    acknowledgeMs: acknowledged.length > 0 ? median(acknowledged) : null,
    resolveMs: ended.length > 0 ? median(ended) : null,
  };
}

/** How the alerts that fired in [from, to), ms, did: all of them, and by rule, that with the most first. */
export async function readAlertQuality(
  db: Connection,
  { hostIds, from, to }: { hostIds: number[]; from: number; to: number },
): Promise<{ all: AlertQuality; rules: AlertQuality[] }> {
  const rows = await db.alert.findMany({
    where: { hostId: { in: hostIds }, firedAt: { gte: new Date(from), lt: new Date(to) } },
    select: { rule: true, firedAt: true, acknowledgedAt: true, endedAt: true },
  });
  const rules = [...Map.groupBy(rows, ({ rule }) => rule)].map(([rule, own]) => qualityOf(rule, own));
  return { all: qualityOf("", rows), rules: rules.sort((a, b) => b.alerts - a.alerts) };
}
