import type { Database } from "#lib/db/client.ts";
import { reading } from "#lib/db/reading.ts";
import type { Limits } from "#lib/promql/evaluate/budget.ts";
import { executionError, QueryError } from "#lib/promql/query/error.ts";
import { MAX_QUERY_SAMPLES, QUERY_LIMIT_MS } from "#lib/promql/query/limits.ts";
import { compareLabels } from "#lib/promql/series/labels.ts";
import type { Matcher } from "#lib/promql/series/matcher.ts";
import type { SeriesReader, SeriesSamples } from "#lib/promql/series/reader.ts";
import { findLabelled, type LabelledSeries, type ReadableHost } from "#lib/promql/store/catalog.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import {
  countSamplesOfHosts,
  joinRuns,
  mostSamples,
  readOlderSamples,
  readSamplesOfHosts,
  type Samples,
} from "#lib/tsdb/query.ts";

/** Raw samples are kept for a day at least: so long nothing has to stand in for them. */
const RAW_KEPT_MS = DAY_MS;

const tooMany = () =>
  executionError(
    `query processing would load too many samples into memory: more than ${MAX_QUERY_SAMPLES}. Ask for a shorter range or fewer series`,
  );

/** Reads what PromQL asks for from the store: the series of the hosts that may be read, with those that are not compacted yet; where raw samples are gone, what their rollups say. */
export class StoreReader implements SeriesReader {
  readonly #db: Database;
  readonly #hosts: readonly ReadableHost[];
  readonly #sources: ReadonlySet<number> | undefined;
  readonly #signal: AbortSignal;
  readonly #timeout: AbortSignal;

  /** `signal` is of whoever waits for the answer; after `timeMs` reading ends, too. With `sources` only series of these are there. */
  constructor(
    db: Database,
    hosts: readonly ReadableHost[],
    { signal, timeMs = QUERY_LIMIT_MS, sources }: Limits & { sources?: ReadonlySet<number> } = {},
  ) {
    [this.#db, this.#hosts, this.#sources] = [db, hosts, sources];
    this.#timeout = AbortSignal.timeout(Math.max(0, Math.min(timeMs, QUERY_LIMIT_MS)));
    this.#signal = signal ? AbortSignal.any([signal, this.#timeout]) : this.#timeout;
  }

  /** @throws QueryError execution for more samples than a query may read, timeout; DomainError cancelled */
  async select(matchers: readonly Matcher[], fromMs: number, toMs: number): Promise<SeriesSamples[]> {
    try {
      return await this.#read(matchers, { from: fromMs, to: toMs + 1 });
    } catch (error) {
      if (!this.#timeout.aborted) throw error;
      throw new QueryError("timeout", "query timed out while its samples were read");
    }
  }

  #read(matchers: readonly Matcher[], range: { from: number; to: number }): Promise<SeriesSamples[]> {
    return reading(this.#db, this.#signal, async (tx) => {
      const labelled = await findLabelled(tx, this.#hosts, matchers);
      const found = labelled.filter(({ stored }) => this.#sources?.has(stored.sourceId) ?? true);
      if (found.length === 0) return [];
      const stored = found.map((series) => series.stored);
      const most = mostSamples(stored.length, range);
      const count = most > MAX_QUERY_SAMPLES ? await countSamplesOfHosts(tx, stored, range, MAX_QUERY_SAMPLES) : 0;
      if (count > MAX_QUERY_SAMPLES) throw tooMany();
      if (range.from > Date.now() - RAW_KEPT_MS) return byLabels(found, await readSamplesOfHosts(tx, stored, range));
      const [samples, older] = await Promise.all([
        readSamplesOfHosts(tx, stored, range),
        readOlderSamples(tx, stored, range, MAX_QUERY_SAMPLES - count),
      ]);
      if (!older) throw tooMany();
      return byLabels(
        found,
        samples.map((own, n) => joinRuns(older[n] as Samples, own)),
      );
    });
  }
}

/** Series with their samples in the order of their labels, those of equal labels as one, those without any left out. */
function byLabels(found: LabelledSeries[], samples: Samples[]): SeriesSamples[] {
  const series = new Map<string, SeriesSamples>();
  for (const [n, { labels }] of found.entries()) {
    const own = samples[n] as Samples;
    if (own.times.length === 0) continue;
    const before = series.get(labels.key);
    series.set(labels.key, { labels, ...(before ? joinRuns(before, own) : own) });
  }
  return [...series.values()].sort((a, b) => compareLabels(a.labels, b.labels));
}
