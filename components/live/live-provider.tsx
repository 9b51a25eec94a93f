"use client";

import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useMemo, useState } from "react";
import { LiveClient, type LiveStatus } from "#components/live/live-client.ts";
import type { FrameMessage } from "#lib/stream/messages.ts";

const LiveContext = createContext<{ client: LiveClient; status: LiveStatus } | null>(null);

type Props = { host: number; since?: number | undefined; children: ReactNode };

/** The live connection of a page that shows one host; `since` (ms) is the newest sample that the page may hold by its first drawing. */
export function LiveProvider({ host, since, children }: Props) {
  const [first] = useState(since);
  const [status, setStatus] = useState<LiveStatus>("connecting");
  const client = useMemo(() => new LiveClient(host, first, setStatus), [host, first]);
  useEffect(() => {
    client.connect();
    return () => client.close();
  }, [client]);
  const value = useMemo(() => ({ client, status }), [client, status]);
  return <LiveContext value={value}>{children}</LiveContext>;
}

function useLiveContext() {
  const context = useContext(LiveContext);
  if (!context) throw new Error("A live component stands outside a LiveProvider");
  return context;
}

export function useLiveStatus(): LiveStatus {
  return useLiveContext().status;
}

/** Calls back for each frame with any of the series, and when what was read before is no longer complete. */
export function useLive(series: readonly number[], onFrame: (frame: FrameMessage) => void, onStale: () => void): void {
  const { client } = useLiveContext();
  const key = series.join(",");
  const frame = useEffectEvent(onFrame);
  const stale = useEffectEvent(onStale);
  useEffect(() => {
    if (key === "") return;
    return client.want(key.split(",").map(Number), { onFrame: (message) => frame(message), onStale: () => stale() });
  }, [client, key]);
}
