"use client";

import { useQuery } from "@tanstack/react-query";
import type { Subject } from "#components/applications/addresses.ts";
import { type Signals, signalsQuery } from "#components/applications/queries.ts";
import { rangeOf } from "#components/applications/range.ts";
import { TimeChart } from "#components/charts/lazy-charts.tsx";
import type { TimeMark } from "#components/charts/time-mark.ts";
import { useWidth } from "#components/charts/use-width.ts";
import { usePageTime } from "#components/time/page-time.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { formatText } from "#lib/format/value.ts";

const HEIGHT = 140;

const TITLES: Record<Signals["gauges"][number]["kind"], string> = {
  requests: "Active requests",
  sessions: "Active sessions",
  connections: "Database connections in use",
};

type ChartProps = { title: string; metric: string; note?: string; signals: Signals; marks: TimeMark[] };
type Lines = { lines: Parameters<typeof rangeOf>[1]; unit: string; factor?: number; rate?: boolean };

function SignalChart({
  title,
  metric,
  note,
  signals,
  marks,
  lines,
  unit,
  factor = 1,
  rate = false,
}: ChartProps & Lines) {
  const { ref, width } = useWidth<HTMLDivElement>();
  return (
    <Card>
      <CardTitle aside={note}>{title}</CardTitle>
      <div ref={ref} style={{ minHeight: HEIGHT }}>
        <TimeChart
          {...{ title, unit, rate, marks, width }}
          height={HEIGHT}
          range={rangeOf(signals, lines, { unit, factor })}
        />
      </div>
      <p className="mt-1 select-all break-all font-mono text-2xs text-muted">{metric}</p>
    </Card>
  );
}

/** What a service may send beyond its spans, where it does not. */
function Missing({ signals: { gauges, caches } }: { signals: Signals }) {
  const sends = (kind: string) => gauges.some((gauge) => gauge.kind === kind);
  const missing = [
    ...(sends("requests") ? [] : ["active requests (http.server.active_requests)"]),
    ...(sends("sessions") ? [] : ["active sessions (sessions.active)"]),
    ...(caches.length > 0 ? [] : ["caches (cache.hits, cache.misses)"]),
  ];
  if (missing.length === 0) return null;
  return (
    <p className="text-muted text-xs">
      Not sent by this service: {missing.join(", ")}.{" "}
      <Link href="/help/otlp#active-requests-sessions-and-caches" className="underline">
        Which metrics are read
      </Link>
    </p>
  );
}

function Charts({ signals, marks }: { signals: Signals; marks: TimeMark[] }) {
  const { gauges, caches } = signals;
  return (
    <div className="space-y-3">
      {gauges.length + caches.length > 0 && (
        <div className="grid grid-cols-[repeat(auto-fit,minmax(min(17rem,100%),1fr))] gap-3">
          {gauges.map(({ kind, metric, points }) => (
            <SignalChart
              key={metric}
              title={TITLES[kind]}
              lines={[{ name: "active", points }]}
              unit="count"
              {...{ metric, signals, marks }}
            />
          ))}
          {caches.map(({ metric, ratio, hitRate }) => (
            <SignalChart
              key={`${metric} rate`}
              title="Cache hit rate"
              note={ratio === null ? "" : `${formatText(ratio * 100, "percent")} in this span`}
              lines={[{ name: "hit rate", points: hitRate }]}
              unit="percent"
              factor={100}
              {...{ metric, signals, marks }}
            />
          ))}
          {caches.map(({ metric, hits, misses }) => (
            <SignalChart
              key={`${metric} requests`}
              title="Cache hits and misses per second"
              lines={[
                { name: "hits", points: hits },
                { name: "misses", points: misses },
              ]}
              unit="count"
              {...{ metric, signals, marks }}
            />
          ))}
        </div>
      )}
      <Missing signals={signals} />
    </div>
  );
}

/** What a service says of its requests, sessions and connections that are active, and of its caches. */
export function SignalCharts({ subject, marks }: { subject: Subject; marks: TimeMark[] }) {
  const query = useQuery(signalsQuery(subject, usePageTime()));
  return (
    <QueryView query={query} what="Sessions and caches">
      {(signals) => <Charts {...{ signals, marks }} />}
    </QueryView>
  );
}
