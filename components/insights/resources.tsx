import { EvidenceList } from "#components/insights/evidence.tsx";
import type { InsightsNow } from "#components/insights/types.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { signedShare } from "#lib/format/share.ts";
import { formatText } from "#lib/format/value.ts";

function headroomText({ headroom, saturated }: InsightsNow["bottlenecks"][number]): string {
  if (saturated || headroom <= 1) return "full";
  return headroom > 100 ? "idle" : `full at ${headroom.toFixed(1)}× this`;
}

/** Resources by how near they are to their end, by the USE method. */
export function Bottlenecks({ bottlenecks }: Pick<InsightsNow, "bottlenecks">) {
  return (
    <Card>
      <CardTitle aside="past day, 95th percentile">What saturates first</CardTitle>
      <ul className="space-y-3">
        {bottlenecks.map((one) => (
          <li key={one.resource}>
            <div className="figures mb-1 flex justify-between gap-3 text-xs">
              <span className="truncate font-medium">{one.resource}</span>
              <span className="shrink-0 text-muted">
                {one.utilisation.toFixed(1)} % · {headroomText(one)}
              </span>
            </div>
            <div aria-hidden className="h-1.5 rounded bg-raised">
              <div
                className={cn("h-1.5 rounded", one.saturated ? "bg-(--bad)" : "bg-accent")}
                style={{ width: `${Math.min(100, one.utilisation)}%` }}
              />
            </div>
            {one.evidence.length > 1 && (
              <div className="mt-1">
                <EvidenceList evidence={one.evidence.slice(1)} />
              </div>
            )}
          </li>
        ))}
      </ul>
      {bottlenecks.length === 0 && <p className="text-muted">No sample in the past day.</p>}
    </Card>
  );
}

const LOOK = { info: "plain", warning: "warn", critical: "bad" } as const;

/** What will need a hand, and when. */
export function Signals({ signals }: Pick<InsightsNow, "signals">) {
  return (
    <Card>
      <CardTitle>Maintenance ahead</CardTitle>
      {signals.length === 0 && <p className="text-muted">Nothing fills, leaks, warms up or expires.</p>}
      <ul className="space-y-3">
        {signals.map((one) => (
          <li key={`${one.kind} ${one.subject}`}>
            <p className="flex flex-wrap items-center gap-2">
              <span className="font-medium">
                {one.subject}: {one.kind}
              </span>
              <Badge variant={LOOK[one.severity]}>{one.severity}</Badge>
            </p>
            {one.at !== null && (
              <p className="figures text-xs">
                {one.kind === "certificate" ? "Expires" : "Full"} {formatDateTime(one.at)}
                {one.kind !== "certificate" && one.earliest !== null && (
                  <span className="text-muted">
                    , 80 % interval {formatDateTime(one.earliest)} to{" "}
                    {one.latest === null ? "later than a year" : formatDateTime(one.latest)}
                  </span>
                )}
              </p>
            )}
            <EvidenceList evidence={one.evidence} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Change({
  pair,
  unit,
  rate,
}: { pair: { now: number; before: number | null } } & Pick<InsightsNow["trends"][number], "unit" | "rate">) {
  const { now, before } = pair;
  if (before === null) return <span className="text-muted">–</span>;
  const change = before === 0 ? null : (now - before) / Math.abs(before);
  return (
    <>
      {formatText(now, unit, rate)} <span className="text-muted">{change === null ? "" : signedShare(change, 0)}</span>
    </>
  );
}

/** The latest day and week against the one before. */
export function Trends({ trends }: Pick<InsightsNow, "trends">) {
  return (
    <Card>
      <CardTitle>Trends</CardTitle>
      <div className="overflow-x-auto">
        <table className="figures w-full min-w-[28rem] text-left text-xs">
          <thead className="text-muted">
            <tr>
              <th className="py-1 font-normal">Series</th>
              <th className="py-1 text-right font-normal">Past day, against the one before</th>
              <th className="py-1 text-right font-normal">Past week, against the one before</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {trends.map((one) => (
              <tr key={one.id}>
                <th scope="row" className="max-w-56 truncate py-1.5 font-normal">
                  {one.name}
                </th>
                <td className="py-1.5 text-right">
                  <Change pair={one.day} unit={one.unit} rate={one.rate} />
                </td>
                <td className="py-1.5 text-right">
                  <Change pair={one.week} unit={one.unit} rate={one.rate} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
