import { identifyHost } from "#lib/collect/host.ts";
import { ServerSampling } from "#lib/databases/sampling/sample-servers.ts";
import { databaseUrl, openDatabase } from "#lib/db/client.ts";
import { HostFrameSink } from "#lib/hosts/frame-sink.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import type { StopStep } from "../stop.ts";

// Samples the portal's own database and the configured servers.

/** Begins it, and answers how it ends. */
export function startDatabases(): StopStep[] {
  // Connections of its own: what others ask for may take longer than a sample may be late.
  const db = openDatabase(databaseUrl(), {
    maxConnections: 3,
    applicationName: "sightline-databases",
    queryLimitMs: 10 * SECOND_MS,
  });
  const sink = new HostFrameSink(db, identifyHost);
  const sampling = new ServerSampling(databaseUrl(), db, () => sink.hostId());
  sampling.start();
  return [
    { name: "sampling", run: () => sampling.close(), reservedMs: 2 * SECOND_MS },
    { name: "database of samples", run: () => db.$disconnect() },
  ];
}
