import { MAX_LABEL, printable } from "#lib/inputs/check-series.ts";
import type { Drops } from "#lib/inputs/drops.ts";
import { type FamilyMetadata, MetadataCache } from "#lib/inputs/remote-write/metadata.ts";
import { labelsKey, seriesName } from "#lib/metrics/frame.ts";
import type { IncomingSample, IncomingSeries } from "#lib/metrics/incoming.ts";
import type { ScrapeSettings } from "#lib/scrape/config/schema.ts";
import { readExposition } from "#lib/scrape/format/exposition.ts";
import type { ExposedSample } from "#lib/scrape/format/reader.ts";
import { readKey } from "#lib/scrape/format/series-key.ts";
import type { Pace } from "#lib/scrape/relabel/pace.ts";
import { OversizedLabels, relabel } from "#lib/scrape/relabel/relabel.ts";
import { withTargetLabels } from "#lib/scrape/run/mutate-labels.ts";

const NAME = "__name__";
const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** A series as a target exposes it, and what it is once its labels are put together; `id` is the same for the same series. */
type CachedSeries = { id: string; metric: string; labels: Record<string, string> };

/** What a body came to: what Prometheus' own series say of a scrape, and what of it is not stored for whatever reason. */
export type ScrapeCounts = { scraped: number; kept: number; added: number; drops: Drops };

/** Why a series cannot be relabelled. */
class Refused {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

type Reading = {
  counts: ScrapeCounts;
  live: Map<string, CachedSeries>;
  series: Map<string, IncomingSeries>;
  used: Set<string>;
};

/** A text of its own: a part of a body would keep all of the body in memory. */
const copyOf = (text: string): string => Buffer.from(text).toString();

const MAX_HELP = 1_000;

/** Texts of their own, of a length that is stored. */
const textsOf = ({ help, unit, ...said }: Partial<FamilyMetadata>): Partial<FamilyMetadata> => ({
  ...said,
  ...(help === undefined ? {} : { help: copyOf(help.slice(0, MAX_HELP)) }),
  ...(unit === undefined ? {} : { unit: copyOf(unit) }),
});

/** So many more keys than the last good body had are remembered. */
const SPARE_KEYS = 1_000;

/** What the same target exposes again and again: keys are read once, and series that end are noticed. */
export class ScrapeCache {
  readonly #settings: ScrapeSettings;
  readonly #target: Record<string, string>;
  readonly #metadata = new MetadataCache();
  /** By key; undefined for one that rules drop. */
  readonly #keys = new Map<string, CachedSeries | Refused | undefined>();
  /** Series of the last scrape that had no time of their own. */
  #live = new Map<string, CachedSeries>();
  /** So many keys the last body had that was good. */
  #lastKeys = 0;

  /** `before` is of the same target under another configuration: series of it that are no more are ended. */
  constructor(settings: ScrapeSettings, target: Record<string, string>, before?: ScrapeCache) {
    this.#settings = settings;
    this.#target = target;
    if (before) this.#live = before.#live;
  }

