"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type Subject, serviceHref, tracesHref } from "#components/applications/addresses.ts";
import { ApplicationCharts } from "#components/applications/application-charts.tsx";
import { DeployList, useDeploys } from "#components/applications/deploys.tsx";
import { FigureRow, type Figures } from "#components/applications/figures.tsx";
import { LatencyCard } from "#components/applications/latency-card.tsx";
import { Operations } from "#components/applications/operations.tsx";
import { applicationsQuery, operationsQuery } from "#components/applications/queries.ts";
import { SignalCharts } from "#components/applications/signals.tsx";
import { SpanPicker, useSpan } from "#components/charts/span-picker.tsx";
import { SlowestTraces } from "#components/traces/trace-list.tsx";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

type FigureProps = { subject: Subject; spanMs: number };

const NONE = <p className="text-muted text-xs">No request in this span: choose a longer one.</p>;

function ServiceFigures({ subject: { host, service }, spanMs }: FigureProps) {
  const query = useQuery(applicationsQuery(spanMs));
  return (
    <QueryView query={query} what="The figures" skeleton={<Skeleton className="h-12" />}>
      {(services) => {
        const own = services.find((each) => each.hostId === host && each.service === service);
        return own ? <FigureRow {...own} /> : NONE;
      }}
    </QueryView>
  );
}

function OperationFigures({ subject, spanMs }: FigureProps) {
  const query = useQuery(operationsQuery(subject, spanMs));
  const isOwn = ({ operation, kind }: Figures & { operation: string; kind: string }) =>
    operation === subject.operation && (subject.kind === undefined || kind === subject.kind);
  return (
    <QueryView query={query} what="The figures" skeleton={<Skeleton className="h-12" />}>
      {(operations) => {
        const own = operations.find(isOwn);
        return own ? <FigureRow {...own} /> : NONE;
      }}
    </QueryView>
  );
}

const KIND_TEXT = {
  server: "Requests that are served",
  consumer: "Messages that are taken",
  client: "Calls to others",
};

type Props = { host: { id: number; name: string } } & Omit<Subject, "host">;

/** A service over a span, or one operation of it. */
export function ServicePage({ host, service, operation, kind }: Props) {
  const { span, spanMs } = useSpan();
  const subject: Subject = { host: host.id, service, operation, kind };
  const { deploys, marks } = useDeploys(subject, spanMs);
  const look = "text-accent underline";
  return (
    <>
      <PageTitle
        aside={<SpanPicker />}
        note={
          <>
            <Link href={`/applications?span=${span}`} className={look}>
              Applications
            </Link>
            {operation !== undefined && (
              <>
                {" / "}
                <Link href={serviceHref({ host: host.id, service }, span)} className={look}>
                  {service}
                </Link>
                {kind && ` · ${KIND_TEXT[kind]}`}
              </>
            )}
            {" · input "}
            <Link href={`/hosts/${host.id}`} className="underline">
              {host.name}
            </Link>
          </>
        }
      >
        <span className="[overflow-wrap:anywhere]">{operation ?? service}</span>
      </PageTitle>
      <div className="space-y-3">
        <Card>
          {operation === undefined ? (
            <ServiceFigures {...{ subject, spanMs }} />
          ) : (
            <OperationFigures {...{ subject, spanMs }} />
          )}
        </Card>
        <DeployList deploys={deploys} />
        <ApplicationCharts {...{ subject, spanMs, marks }} />
        <LatencyCard {...{ subject, spanMs, marks }} />
        {operation === undefined && <SignalCharts {...{ subject, spanMs, marks }} />}
        {operation === undefined && <Operations {...{ subject, spanMs }} />}
        {kind !== "client" && <SlowestTraces subject={subject} spanMs={spanMs} all={tracesHref(subject)} />}
      </div>
    </>
  );
}
