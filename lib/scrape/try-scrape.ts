import type { Role } from "#lib/contract/roles.ts";
import type { Database } from "#lib/db/client.ts";
import { invalidField } from "#lib/errors.ts";
import { type Drop, unexpected } from "#lib/inputs/drops.ts";
import { readInput } from "#lib/inputs/inputs.ts";
import { checkIncoming } from "#lib/inputs/store-incoming.ts";
import { reasonOf } from "#lib/log.ts";
import { seriesName } from "#lib/metrics/frame.ts";
import { trustOf } from "#lib/notify/outgoing.ts";
import type { ScrapeSettings } from "#lib/scrape/config/schema.ts";
import { TargetClient } from "#lib/scrape/run/fetch-target.ts";
import { ScrapeCache } from "#lib/scrape/run/scrape-cache.ts";
import { scrapeOnce } from "#lib/scrape/run/scrape-once.ts";
import { checkConfig, findConfig } from "#lib/scrape/store/configs.ts";
import { Discovery } from "#lib/scrape/targets/discovery.ts";
import type { Target } from "#lib/scrape/targets/target.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

const MAX_BYTES = 16 * 1024 * 1024;
const SHOWN = 10;
/** Of an input that is still to be made. */
const MAX_SERIES = 10_000;
/** Somebody waits for it. */
const MAX_MS = 30 * SECOND_MS;

/** What came of a scrape that stores nothing; `error` says in words why nothing did. */
export type TriedScrape = {
  ok: boolean;
  targets: number;
  dropped: number;
  url: string | null;
  labels: Record<string, string>;
  durationS: number | null;
  scraped: number;
  series: number;
  stored: number;
  drops: Drop[];
  examples: string[];
  error: string | null;
};

/**
 * Scrapes the first target of a configuration, or the one at an address, and stores nothing. `id` is the input that it changes, whose secrets
 * are used where they are hidden.
 * @throws DomainError validation that names each wrong field
 */
export async function tryScrape(
  db: Database,
  { scrape, id, address }: { scrape: string; id?: number | undefined; address?: string | undefined },
  role: Role,
): Promise<TriedScrape> {
  const before = id === undefined ? undefined : await findConfig(db, id);
  const { settings, trusted } = await checkConfig(scrape, role, before);
  const { targets, dropped, problem } = await new Discovery(settings).read(Date.now()).catch((error: unknown) => {
    throw invalidField("scrape", reasonOf(error));
  });
  const target =
    address === undefined ? targets[0] : targets.find(({ discovered }) => discovered.__address__ === address);
  const found = { targets: targets.length, dropped: dropped.length };
  if (target) {
    const client = new TargetClient(settings, trustOf(trusted));
    try {
      return { ...found, ...(await scrapeTarget(db, target, settings, client, id)) };
    } finally {
      client.close();
    }
  }
  const why = address === undefined ? problem : `There is no target ${address}`;
  const ruled = dropped.find((target) => target.problem !== undefined)?.problem ?? "relabel_configs drop all targets";
  return {
    ...{ ok: false, ...found, url: null, labels: {}, durationS: null, scraped: 0, series: 0 },
    ...{ stored: 0, drops: [], examples: [] },
    error: why ?? (dropped.length > 0 ? ruled : "There are no targets: name some in static_configs"),
  };
}

async function scrapeTarget(
  db: Database,
  target: Target,
  settings: ScrapeSettings,
  client: TargetClient,
  id: number | undefined,
) {
  const cache = new ScrapeCache(settings, target.labels);
  const maxBytes = Math.min(settings.body_size_limit || MAX_BYTES, MAX_BYTES);
  const tried = { ...target, timeoutMs: Math.min(target.timeoutMs, MAX_MS) };
  const { series, counts, durationS, error } = await scrapeOnce(tried, Date.now(), { client, cache, maxBytes });
  const maxSeries = id === undefined ? MAX_SERIES : (await readInput(db, id)).maxSeries;
  const stored = await checkIncoming(db, { hostId: id, maxSeries }, series, Date.now(), counts.drops);
  const examples = series
    .slice(0, SHOWN)
    .map(({ metric, labels, samples }) => `${seriesName(metric, labels)} ${samples[0]?.value}`.slice(0, 500));
  return {
    ...{ ok: error === undefined, url: target.url, labels: target.labels, durationS },
    ...{
      scraped: counts.scraped,
      series: series.length,
      stored: stored.length,
      drops: unexpected(counts.drops.list()),
      examples,
      error: error ?? null,
    },
  };
}
