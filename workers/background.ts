import { join } from "node:path";
import { databaseUrl, openDatabase } from "#lib/db/client.ts";
import { CHANGE_CHANNEL, held } from "#lib/db/held.ts";
import { INPUT_CHANNEL } from "#lib/inputs/inputs.ts";
import { JOB_CHANNEL } from "#lib/jobs/queue.ts";
import { listen } from "#lib/stream/listener.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { startDatabases } from "./background/databases.ts";
import { startEvaluation } from "./background/evaluation.ts";
import { startJobs } from "./background/jobs.ts";
import { ScraperKeeper } from "./background/scraping.ts";
import { exporterRunner } from "./exporter-process.ts";
import { onStop, ready, stopSignal } from "./lifecycle.ts";
import { receiveSecrets } from "./secrets.ts";
import { runStopSteps, type StopStep, WORKER_STOP_MS } from "./stop.ts";
import { recordTelemetry } from "./telemetry.ts";

// What is done while nobody waits for it: detection, alerts, experiments and the store's maintenance, the queue, the sampling of databases. One process,
// since each would take 50 MB of its own to be there; what takes much, exports and scraping, has processes that end.

await receiveSecrets();

const db = openDatabase(databaseUrl(), {
  maxConnections: 8,
  applicationName: "sightline-background",
  queryLimitMs: 120_000,
});

const program = (name: string) => join(import.meta.dirname, `${name}.js`);
const evaluation = startEvaluation(db);
const databases = startDatabases(db);
const jobs = startJobs(db, exporterRunner(program("exporter")));
const scraper = new ScraperKeeper(db, program("scraper"));
const listener = listen(
  databaseUrl(),
  [JOB_CHANNEL, INPUT_CHANNEL, CHANGE_CHANNEL],
  (channel, payload) => {
    if (channel === JOB_CHANNEL) jobs.wake();
    else if (channel === INPUT_CHANNEL) scraper.look();
    else held().changed(payload);
  },
  () => {
    held().begin(MINUTE_MS);
    jobs.wake();
    scraper.look();
  },
  () => held().end(),
);

/** For the database, after all else. */
const LAST_MS = SECOND_MS;
const together = (parts: StopStep[][]) =>
  Promise.all(parts.map((steps) => runStopSteps(steps, WORKER_STOP_MS - LAST_MS)));

onStop([
  { name: "work", run: () => together([evaluation, databases, jobs.stopSteps, scraper.stopSteps()]) },
  { name: "listener", run: () => listener.close() },
  { name: "database", run: () => db.$disconnect() },
]);
recordTelemetry(db, "background", stopSignal);
ready();
