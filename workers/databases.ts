import { identifyHost } from "#lib/collect/host.ts";
import { ServerSampling } from "#lib/databases/sampling/sample-servers.ts";
import { openDatabase } from "#lib/db/client.ts";
import { databaseUrl } from "#lib/db/url.ts";
import { HostFrameSink } from "#lib/hosts/frame-sink.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { onStop, ready, stopSignal } from "./lifecycle.ts";
import { receiveSecrets } from "./secrets.ts";
import { recordTelemetry } from "./telemetry.ts";

// Samples the portal's own database and the configured servers. A process of its own: a driver that hangs in one of them touches nothing else.

await receiveSecrets();

const db = openDatabase(databaseUrl(), {
  maxConnections: 3,
  applicationName: "sightline-databases",
  queryLimitMs: 10 * SECOND_MS,
});

const sink = new HostFrameSink(db, identifyHost);
const sampling = new ServerSampling(databaseUrl(), db, () => sink.hostId());
sampling.start();

onStop([
  { name: "sampling", run: () => sampling.close(), reservedMs: 2 * SECOND_MS },
  { name: "database", run: () => db.$disconnect() },
]);
recordTelemetry(db, "databases", stopSignal);
ready();
