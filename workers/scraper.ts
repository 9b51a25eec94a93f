import { databaseUrl } from "#lib/db/url.ts";
import { Scraping } from "#lib/scrape/run/scraping.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { onStop, ready, stopSignal } from "./lifecycle.ts";
import { receiveSecrets } from "./secrets.ts";

// Scrapes the targets of inputs. A process of its own: bodies of many targets take memory and time that pages must not wait for. What it needs for
// that is loaded with the first configuration.

await receiveSecrets();

let close: (() => Promise<unknown>) | undefined;
const scraping = new Scraping(databaseUrl(), async () => {
  const [{ openDatabase }, { ScrapeManager }, { recordTelemetry }] = await Promise.all([
    import("#lib/db/client.ts"),
    import("#lib/scrape/run/scrape-manager.ts"),
    import("./telemetry.ts"),
  ]);
  const db = openDatabase(databaseUrl(), {
    maxConnections: 3,
    applicationName: "sightline-scraper",
    queryLimitMs: 10 * SECOND_MS,
  });
  close = () => db.$disconnect();
  recordTelemetry(db, "scraper", stopSignal);
  return new ScrapeManager(db);
});
scraping.start();

onStop([
  { name: "scraping", run: () => scraping.close(), reservedMs: 2 * SECOND_MS },
  { name: "database", run: () => close?.() },
]);
ready();
