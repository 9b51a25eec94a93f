import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { firstData, question } from "#app/_access/first-data.ts";
import { chooseHost, hostParam } from "#app/_access/host-param.ts";
import { permitPage } from "#app/_access/page.ts";
import { readerOf } from "#app/_access/reader.ts";
import { GET as listAnnotations } from "#app/api/v1/annotations/route.ts";
import { GET as readForecast } from "#app/api/v1/forecasts/route.ts";
import { GET as readInsights } from "#app/api/v1/insights/route.ts";
import { usualSeries } from "#components/insights/forecast-series.ts";
import { Insights } from "#components/insights/insights.tsx";
import { annotationsQuery, forecastQuery, insightsQuery } from "#components/insights/queries.ts";
import { PageSkeleton } from "#components/layout/page-skeleton.tsx";
import { NoHost } from "#components/overview/no-host.tsx";
import { listHostsWithState } from "#lib/alerts/host-states.ts";
import * as contract from "#lib/contract/index.ts";
import { may } from "#lib/contract/permissions.ts";
import type { Role } from "#lib/contract/roles.ts";
import { database } from "#lib/db/client.ts";
import { timeStyle } from "#lib/format/date-time.ts";
import { isPart } from "#lib/metrics/panels.ts";
import { listSeries, type SeriesInfo } from "#lib/tsdb/catalog.ts";

export const metadata: Metadata = { title: "Insights" };

type Props = { searchParams: Promise<{ host?: string; series?: string }> };

/** What the first screen asks of a host; `chosen` is the series of the forecast by the address. */
async function questionsOf(host: number, series: readonly SeriesInfo[], chosen: string | undefined) {
  const { zone, languages } = readerOf(await headers());
  const own = timeStyle(zone, languages).zone;
  const forecast = chosen === undefined ? usualSeries(series) : series.find(({ id }) => String(id) === chosen);
  const input = { query: { host } };
  return [
    question(insightsQuery(host), contract.insights.read, input, readInsights),
    question(annotationsQuery(host), contract.annotations.list, input, listAnnotations),
    ...(forecast ? [forecastQuestion(host, forecast.id, own)] : []),
  ];
}

const forecastQuestion = (host: number, series: number, zone: string) =>
  question(forecastQuery(host, series, zone), contract.forecasts.read, { query: { host, series, zone } }, readForecast);

type ContentProps = { role: Role; wanted: number | undefined; chosen: string | undefined };

async function Content({ role, wanted, chosen }: ContentProps) {
  const db = database();
  const hosts = await listHostsWithState(db);
  const host = await chooseHost(db, hosts, wanted);
  if (!host && wanted !== undefined) notFound();
  if (!host) return <NoHost title="Insights" />;
  const series = (await listSeries(db, host.id)).filter(({ metric }) => !isPart(metric));
  const first = await firstData(await questionsOf(host.id, series, chosen));
  return (
    <HydrationBoundary state={first}>
      <Insights
        host={{ id: host.id, name: host.name }}
        hosts={hosts.map(({ id, name, state }) => ({ id, name, state }))}
        series={series.map(({ id, name }) => ({ id, name }))}
        mayDecide={may(role, "insights:decide")}
        mayAnnotate={may(role, "annotations:write")}
      />
    </HydrationBoundary>
  );
}

export default async function InsightsPage({ searchParams }: Props) {
  const { user } = await permitPage("insights:read");
  const params = await searchParams;
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Content role={user.role} wanted={hostParam(params)} chosen={params.series} />
    </Suspense>
  );
}
