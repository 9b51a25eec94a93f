import { Drops } from "#lib/inputs/drops.ts";
import { reasonOf } from "#lib/log.ts";
import type { IncomingSeries } from "#lib/metrics/incoming.ts";
import { ExpositionError } from "#lib/scrape/format/exposition-error.ts";
import { Pace } from "#lib/scrape/relabel/pace.ts";
import type { Fetched, TargetClient } from "#lib/scrape/run/fetch-target.ts";
import type { ScrapeCache, ScrapeCounts } from "#lib/scrape/run/scrape-cache.ts";
import type { Target } from "#lib/scrape/targets/target.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** What came of a scrape: series with their stale markers; `error` says why the target is down. */
export type Scrape = { series: IncomingSeries[]; counts: ScrapeCounts; durationS: number; error: string | undefined };

type Options = { client: TargetClient; cache: ScrapeCache; maxBytes: number; signal?: AbortSignal };

const isMetrics = (contentType: string): boolean =>
  contentType === "" || /^(text\/plain|application\/openmetrics-text)\b/i.test(contentType.trim());

function parseProblem(error: unknown, { contentType }: Fetched): string {
  if (!(error instanceof ExpositionError) || isMetrics(contentType)) return reasonOf(error);
  return `It answers ${contentType.slice(0, 100)}, which is no page of metrics: correct metrics_path. ${reasonOf(error)}`;
}

/** Scrapes a target for an instant (ms); what goes wrong is answered, not thrown. */
export async function scrapeOnce(
  target: Target,
  at: number,
  { client, cache, maxBytes, signal }: Options,
): Promise<Scrape> {
  const startedAt = performance.now();
  const counts = { scraped: 0, kept: 0, added: 0, drops: new Drops() };
  const done = (series: IncomingSeries[], error?: string): Scrape => ({
    ...{ series, counts, error, durationS: (performance.now() - startedAt) / SECOND_MS },
  });
  let fetched: Fetched;
  try {
    fetched = await client.fetch(target.url, { timeoutMs: target.timeoutMs, maxBytes, signal });
  } catch (error) {
    return done(cache.end(at), reasonOf(error));
  }
  const took = done([]);
  const late = `Its samples were not read within ${target.timeoutMs / SECOND_MS} s: simplify metric_relabel_configs, or raise scrape_timeout`;
  const pace = new Pace(startedAt + target.timeoutMs, late, signal);
  try {
    return { ...took, series: await cache.parse(fetched, at, counts, pace) };
  } catch (error) {
    return { ...took, series: cache.end(at), error: parseProblem(error, fetched) };
  }
}
