import type { Pool, PoolClient } from "pg";
import { durations, secondsSince } from "#lib/telemetry/durations.ts";

type Callback = Parameters<Pool["connect"]>[0];

/** Measures how long those who want a connection of a pool wait for it. */
export function watchPool(pool: Pool, application: string): void {
  const connect = pool.connect.bind(pool) as { (): Promise<PoolClient>; (callback: Callback): void };
  const watched = (callback?: Callback): Promise<PoolClient> | undefined => {
    const startedAt = performance.now();
    const note = () =>
      durations().observe("sightline.pool.wait.duration", { pool: application }, secondsSince(startedAt));
    if (!callback) return connect().finally(note);
    connect((...answer: Parameters<Callback>) => {
      note();
      callback(...answer);
    });
    return undefined;
  };
  pool.connect = watched as Pool["connect"];
}
