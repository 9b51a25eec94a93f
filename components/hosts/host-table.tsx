"use client";

import { useQueries } from "@tanstack/react-query";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState } from "react";
import { Sparkline } from "#components/charts/sparkline.tsx";
import { HostFigure } from "#components/hosts/host-figure.tsx";
import { SORT_KEYS, type SortKey } from "#components/hosts/host-filter.ts";
import { HostStateBadge } from "#components/hosts/host-state.tsx";
import { type Host, sparklinesQuery } from "#components/hosts/queries.ts";
import { cn } from "#components/ui/cn.ts";
import { Link } from "#components/ui/link.tsx";
import { SortHeading } from "#components/ui/sort-heading.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { formatText } from "#lib/format/value.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";
import { HOUR_MS } from "#lib/time/durations.ts";
import type { Point } from "#lib/tsdb/points.ts";

const ROW_PX = 44;
/** Sparklines are read for so many rows at once. */
const CHUNK = 50;

type Column = { key: SortKey | "network" | "system" | "tags"; title: string; className: string; right?: boolean };

const COLUMNS: Column[] = [
  { key: "state", title: "State", className: "w-20 sm:w-24" },
  { key: "name", title: "Host", className: "min-w-32" },
  { key: "tags", title: "Tags", className: "hidden w-40 xl:table-cell" },
  { key: "cpu", title: "CPU", className: "w-16 sm:w-40", right: true },
  { key: "memory", title: "Memory", className: "hidden w-40 sm:table-cell", right: true },
  { key: "network", title: "Network", className: "hidden w-44 lg:table-cell", right: true },
  { key: "disk", title: "Fullest disk", className: "hidden w-28 md:table-cell", right: true },
  { key: "response", title: "Response", className: "hidden w-24 lg:table-cell", right: true },
  { key: "system", title: "System", className: "hidden w-52 2xl:table-cell" },
  { key: "seen", title: "Newest sample", className: "hidden w-36 whitespace-nowrap xl:table-cell", right: true },
];

export type Sorting = { key: SortKey; descending: boolean };

const isSortKey = (key: Column["key"]): key is SortKey => (SORT_KEYS as readonly string[]).includes(key);

function Heading({ column, sorting, onSort }: { column: Column; sorting: Sorting; onSort: (key: SortKey) => void }) {
  const { key, title, className, right } = column;
  const look = cn("px-2 py-2 text-muted", right ? "text-right" : "text-left", className);
  if (!isSortKey(key))
    return (
      <th scope="col" className={cn("font-normal", look)}>
        {title}
      </th>
    );
  const order = sorting.descending ? "descending" : "ascending";
  return (
    <SortHeading order={sorting.key === key ? order : undefined} onSort={() => onSort(key)} className={look}>
      {title}
    </SortHeading>
  );
}

function Line({ points }: { points: Point[] | undefined }) {
  return (
    <span className="hidden min-w-0 flex-1 sm:block">
      {points && points.length > 1 ? <Sparkline points={points} spanMs={HOUR_MS} /> : <span className="block h-8" />}
    </span>
  );
}

type Lines = Map<number, { cpu: Point[]; memory: Point[]; network: Point[] }>;

/** A figure of which no value is high by itself. */
function Figure({ value, unit, rate = false }: { value: number | null; unit: Unit; rate?: boolean }) {
  return (
    <span className={cn("figures whitespace-nowrap", value === null && "text-muted")}>
      {value === null ? "–" : formatText(value, unit, rate)}
    </span>
  );
}