  /**
   * Reads a body that came at an instant (ms), with a stale marker for each series that has ended. What was counted stands in `counts`, also where it
   * throws: then nothing of the body is stored.
   * @throws Error in words, with the broken line where there is one
   */
  async parse(
    { body, contentType }: { body: string; contentType: string },
    at: number,
    counts: ScrapeCounts,
    pace: Pace,
  ): Promise<IncomingSeries[]> {
    const live = new Map<string, CachedSeries>();
    const series = new Map<string, IncomingSeries>();
    const used = new Set<string>();
    try {
      const lines = readExposition(body, contentType, {
        sample: (sample) => this.#add(sample, at, { counts, live, series, used }),
        metadata: ({ family, ...said }) => this.#metadata.note(copyOf(family), textsOf(said)),
        exemplar: () => {
          counts.drops.add("exemplar", 1, () => "exemplars of scraped targets");
        },
      });
      while (!lines.next().done) if (pace.isDue) await pace.pause();
      const limit = this.#settings.sample_limit;
      if (limit > 0 && counts.kept > limit)
        throw new Error(
          `It has ${counts.kept} samples, over the sample_limit of ${limit}: raise it, or drop some by metric_relabel_configs`,
        );
    } catch (error) {
      // What is broken each time in another way must not be remembered for ever.
      if (this.#keys.size > 2 * this.#lastKeys + SPARE_KEYS) this.#forgetAllBut(used);
      throw error;
    }
    for (const [id, cached] of this.#live) if (!live.has(id)) this.#end(series, cached, at);
    this.#live = live;
    this.#forgetAllBut(used);
    this.#lastKeys = this.#keys.size;
    return [...series.values()];
  }

  #forgetAllBut(used: Set<string>): void {
    for (const key of this.#keys.keys()) if (!used.has(key)) this.#keys.delete(key);
  }

  #add(sample: ExposedSample, at: number, { counts, live, series, used }: Reading): void {
    counts.scraped += 1;
    const isNew = !this.#keys.has(sample.key);
    const cached = this.#find(sample.key);
    used.add(sample.key);
    if (!cached) return;
    if (cached instanceof Refused) {
      counts.drops.add("labels_too_long", 1, () => cached.why);
      return;
    }
    counts.kept += 1;
    const limit = this.#settings.sample_limit;
    if (isNew && (limit === 0 || counts.kept <= limit)) counts.added += 1;
    const ownTime = this.#settings.honor_timestamps ? sample.at : undefined;
    if (ownTime === undefined) live.set(cached.id, cached);
    // Of two at the same instant the store keeps the first.
    this.#entryOf(series, cached).samples.push({ at: ownTime ?? at, value: sample.value });
  }

  /** Stale markers for all series that there were: the target is away, or no longer scraped. */
  end(at: number): IncomingSeries[] {
    const series = new Map<string, IncomingSeries>();
    for (const cached of this.#live.values()) this.#end(series, cached, at);
    this.#live = new Map();
    return [...series.values()];
  }

  #entryOf(series: Map<string, IncomingSeries>, { id, metric, labels }: CachedSeries): IncomingSeries {
    const found = series.get(id);
    if (found) return found;
    const entry: IncomingSeries = { metric, labels, ...this.#metadata.describe(metric), samples: [] };
    series.set(id, entry);
    return entry;
  }

  #end(series: Map<string, IncomingSeries>, cached: CachedSeries, at: number): void {
    const marker: IncomingSample = { at, value: Number.NaN, stale: true };
    this.#entryOf(series, cached).samples.push(marker);
  }

  #find(key: string): CachedSeries | Refused | undefined {
    if (this.#keys.has(key)) return this.#keys.get(key);
    const own = copyOf(key);
    const cached = this.#make(own);
    this.#keys.set(own, cached);
    return cached;
  }

  /** @throws Error for a label that is there twice, or a name that rules made and that is none */
  #make(key: string): CachedSeries | Refused | undefined {
    const { metric: exposed, labels: written } = readKey(key);
    const own = new Map(written);
    if (own.size !== written.length) throw new Error(`${key.slice(0, 200)} has a label twice`);
    const refuse = (why: string) =>
      new Refused(copyOf(`${printable({ metric: exposed, labels: Object.fromEntries(written) })}: ${why}`));
    // Rules take time by the length of what they look at.
    if (written.some(([name, value]) => name.length > MAX_LABEL || value.length > MAX_LABEL))
      return refuse(`a label is over ${MAX_LABEL} characters`);
    own.set(NAME, exposed);
    const { honor_labels: honors, metric_relabel_configs: rules = [] } = this.#settings;
    let labels: Map<string, string> | undefined;
    try {
      labels = relabel(withTargetLabels(own, this.#target, honors), rules);
    } catch (error) {
      if (error instanceof OversizedLabels) return refuse(error.message);
      throw error;
    }
    if (!labels || labels.size === 0) return undefined;
    const metric = labels.get(NAME);
    labels.delete(NAME);
    if (metric === undefined || !METRIC.test(metric))
      throw new Error(`${key.slice(0, 200)} has no valid name after metric_relabel_configs`);
    const record = Object.fromEntries(labels);
    return { id: seriesName(metric, record) + labelsKey(record), metric, labels: record };
  }
}
