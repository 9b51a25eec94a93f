"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { SOURCE_TITLE } from "#components/catalogue/labels.ts";
import { type MetricDetails, metricQuery } from "#components/catalogue/queries.ts";
import { ExpressionChart } from "#components/expressions/expression-chart.tsx";
import { TimeControl } from "#components/time/time-control.tsx";
import { ButtonLink } from "#components/ui/button-link.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { CopiedText } from "#components/ui/copied-text.tsx";
import { Link } from "#components/ui/link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Table } from "#components/ui/table.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import type { MetricKind } from "#lib/contract/enums.ts";
import { plural } from "#lib/format/plural.ts";
import { countText } from "#lib/format/value.ts";

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-muted">{name}</dt>
    <dd className="[overflow-wrap:anywhere]">{children}</dd>
  </div>
);

function Facts({ metric }: { metric: MetricDetails }) {
  const { kind, unit, semanticName, promql, sources, series, hosts, lastSeenAt } = metric;
  return (
    <dl className="figures grid grid-cols-2 gap-x-4 gap-y-2 text-xs sm:grid-cols-4">
      <Fact name="Kind">{kind}</Fact>
      <Fact name="Unit">{unit || "not known"}</Fact>
      <Fact name="Source">{sources.map((source) => SOURCE_TITLE[source]).join(", ")}</Fact>
      <Fact name="Last seen">{lastSeenAt ? <DateTime at={lastSeenAt} /> : "no longer kept"}</Fact>
      <Fact name="Series">
        {countText(series)} on {plural(hosts, "host")}
      </Fact>
      <Fact name="In PromQL">
        <code className="font-mono">{promql}</code>
      </Fact>
      <Fact name="In OpenTelemetry">{semanticName ? <code className="font-mono">{semanticName}</code> : "–"}</Fact>
    </dl>
  );
}

function Labels({ labels }: Pick<MetricDetails, "labels">) {
  return (
    <Card>
      <CardTitle>Labels</CardTitle>
      {labels.length === 0 ? (
        <p className="text-muted text-xs">It has no labels but the host.</p>
      ) : (
        <Table columns={["Label", "Values", "Most series"]} className="min-w-0">
          {labels.map(({ name, values, most }) => (
            <tr key={name} className="align-top">
              <td className="py-1.5 pr-3 font-mono [overflow-wrap:anywhere]">{name}</td>
              <td className="py-1.5 pr-3">{countText(values)}</td>
              <td className="py-1.5 [overflow-wrap:anywhere]">
                {most.map(({ value, series }) => `${value || '""'} (${countText(series)})`).join(", ")}
                {values > most.length && ` and ${countText(values - most.length)} more`}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}

function Hosts({ hosts, hostSeries }: Pick<MetricDetails, "hosts" | "hostSeries">) {
  return (
    <Card>
      <CardTitle>Hosts and inputs</CardTitle>
      <ul className="figures space-y-1 text-xs">
        {hostSeries.map(({ host, series }) => (
          <li key={host.id} className="flex justify-between gap-4">
            <Link href={`/hosts/${host.id}`} className="min-w-0 truncate hover:underline">
              {host.name}
            </Link>
            <span className="whitespace-nowrap text-muted">{plural(series, "series", "series")}</span>
          </li>
        ))}
      </ul>
      {hosts > hostSeries.length && (
        <p className="figures mt-2 text-muted text-xs">And {countText(hosts - hostSeries.length)} more.</p>
      )}
    </Card>
  );
}

type Props = { name: string; kind: MetricKind; mayAlert: boolean };

/** A metric: what it is, a chart of it, its labels and its hosts. */
export function MetricPage({ name, kind, mayAlert }: Props) {
  const query = useQuery(metricQuery(name, kind));
  return (
    <>
      <PageTitle note={query.data ? query.data.help || "Its source says nothing of it" : " "} aside={<TimeControl />}>
        {query.data?.title ?? name}
      </PageTitle>
      <QueryView query={query} what="The metric" skeleton={<Skeleton className="h-96" />}>
        {(metric) => (
          <div className="space-y-3">
            <Card>
              <Facts metric={metric} />
            </Card>
            <ExpressionChart panel={{ title: metric.title ?? metric.name, ...metric.panel }} />
            <div className="flex flex-wrap items-start gap-3">
              <div className="min-w-0 flex-1 basis-72">
                <CopiedText name="Copy PromQL" text={metric.panel.expression} />
              </div>
              {mayAlert && (
                <ButtonLink
                  href={`/alerts/rules?${new URLSearchParams({ expression: `${metric.panel.expression} > 0` })}`}
                >
                  Create alert rule
                </ButtonLink>
              )}
            </div>
            <div className="grid items-start gap-3 lg:grid-cols-[2fr_1fr]">
              <Labels labels={metric.labels} />
              <Hosts hosts={metric.hosts} hostSeries={metric.hostSeries} />
            </div>
          </div>
        )}
      </QueryView>
    </>
  );
}
