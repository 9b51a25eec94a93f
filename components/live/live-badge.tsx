"use client";

import { useLiveStatus } from "#components/live/live-provider.tsx";
import { cn } from "#components/ui/cn.ts";

const TEXTS = { connecting: "Connecting", live: "Live", reconnecting: "Reconnecting" };

export function LiveBadge() {
  const status = useLiveStatus();
  return (
    <span role="status" data-live={status} className="inline-flex items-center gap-1.5 text-muted text-xs">
      <span
        aria-hidden
        className={cn("size-2 rounded-full", status === "live" ? "bg-good" : "animate-pulse bg-warn")}
      />
      {TEXTS[status]}
    </span>
  );
}
