import { join } from "node:path";
import { identifyHost } from "#lib/collect/host.ts";
import { ServerSampling } from "#lib/databases/sampling/sample-servers.ts";
import { databaseUrl, openDatabase } from "#lib/db/client.ts";
import { HostFrameSink } from "#lib/hosts/frame-sink.ts";
import { hasInput } from "#lib/inputs/credentials.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { onStop, ready, stopSignal } from "./lifecycle.ts";
import { ScraperProcess } from "./scraper-process.ts";
import { receiveSecrets } from "./secrets.ts";
import { repeatTasks } from "./tasks.ts";
import { recordTelemetry } from "./telemetry.ts";

// Samples the portal's own database and the configured servers. A process of its own: a driver that hangs in one of them touches nothing else. It also
// has the scraper run while an input needs it.

await receiveSecrets();

const db = openDatabase(databaseUrl(), {
  maxConnections: 3,
  applicationName: "sightline-databases",
  queryLimitMs: 10 * SECOND_MS,
});

const sink = new HostFrameSink(db, identifyHost);
const sampling = new ServerSampling(databaseUrl(), db, () => sink.hostId());
sampling.start();

const LOOK_MS = 2 * SECOND_MS;
const scraper = new ScraperProcess(join(import.meta.dirname, "scraper.js"));
const followInputs = async () => scraper.follow(await hasInput(db, "scrape"));
void repeatTasks([{ name: "scraper", run: followInputs, pauseMs: () => LOOK_MS, maxBackoffMs: LOOK_MS }], stopSignal);

onStop([
  { name: "scraper", run: () => scraper.stop(), reservedMs: 3 * SECOND_MS },
  { name: "sampling", run: () => sampling.close(), reservedMs: 2 * SECOND_MS },
  { name: "database", run: () => db.$disconnect() },
]);
recordTelemetry(db, "databases", stopSignal);
ready();
