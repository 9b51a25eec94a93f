"use client";

import { useQuery } from "@tanstack/react-query";
import { type Subject, traceHref } from "#components/applications/addresses.ts";
import { usePageTime } from "#components/time/page-time.tsx";
import { someTracesQuery, type TraceInfo } from "#components/traces/queries.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { formatText } from "#lib/format/value.ts";

export const durationOf = (seconds: number): string => formatText(seconds * 1_000, "ms");

/** Traces as rows, each the way to its spans; `service` is the one that the page is of. */
export function TraceRows({
  host,
  traces,
  service,
}: {
  host: number;
  traces: TraceInfo[];
  service?: string | undefined;
}) {
  return (
    <ul className="divide-y divide-line">
      {traces.map((trace) => (
        <li key={`${trace.traceId} ${trace.service} ${trace.operation}`}>
          <Link
            href={traceHref(host, trace.traceId)}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 gap-y-0.5 rounded px-1 py-2 hover:bg-raised md:grid-cols-[11rem_minmax(0,1fr)_5rem_6rem]"
          >
            <span className="figures text-muted text-xs">
              <DateTime at={trace.startedAt} />
            </span>
            <span className="col-span-2 row-start-2 min-w-0 text-sm [overflow-wrap:anywhere] md:col-span-1 md:col-start-2 md:row-start-1">
              {trace.operation}
              {trace.service !== service && <span className="text-muted"> · {trace.service}</span>}
            </span>
            <span className="figures text-right text-xs">{durationOf(trace.duration)}</span>
            <span className="hidden justify-end gap-1 md:flex">
              <Reasons trace={trace} />
            </span>
            <span className="col-span-2 flex gap-1 md:hidden">
              <Reasons trace={trace} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

const Reasons = ({ trace: { reasons } }: { trace: TraceInfo }) => (
  <>
    {reasons.includes("failed") && <Badge variant="bad">failed</Badge>}
    {reasons.includes("slow") && <Badge>slow</Badge>}
  </>
);

const FEW = 5;

/** The slowest traces of a service or an operation in the range, and the way to all. */
export function SlowestTraces({ subject, all }: { subject: Subject; all: string }) {
  const { host, service, operation } = subject;
  const query = useQuery(someTracesQuery({ host, service, operation }, usePageTime(), FEW));
  return (
    <Card>
      <CardTitle
        aside={
          <Link href={all} className="text-accent underline">
            All traces
          </Link>
        }
      >
        Slowest traces
      </CardTitle>
      <QueryView
        query={query}
        what="The traces"
        isEmpty={({ traces }) => traces.length === 0}
        empty={<p className="text-muted text-xs">No trace is kept of this range: choose a longer one.</p>}
      >
        {({ traces }) => <TraceRows {...{ host, traces, service }} />}
      </QueryView>
    </Card>
  );
}
