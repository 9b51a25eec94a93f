import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { Suspense } from "react";
import { firstData } from "#app/_access/first-data.ts";
import { rangeQuestions } from "#app/_access/first-ranges.ts";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { pageTime, type Search } from "#app/_access/page-time.ts";
import { panelRange } from "#components/charts/panel-range.ts";
import { HostDetail } from "#components/hosts/host-detail.tsx";
import { type PanelOfHost, panelGroups } from "#components/hosts/panel-groups.ts";
import { PageSkeleton } from "#components/layout/page-skeleton.tsx";
import { TimeProvider } from "#components/time/page-time.tsx";
import type { ShownTime } from "#components/time/shown-time.ts";
import { type HostWithState, readHostWithState } from "#lib/alerts/host-states.ts";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { signOfLife } from "#lib/hosts/hosts.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import { readIntervals } from "#lib/tsdb/query.ts";

export const metadata: Metadata = { title: "Host" };

/** So many charts are in sight at first. */
const IN_SIGHT = 6;

/** Whether a host lives is seen by so many series, where it has none of our panels. */
const OF_INPUT = 12;

const firstQuestions = (host: number, panels: PanelOfHost[], time: ShownTime) =>
  rangeQuestions(panels.slice(0, IN_SIGHT).map((panel) => panelRange(host, panel.series, time, false)));

type ContentProps = { host: HostWithState; time: ShownTime; mayManage: boolean };

async function Content({ host, time, mayManage }: ContentProps) {
  const [db, { id }] = [database(), host];
  const series = await listSeries(db, id);
  const panels = [...panelGroups(series).values()].flat();
  const [intervals, first] = await Promise.all([
    readIntervals(db, id, Date.now(), { own: true }),
    firstData(firstQuestions(id, panels, time)),
  ]);
  // An input may have thousands of others, which the page asks for once it is drawn.
  const drawn = panels.flatMap((panel) => panel.series);
  const life = signOfLife(host, [...intervals.values()]);
  return (
    <HydrationBoundary state={first}>
      <TimeProvider>
        <HostDetail
          host={{ ...host, ...life }}
          series={drawn}
          metrics={[...new Set(series.map(({ metric }) => metric))]}
          live={(drawn.length > 0 ? drawn : series.slice(0, OF_INPUT)).map((own) => own.id)}
          mayManage={mayManage}
        />
      </TimeProvider>
    </HydrationBoundary>
  );
}

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Search> };

export default async function HostPage({ params, searchParams }: Props) {
  const { user } = await permitPage("metrics:read");
  const id = idParam((await params).id) ?? NO_ID;
  const host = await orNotFound(readHostWithState(database(), id));
  const time = await pageTime(await searchParams);
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Content host={host} time={time} mayManage={may(user.role, "hosts:manage")} />
    </Suspense>
  );
}
