"use client";

import { useEffect, useState } from "react";
import { useLive, useLiveStatus } from "#components/live/live-provider.tsx";
import { cn } from "#components/ui/cn.ts";
import { DateTime } from "#components/ui/time-format.tsx";
import type { SignOfLife } from "#lib/hosts/hosts.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

const TEXTS = { connecting: "Connecting", live: "Live", reconnecting: "Reconnecting" };

type Props = { host: SignOfLife; series: readonly number[] };

/** Since when a host has been silent, ms; undefined while it speaks. Only the browser knows how late it is. */
function useSilence({ host: { lastSampleAt, silentAfterMs }, series }: Props): number | undefined {
  const [newest, setNewest] = useState(lastSampleAt?.getTime() ?? 0);
  const [now, setNow] = useState(0);
  useLive(
    series,
    ({ at }) => setNewest((before) => Math.max(before, at)),
    () => undefined,
  );
  useEffect(() => {
    const look = () => setNow(Date.now());
    look();
    const timer = setInterval(look, 5 * SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  return now > 0 && newest > 0 && now - newest > silentAfterMs ? newest : undefined;
}

/** Whether figures move: the state of the connection, and apart from that whether the host still sends any. */
export function LiveBadge(props: Props) {
  const status = useLiveStatus();
  const silentSince = useSilence(props);
  const silent = status === "live" && silentSince !== undefined;
  const dot = silent ? "bg-muted" : status === "live" ? "bg-good" : "animate-pulse bg-warn";
  return (
    <span role="status" data-live={status} className="inline-flex items-center gap-1.5 text-muted text-xs">
      <span aria-hidden className={cn("size-2 rounded-full", dot)} />
      {silent ? (
        <span>
          No data since <DateTime at={silentSince} />
        </span>
      ) : (
        TEXTS[status]
      )}
    </span>
  );
}
