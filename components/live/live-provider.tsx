"use client";

import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useMemo, useState } from "react";
import { LiveClient, type LiveStatus } from "#components/live/live-client.ts";
import type { FrameMessage } from "#lib/stream/messages.ts";

const LiveContext = createContext<{ client: LiveClient; status: LiveStatus } | null>(null);

/** The live connection of a page that shows one host. */
export function LiveProvider({ host, children }: { host: number; children: ReactNode }) {
  const [status, setStatus] = useState<LiveStatus>("connecting");
  const client = useMemo(() => new LiveClient(host, setStatus), [host]);
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
