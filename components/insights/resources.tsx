import { SEVERITY_VARIANT } from "#components/anomalies/labels.ts";
import { EvidenceList } from "#components/insights/evidence.tsx";
import type { Insights } from "#components/insights/queries.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { DateTime } from "#components/ui/time-format.tsx";
import { durationText } from "#lib/format/duration.ts";
import { changeText } from "#lib/format/share.ts";
import { formatText } from "#lib/format/value.ts";
import { signalTitle } from "#lib/insights/signal-title.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";
import { DAY_MS } from "#lib/time/durations.ts";

type Bottleneck = Insights["bottlenecks"][number];
type Signal = Insights["signals"][number];
type Trend = Insights["trends"][number];

/** How much more a resource can take: its headroom is in times the present load. */
function headroomText({ headroom, saturated, now }: Bottleneck): string {
  if (now) return "saturated now";
  if (saturated || headroom <= 1) return "saturated";
  if (headroom > 100) return "idle";
  return headroom < 2 ? `${Math.round((headroom - 1) * 100)} % headroom` : `${headroom.toFixed(1)}× headroom`;
}

/** Resources by how near they are to saturation, by the USE method. */
export function Bottlenecks({ bottlenecks, covered }: Pick<Insights, "bottlenecks" | "covered">) {
  return (
    <Card>
      <CardTitle aside={`95th percentile of the past ${durationText(covered.dayMs)}`}>Bottlenecks</CardTitle>
      <ul className="space-y-3">
        {bottlenecks.map((bottleneck) => (
          <li key={bottleneck.resource}>
            <div className="figures mb-1 flex justify-between gap-3 text-xs">
              <span className="truncate font-medium">{bottleneck.resource}</span>
              <span className={cn("shrink-0", bottleneck.now ? "text-bad" : "text-muted")}>
                {bottleneck.utilisation.toFixed(1)} % used · {headroomText(bottleneck)}
              </span>
            </div>
            <div aria-hidden className="h-1.5 rounded bg-raised">
              <div
                className={cn("h-1.5 rounded", bottleneck.saturated ? "bg-(--bad)" : "bg-accent")}
                style={{ width: `${Math.min(100, bottleneck.utilisation)}%` }}
              />
            </div>
            {bottleneck.evidence.length > 1 && (
              <div className="mt-1">
                <EvidenceList evidence={bottleneck.evidence.slice(1)} />
              </div>
            )}
          </li>
        ))}
      </ul>
      {bottlenecks.length === 0 && <p className="text-muted">No samples in the past 24 hours.</p>}
    </Card>
  );
}

function SignalDate({ kind, at, earliest, latest }: Signal) {
  if (at === null) return null;
  if (kind === "certificate")
    return (
      <p className="figures text-xs">
        Expires <DateTime at={at} />
      </p>
    );
  return (
    <p className="figures text-xs">
      Full <DateTime at={at} />
      {earliest !== null && (
        <span className="text-muted">
          , 80 % interval <DateTime at={earliest} /> to{" "}
          {latest === null ? "more than a year from now" : <DateTime at={latest} />}
        </span>
      )}
    </p>
  );
}

/** What will need work, and when. */
export function Signals({ signals }: Pick<Insights, "signals">) {
  return (
    <Card>
      <CardTitle>Upcoming maintenance</CardTitle>
      {signals.length === 0 && (
        <p className="text-muted">Nothing is filling up, leaking memory, overheating or about to expire.</p>
      )}
      <ul className="space-y-3">
        {signals.map((signal) => (
          <li key={`${signal.kind} ${signal.subject}`}>
            <p className="flex flex-wrap items-center gap-2">
              <span className="font-medium">{signalTitle(signal)}</span>
              <Badge variant={SEVERITY_VARIANT[signal.severity]}>{signal.severity}</Badge>
            </p>
            <SignalDate {...signal} />
            <EvidenceList evidence={signal.evidence} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Change({ pair: { now, before }, unit, rate }: { pair: Trend["day"] } & Pick<Trend, "unit" | "rate">) {
  return (
    <>
      {formatText(now, unit, rate)} <span className="text-muted">{changeText(before, now, 0)}</span>
    </>
  );
}

/** The latest day and week against the previous. */
export function Trends({ trends, covered }: Pick<Insights, "trends" | "covered">) {
  const week = covered.allMs > DAY_MS;
  return (
    <Card>
      <CardTitle aside="mean, and change against the period before">Trends</CardTitle>
      <div className="overflow-x-auto">
        <table className="figures w-full min-w-[28rem] text-left text-xs">
          <thead className="text-muted">
            <tr>
              <th scope="col" className="py-1 font-normal">
                Series
              </th>
              <th scope="col" className="py-1 text-right font-normal">
                Past {durationText(covered.dayMs)}
              </th>
              {week && (
                <th scope="col" className="py-1 text-right font-normal">
                  Past {durationText(Math.min(covered.allMs, 7 * DAY_MS))}
                </th>
              )}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {trends.map(({ id, name, unit, rate, ...trend }) => (
              <tr key={id}>
                <th scope="row" title={name} className="max-w-56 truncate py-1.5 font-normal">
                  {seriesTitle(name)}
                </th>
                <td className="py-1.5 text-right">
                  <Change pair={trend.day} unit={unit} rate={rate} />
                </td>
                {week && (
                  <td className="py-1.5 text-right">
                    <Change pair={trend.week} unit={unit} rate={rate} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
