import { identifyHost } from "#lib/collect/host.ts";
import { ServerSampling } from "#lib/databases/sampling/sample-servers.ts";
import { type Database, databaseUrl } from "#lib/db/client.ts";
import { HostFrameSink } from "#lib/hosts/frame-sink.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import type { StopStep } from "../stop.ts";

// Samples the portal's own database and the configured servers.

/** Begins it, and answers how it ends. */
export function startDatabases(db: Database): StopStep[] {
  const sink = new HostFrameSink(db, identifyHost);
  const sampling = new ServerSampling(databaseUrl(), db, () => sink.hostId());
  sampling.start();
  return [{ name: "sampling", run: () => sampling.close(), reservedMs: 2 * SECOND_MS }];
}