function Row({ host, index, lines }: { host: Host; index: number; lines: Lines }) {
  const own = lines.get(host.id);
  const [state, name, tags, cpu, memory, network, disk, response, system, seen] = COLUMNS.map(
    ({ className }) => className,
  );
  return (
    <tr aria-rowindex={index + 2} className="border-line border-t hover:bg-raised" style={{ height: ROW_PX }}>
      <td className={cn("px-2", state)}>
        <HostStateBadge host={host} brief />
      </td>
      <td className={cn("max-w-0 px-2", name)}>
        <Link href={`/hosts/${host.id}`} className="block truncate font-medium hover:underline">
          {host.name}
        </Link>
        <span className="block truncate text-2xs text-muted">
          {[host.group, host.agent ? "" : "this portal", host.agent?.revokedAt ? "agent revoked" : ""]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </td>
      <td className={cn("max-w-0 truncate px-2 text-muted text-xs", tags)} title={host.tags.join(", ")}>
        {host.tags.join(", ")}
      </td>
      <td className={cn("px-2", cpu)}>
        <span className="flex items-center justify-end gap-3">
          <Line points={own?.cpu} />
          <HostFigure value={host.cpu} />
        </span>
      </td>
      <td className={cn("px-2", memory)}>
        <span className="flex items-center justify-end gap-3">
          <Line points={own?.memory} />
          <HostFigure value={host.memory} />
        </span>
      </td>
      <td className={cn("px-2", network)}>
        <span className="flex items-center justify-end gap-3">
          <Line points={own?.network} />
          <Figure value={own?.network.at(-1)?.[1] ?? null} unit="bytes" rate />
        </span>
      </td>
      <td className={cn("px-2 text-right", disk)}>
        <HostFigure value={host.disk} />
      </td>
      <td
        className={cn("px-2 text-right", response)}
        title="The slowest of its databases and of the checks that it runs"
      >
        <Figure value={host.response} unit="ms" />
      </td>
      <td className={cn("max-w-0 truncate px-2 text-muted text-xs", system)}>{host.system.os}</td>
      <td className={cn("figures px-2 text-right text-muted text-xs", seen)}>
        {host.lastSampleAt ? <DateTime at={host.lastSampleAt} /> : "never"}
      </td>
    </tr>
  );
}

/** The sparklines of the rows from one to another, read in chunks, so that scrolling by a row reads nothing. */
function useSparklines(hosts: Host[], first: number, last: number): Lines {
  const chunks = Array.from({ length: Math.floor(last / CHUNK) - Math.floor(first / CHUNK) + 1 }, (_, n) => {
    const start = (Math.floor(first / CHUNK) + n) * CHUNK;
    return hosts.slice(start, start + CHUNK).map(({ id }) => id);
  });
  const results = useQueries({ queries: chunks.map((ids) => sparklinesQuery([...ids].sort((a, b) => a - b))) });
  return new Map(results.flatMap(({ data }) => (data ?? []).map((line): [number, typeof line] => [line.host, line])));
}

/** Hosts as rows; only those in sight are drawn. */
export function HostTable({
  hosts,
  sorting,
  onSort,
}: {
  hosts: Host[];
  sorting: Sorting;
  onSort: (key: SortKey) => void;
}) {
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY), []);
  const rows = useWindowVirtualizer({
    count: hosts.length,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: top,
    initialRect: { width: 1280, height: 900 },
  });
  const items = rows.getVirtualItems();
  const [first, last] = [items[0], items.at(-1)];
  const lines = useSparklines(hosts, first?.index ?? 0, last?.index ?? 0);
  const above = (first?.start ?? top) - top;
  const below = rows.getTotalSize() - ((last?.end ?? top) - top);
  return (
    <div ref={body} className="overflow-x-auto rounded-lg border border-line bg-surface">
      <table aria-rowcount={hosts.length + 1} className="w-full table-fixed">
        <thead className="text-xs">
          <tr aria-rowindex={1}>
            {COLUMNS.map((column) => (
              <Heading key={column.key} {...{ column, sorting, onSort }} />
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr aria-hidden style={{ height: above }} />}
          {items.map(({ index }) => {
            const host = hosts[index];
            return host && <Row key={host.id} {...{ host, index, lines }} />;
          })}
          {below > 0 && <tr aria-hidden style={{ height: below }} />}
        </tbody>
      </table>
    </div>
  );
}
