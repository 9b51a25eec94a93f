import { useEffect, useEffectEvent } from "react";
import { openStreamSocket } from "#components/live/stream-socket.ts";
import type { ServerMessage } from "#lib/stream/messages.ts";

const PAUSE_MS = 3_000;

/** Calls back when alerts have changed, and after each time the connection was away. */
export function useAlertStream(onChange: () => void): void {
  const change = useEffectEvent(onChange);
  useEffect(() => {
    let socket: WebSocket | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let closed = false;
    let opened = 0;
    const connect = () => {
      socket = openStreamSocket();
      socket.onopen = () => {
        if (opened++ > 0) change();
      };
      socket.onmessage = (event) => {
        if ((JSON.parse(event.data as string) as ServerMessage).type === "alerts") change();
      };
      socket.onclose = () => {
        if (!closed) retry = setTimeout(connect, PAUSE_MS);
      };
    };
    connect();
    return () => {
      closed = true;
      clearTimeout(retry);
      socket?.close();
    };
  }, []);
}
