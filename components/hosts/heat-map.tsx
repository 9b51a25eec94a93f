"use client";

import { heatOf } from "#components/hosts/host-figure.tsx";
import { STATE_TITLE } from "#components/hosts/host-state.tsx";
import type { Host } from "#components/hosts/queries.ts";
import { cn } from "#components/ui/cn.ts";
import { Link } from "#components/ui/link.tsx";
import { formatText } from "#lib/format/value.ts";

export type HeatMetric = "cpu" | "memory" | "disk";

const TINT = { none: "bg-raised", ok: "bg-accent", warn: "bg-warn", bad: "bg-bad" };

function Tile({ host, metric }: { host: Host; metric: HeatMetric }) {
  const value = host.state === "no_data" ? null : host[metric];
  const heat = heatOf(value);
  const text = value === null ? STATE_TITLE.no_data : formatText(value, "percent");
  return (
    <Link
      href={`/hosts/${host.id}`}
      title={`${host.name}: ${text}`}
      aria-label={`${host.name}: ${text}`}
      className="relative block size-5 overflow-hidden rounded-sm border border-line bg-surface"
    >
      <span
        aria-hidden
        className={cn("absolute inset-0", TINT[heat])}
        // Below the level of a warning the tint says how much it is.
        style={heat === "ok" ? { opacity: 0.08 + 0.7 * ((value ?? 0) / 100) } : undefined}
      />
    </Link>
  );
}

/** Each host as a tile, in groups: what is high, or silent, is found at a glance among a thousand. */
export function HeatMap({ hosts, metric }: { hosts: Host[]; metric: HeatMetric }) {
  const groups = [...Map.groupBy(hosts, ({ group }) => group)].sort(([a], [b]) => a.localeCompare(b));
  return (
    <div className="space-y-4">
      {groups.map(([group, members]) => (
        <section key={group} aria-label={group || "Without a group"}>
          {groups.length > 1 && (
            <h2 className="mb-1 text-muted text-xs">
              {group || "Without a group"} · {members.length}
            </h2>
          )}
          <div className="flex flex-wrap gap-1">
            {members.map((host) => (
              <Tile key={host.id} {...{ host, metric }} />
            ))}
          </div>
        </section>
      ))}
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-2xs text-muted">
        <span className="flex items-center gap-1">
          <span className="size-3 rounded-sm bg-accent opacity-20" /> low
        </span>
        <span className="flex items-center gap-1">
          <span className="size-3 rounded-sm bg-accent opacity-70" /> up to 80 %
        </span>
        <span className="flex items-center gap-1">
          <span className="size-3 rounded-sm bg-warn" /> 80 % and more
        </span>
        <span className="flex items-center gap-1">
          <span className="size-3 rounded-sm bg-bad" /> 90 % and more
        </span>
        <span className="flex items-center gap-1">
          <span className="size-3 rounded-sm border border-line bg-raised" /> no data
        </span>
      </p>
    </div>
  );
}
