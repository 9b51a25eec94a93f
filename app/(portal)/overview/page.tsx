import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { firstData, question } from "#app/_access/first-data.ts";
import { rangeQuestions } from "#app/_access/first-ranges.ts";
import { chooseHost, hostParam } from "#app/_access/host-param.ts";
import { permitPage } from "#app/_access/page.ts";
import { pageTime, type Search } from "#app/_access/page-time.ts";
import { GET as readTimeline } from "#app/api/v1/anomalies/timeline/route.ts";
import { anomalyTimelineQuery, timelineSince } from "#components/anomalies/queries.ts";
import { panelRange } from "#components/charts/panel-range.ts";
import { PageSkeleton } from "#components/layout/page-skeleton.tsx";
import { NoHost } from "#components/overview/no-host.tsx";
import { Overview } from "#components/overview/overview.tsx";
import { isWide, TIMELINE_SPAN } from "#components/overview/queries.ts";
import { TimeProvider } from "#components/time/page-time.tsx";
import type { ShownTime } from "#components/time/shown-time.ts";
import { listHostsWithState } from "#lib/alerts/host-states.ts";
import { readLevels } from "#lib/alerts/levels.ts";
import * as contract from "#lib/contract/index.ts";
import { database } from "#lib/db/client.ts";
import { signOfLife } from "#lib/hosts/hosts.ts";
import { overviewCards } from "#lib/hosts/overview.ts";
import { OVERVIEW_PANELS, seriesOf } from "#lib/metrics/panels.ts";
import { listSeries, type SeriesInfo } from "#lib/tsdb/catalog.ts";
import { readIntervals } from "#lib/tsdb/query.ts";

export const metadata: Metadata = { title: "Overview" };

/** What the panels and the timeline show at first. */
function firstQuestions(host: number, series: SeriesInfo[], time: ShownTime) {
  const ranges = OVERVIEW_PANELS.map((panel, n) => panelRange(host, seriesOf(panel, series), time, isWide(n)));
  const timeline = timelineSince(TIMELINE_SPAN, host);
  return [
    ...rangeQuestions(ranges),
    question(anomalyTimelineQuery(timeline), contract.anomalies.timeline, { query: timeline }, readTimeline),
  ];
}

async function Content({ wanted, time }: { wanted: number | undefined; time: ShownTime }) {
  const db = database();
  const hosts = await listHostsWithState(db);
  const host = await chooseHost(db, hosts, wanted);
  if (!host && wanted !== undefined) notFound();
  const series = host ? await listSeries(db, host.id) : [];
  if (!host || series.length === 0) return <NoHost />;
  const now = Date.now();
  const [cards, intervals, first] = await Promise.all([
    readLevels(db, host.id).then((levels) => overviewCards(db, host.id, now, levels)),
    readIntervals(db, host.id, now, { own: true }),
    firstData(firstQuestions(host.id, series, time)),
  ]);
  const { id, name, state, worst } = host;
  return (
    <HydrationBoundary state={first}>
      <TimeProvider>
        <Overview
          key={host.id}
          host={{ id, name, state, worst, ...signOfLife(host, [...intervals.values()]) }}
          hosts={hosts.map((other) => ({ id: other.id, name: other.name, state: other.state }))}
          cards={cards}
          series={OVERVIEW_PANELS.flatMap((panel) => seriesOf(panel, series))}
        />
      </TimeProvider>
    </HydrationBoundary>
  );
}

type Props = { searchParams: Promise<Search & { host?: string }> };

export default async function OverviewPage({ searchParams }: Props) {
  await permitPage("metrics:read");
  const search = await searchParams;
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Content wanted={hostParam(search)} time={await pageTime(search)} />
    </Suspense>
  );
}
