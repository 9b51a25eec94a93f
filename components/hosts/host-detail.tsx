"use client";

import { PanelCard } from "#components/charts/panel-card.tsx";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { samplesOf } from "#components/exports/request.ts";
import { AgentCard, type AgentHost } from "#components/hosts/agent-card.tsx";
import { type EditedHost, EditHost } from "#components/hosts/edit-host.tsx";
import { HostStateBadge } from "#components/hosts/host-state.tsx";
import { isOther, OtherMetrics } from "#components/hosts/other-metrics.tsx";
import { type PanelOfHost, panelGroups } from "#components/hosts/panel-groups.ts";
import { LiveBadge } from "#components/live/live-badge.tsx";
import { LiveProvider } from "#components/live/live-provider.tsx";
import { PageMarks } from "#components/marks/page-marks.tsx";
import { ProcessMoments } from "#components/processes/process-moments.tsx";
import { ProcessesCard } from "#components/processes/processes-card.tsx";
import { usePageTime } from "#components/time/page-time.tsx";
import { TimeControl } from "#components/time/time-control.tsx";
import { PageTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { Severity } from "#lib/contract/enums.ts";
import type { HostState } from "#lib/contract/hosts.ts";
import { formatText } from "#lib/format/value.ts";
import type { SignOfLife } from "#lib/hosts/hosts.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

type Host = AgentHost &
  EditedHost & {
    system: Record<string, string | number>;
    state: HostState;
    worst: Severity | null;
  } & SignOfLife;
type Props = {
  host: Host;
  /** Those of its panels. */
  series: SeriesInfo[];
  /** All that it has series of. */
  metrics: string[];
  /** The ids of series that show whether it lives. */
  live: number[];
  mayManage: boolean;
};

const anchor = (group: string) => group.toLowerCase().replace(/[^a-z]+/g, "-");

type GroupProps = { host: number; group: string; members: PanelOfHost[] };

function PanelGroup({ host, group, members }: GroupProps) {
  const id = anchor(group);
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="mb-6 scroll-mt-16">
      <h2 id={`${id}-title`} className="mb-2 font-medium">
        {group}
      </h2>
      <div className="grid gap-3 lg:grid-cols-2 3xl:grid-cols-3">
        {members.map(({ panel, series }) => (
          <PanelCard
            key={panel.id}
            {...{ host, panel, series }}
            // No hole beside the last of an odd number.
            className="lg:last:odd:col-span-2 3xl:last:odd:col-span-1"
          />
        ))}
        {group === "Processes" && <ProcessesCard host={host} />}
      </div>
    </section>
  );
}

/** What the machine is, and how people sort it. */
function Inventory({ host: { system, hostname, name, tags, group } }: { host: Host }) {
  const { os, kernel, cpu, cores, memory_bytes: memory, hardware, virtualisation } = system;
  const facts = [
    hostname !== name && hostname,
    os,
    kernel && `kernel ${kernel}`,
    hardware,
    virtualisation && `virtual (${virtualisation})`,
    cpu,
    cores && `${cores} cores`,
    memory && formatText(Number(memory), "bytes"),
    group && `group ${group}`,
    ...tags,
  ];
  return <>{facts.filter(Boolean).join(" · ")}</>;
}

/** Every series of a host, as charts by group. */
export function HostDetail({ host, series, metrics, live, mayManage }: Props) {
  const time = usePageTime();
  const groups = panelGroups(series);
  return (
    <LiveProvider host={host.id} since={host.lastSampleAt?.getTime()}>
      <ProcessMoments host={host.id}>
        <PageTitle
          note={<Inventory host={host} />}
          aside={
            <div className="flex flex-wrap items-center gap-4">
              <LiveBadge host={host} series={live} />
              <ExportDialog what="samples" request={samplesOf(host.id, metrics, time.range())} />
              {mayManage && <EditHost host={host} />}
              <TimeControl />
            </div>
          }
        >
          {host.name} <HostStateBadge host={host} />
        </PageTitle>
        <nav aria-label="Groups" className="mb-4 flex flex-wrap gap-1">
          {[...groups.keys()].map((group) => (
            <a
              key={group}
              href={`#${anchor(group)}`}
              className="rounded-md px-2 py-1 text-muted text-xs hover:bg-raised hover:text-ink"
            >
              {group}
            </a>
          ))}
        </nav>
        {metrics.length === 0 && (
          <Notice className="mb-6" title="This host has sent no sample yet">
            Data appears here within seconds of the agent's first report.
          </Notice>
        )}
        <PageMarks host={host.id}>
          {[...groups].map(([group, members]) => (
            <PanelGroup key={group} host={host.id} group={group} members={members} />
          ))}
          {metrics.some(isOther) && <OtherMetrics host={host.id} />}
        </PageMarks>
        <AgentCard host={host} mayManage={mayManage} />
      </ProcessMoments>
    </LiveProvider>
  );
}
