"use client";

import { AnomalyTimeline } from "#components/anomalies/timeline.tsx";
import { PanelCard } from "#components/charts/panel-card.tsx";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { samplesOf } from "#components/exports/request.ts";
import { HostPicker } from "#components/hosts/host-picker.tsx";
import { HostStateBadge } from "#components/hosts/host-state.tsx";
import { LiveBadge } from "#components/live/live-badge.tsx";
import { LiveProvider } from "#components/live/live-provider.tsx";
import { PageMarks } from "#components/marks/page-marks.tsx";
import { Cards } from "#components/overview/cards.tsx";
import { isWide, type OverviewCard, TIMELINE_SPAN } from "#components/overview/queries.ts";
import { ProcessMoments } from "#components/processes/process-moments.tsx";
import { usePageTime } from "#components/time/page-time.tsx";
import { TimeControl } from "#components/time/time-control.tsx";
import { PageTitle } from "#components/ui/card.tsx";
import type { Severity } from "#lib/contract/enums.ts";
import type { HostState } from "#lib/contract/hosts.ts";
import type { SignOfLife } from "#lib/hosts/hosts.ts";
import { OVERVIEW_PANELS, seriesOf } from "#lib/metrics/panels.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

type Named = { id: number; name: string; state: HostState };
type Props = {
  host: Named & { worst: Severity | null } & SignOfLife;
  hosts: Named[];
  cards: OverviewCard[];
  /** Those of its panels. */
  series: SeriesInfo[];
};

export function Overview({ host, hosts, cards, series }: Props) {
  const time = usePageTime();
  return (
    <LiveProvider host={host.id} since={host.lastSampleAt?.getTime()}>
      <PageTitle
        note={
          <>
            {host.name} <HostStateBadge host={host} />
          </>
        }
        aside={
          <div className="flex flex-wrap items-center gap-4">
            <LiveBadge host={host} series={cards.flatMap(({ seriesIds }) => seriesIds)} />
            <HostPicker host={host} hosts={hosts} path="/overview" />
            <ExportDialog
              what="samples"
              request={samplesOf(
                host.id,
                series.map(({ metric }) => metric),
                time.range(),
              )}
            />
            <TimeControl />
          </div>
        }
      >
        Overview
      </PageTitle>
      <Cards host={host.id} initial={cards} />
      <PageMarks host={host.id}>
        <ProcessMoments host={host.id}>
          <div className="grid gap-3 xl:grid-cols-2">
            {OVERVIEW_PANELS.map((panel, n) => (
              <PanelCard
                key={panel.id}
                host={host.id}
                panel={panel}
                series={seriesOf(panel, series)}
                height={isWide(n) ? 280 : 180}
                className={isWide(n) ? "xl:col-span-2" : ""}
                wide={isWide(n)}
              />
            ))}
            <AnomalyTimeline span={TIMELINE_SPAN} host={host.id} className="xl:col-span-2" />
          </div>
        </ProcessMoments>
      </PageMarks>
    </LiveProvider>
  );
}
