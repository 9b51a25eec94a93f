import { databaseUrl, openDatabase } from "#lib/db/client.ts";
import { ScrapeManager } from "#lib/scrape/run/scrape-manager.ts";
import { Scraping } from "#lib/scrape/run/scraping.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { onStop, ready, stopSignal } from "./lifecycle.ts";
import { receiveSecrets } from "./secrets.ts";
import { recordTelemetry } from "./telemetry.ts";

// Scrapes the targets of inputs. A process of its own: bodies of many targets take memory and time that nothing else must wait for. The worker of the
// databases has it run while there is an input that scrapes.

await receiveSecrets();

const db = openDatabase(databaseUrl(), {
  maxConnections: 3,
  applicationName: "sightline-scraper",
  queryLimitMs: 10 * SECOND_MS,
});
const scraping = new Scraping(databaseUrl(), new ScrapeManager(db));
scraping.start();

onStop([
  { name: "scraping", run: () => scraping.close(), reservedMs: 2 * SECOND_MS },
  { name: "database", run: () => db.$disconnect() },
]);
recordTelemetry(db, "scraper", stopSignal);
ready();
