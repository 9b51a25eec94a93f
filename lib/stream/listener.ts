import pg from "pg";
import { log, reasonOf } from "#lib/log.ts";

const RECONNECT_MS = 500;

/** A channel's payloads as they are committed. */
export type Listener = { close(): Promise<void> };

/**
 * LISTEN on a connection of its own, made again whenever it is lost. `onConnect` runs after each (re)connection: notices may have been missed; `onLost` when
 * none come any more.
 */
export function listen(
  url: string,
  channels: string[],
  onNotice: (channel: string, payload: string) => void,
  onConnect: () => void = () => undefined,
  onLost: () => void = () => undefined,
): Listener {
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function reconnect(): void {
    if (closed || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      void connect();
    }, RECONNECT_MS);
  }

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: 3_000,
      application_name: "sightline-listen",
    });
    client = fresh;
    fresh.on("error", (error) => {
      onLost();
      log.warn({ reason: reasonOf(error) }, "listener lost its connection");
    });
    fresh.on("end", () => {
      onLost();
      reconnect();
    });
    fresh.on("notification", ({ channel, payload }) => onNotice(channel, payload ?? ""));
    try {
      await fresh.connect();
      for (const channel of channels) await fresh.query(`LISTEN ${fresh.escapeIdentifier(channel)}`);
      onConnect();
    } catch {
      await fresh.end().catch(() => undefined);
      reconnect();
    }
  }

  void connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
