"use client";

import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { applicationsHref, type Subject, serviceHref, tracesHref } from "#components/applications/addresses.ts";
import { ApplicationCharts } from "#components/applications/application-charts.tsx";
import { DeployList, useDeploys } from "#components/applications/deploys.tsx";
import { FigureRow, type Figures } from "#components/applications/figures.tsx";
import { LatencyCard } from "#components/applications/latency-card.tsx";
import { Operations } from "#components/applications/operations.tsx";
import { operationsQuery, serviceQuery } from "#components/applications/queries.ts";
import { SignalCharts } from "#components/applications/signals.tsx";
import { ServiceSlos } from "#components/slo/service-slos.tsx";
import { usePageTime } from "#components/time/page-time.tsx";
import { TimeControl } from "#components/time/time-control.tsx";
import { SlowestTraces } from "#components/traces/trace-list.tsx";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

type Found = { own: Figures | undefined };

/** The figures of a service, or of an operation of it: undefined where it had no request in the span. */
function useFigures({ host, service, operation, kind }: Subject): UseQueryResult<Found> {
  const time = usePageTime();
  const isOperation = operation !== undefined;
  const ofService = useQuery({
    ...serviceQuery({ host, service }, time),
    enabled: !isOperation,
    select: ([own]): Found => ({ own }),
  });
  const ofOperation = useQuery({
    ...operationsQuery({ host, service }, time),
    enabled: isOperation,
    select: (operations): Found => ({
      own: operations.find((each) => each.operation === operation && (kind === undefined || each.kind === kind)),
    }),
  });
  return isOperation ? ofOperation : ofService;
}

const KIND_TEXT = {
  server: "Requests that are served",
  consumer: "Messages that are taken",
  client: "Calls to others",
};

type Props = { host: { id: number; name: string } } & Omit<Subject, "host">;

/** A service over a span, or one operation of it. */
export function ServicePage({ host, service, operation, kind }: Props) {
  const time = usePageTime();
  const subject: Subject = { host: host.id, service, operation, kind };
  const { deploys, marks } = useDeploys(subject);
  const figures = useFigures(subject);
  const look = "text-accent underline";
  return (
    <>
      <PageTitle
        aside={<TimeControl />}
        note={
          <>
            <Link href={applicationsHref(time.address)} className={look}>
              Applications
            </Link>
            {operation !== undefined && (
              <>
                {" / "}
                <Link href={serviceHref({ host: host.id, service }, time.address)} className={look}>
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
        <DeployList deploys={deploys} />
        <QueryView query={figures} what="The figures" skeleton={<Skeleton className="h-20" />}>
          {({ own }) =>
            own ? (
              <>
                <Card>
                  <FigureRow {...own} />
                </Card>
                <ApplicationCharts {...{ subject, marks }} />
                <LatencyCard {...{ subject, marks }} />
              </>
            ) : (
              <Notice title="No request in this range">
                Choose a longer one. {operation === undefined && "Calls to others are listed below."}
              </Notice>
            )
          }
        </QueryView>
        {operation === undefined && <ServiceSlos service={subject.service} />}
        {operation === undefined && <SignalCharts {...{ subject, marks }} />}
        {kind !== "client" && <SlowestTraces subject={subject} all={tracesHref(subject)} />}
        {operation === undefined && <Operations subject={subject} />}
      </div>
    </>
  );
}
