"use client";

import { useQuery } from "@tanstack/react-query";
import type { RuleRequest } from "#components/alerts/queries.ts";
import { ruleTestQuery, type RuleTest as Tested } from "#components/alerts/rule-queries.ts";
import { BandChart } from "#components/charts/lazy-charts.tsx";
import { useWidth } from "#components/charts/use-width.ts";
import { Cancellable } from "#components/ui/cancellable.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { durationText } from "#lib/format/duration.ts";
import { plural } from "#lib/format/plural.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";
import { DAY_MS } from "#lib/time/durations.ts";

const HEIGHT = 180;

/** "14 alerts in 30 days, 3 at night, the longest 2 h" */
const daysOf = ({ from, to }: Tested) => Math.round((to.getTime() - from.getTime()) / DAY_MS);

function summaryText(tested: Tested): string {
  const { alerts, night, longestMs } = tested;
  if (alerts === 0) return `No alerts in ${plural(daysOf(tested), "day")}`;
  return `${plural(alerts, "alert")} in ${plural(daysOf(tested), "day")}, ${night} at night, the longest ${durationText(longestMs)}`;
}

function reachText({ channels, alerts, series, leftOut }: Tested): string {
  const read = `${plural(series, "series", "series")} tested${leftOut > 0 ? `, ${leftOut} left out` : ""}.`;
  if (alerts === 0) return read;
  const sent = channels.map(({ name, alerts: count }) => `${name} ${count}`).join(", ");
  return `${read} ${sent === "" ? "No channel would be notified." : `Notified: ${sent}.`}`;
}

function Chart({ tested, level }: { tested: Tested; level: number | undefined }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const { chart, examples, to } = tested;
  if (!chart) return null;
  const marked = examples
    .filter(({ host, series }) => host === chart.host && series === chart.series)
    .map(({ from, to: end }) => ({ from: from.getTime(), to: (end ?? to).getTime() }));
  return (
    <div ref={ref} style={{ minHeight: HEIGHT }}>
      <p className="mb-1 text-muted text-xs">
        {seriesTitle(chart.series)} on {chart.host}. Marked: where it would have fired
      </p>
      {width > 0 && (
        <BandChart
          title={`${seriesTitle(chart.series)} on ${chart.host}`}
          rows={chart.points.map(([at, value]) => ({ at, value }))}
          unit={chart.unit}
          rate={chart.rate}
          height={HEIGHT}
          {...{ width, marked, threshold: level }}
        />
      )}
    </div>
  );
}

function Result({ tested, level }: { tested: Tested; level: number | undefined }) {
  return (
    <div role="status" className="space-y-2">
      {tested.problem && <Notice variant="warn" title={tested.problem} />}
      <p className="figures font-medium">{summaryText(tested)}</p>
      <p className="figures text-muted text-xs">{reachText(tested)}</p>
      <Chart tested={tested} level={level} />
    </div>
  );
}

type Props = { request: RuleRequest | undefined; onStop: () => void };

/** What a rule would have done, by the evaluation's own code. */
export function RuleTest({ request, onStop }: Props) {
  const { zone } = useTimeFormat().style;
  const query = useQuery({
    ...ruleTestQuery(request as RuleRequest, zone),
    enabled: request !== undefined,
  });
  if (!request) return null;
  const { condition } = request;
  if (query.isError) return <Notice variant="bad" title={query.error.message} />;
  if (!query.data || query.isFetching) return <Cancellable act="Cancel test" className="h-40" onCancel={onStop} />;
  return <Result tested={query.data} level={condition.kind === "threshold" ? condition.level : undefined} />;
}
