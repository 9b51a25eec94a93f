import type { IncomingSeries } from "#lib/metrics/incoming.ts";
import type { Scrape } from "#lib/scrape/run/scrape-once.ts";

type Report = { metric: string; unit?: string; help: string; value: (scrape: Scrape) => number };

const REPORTS: Report[] = [
  {
    metric: "up",
    help: "1 if the target was scraped, 0 if not",
    value: ({ error }) => (error === undefined ? 1 : 0),
  },
  {
    metric: "scrape_duration_seconds",
    unit: "seconds",
    help: "How long the target took to answer",
    value: ({ durationS }) => durationS,
  },
  {
    metric: "scrape_samples_scraped",
    help: "How many samples the target exposed",
    value: ({ counts }) => counts.scraped,
  },
  {
    metric: "scrape_samples_post_metric_relabeling",
    help: "How many samples were left after metric_relabel_configs",
    value: ({ counts }) => counts.kept,
  },
  {
    metric: "scrape_series_added",
    help: "About how many series were new in this scrape",
    value: ({ counts }) => counts.added,
  },
];

/** Prometheus' own series of a target. */
export class ReportSeries {
  // An object each: by it the store knows a series again.
  readonly #labels: Record<string, string>[];

  constructor(labels: Record<string, string>) {
    this.#labels = REPORTS.map(() => ({ ...labels }));
  }

  /** What they say of a scrape at an instant (ms); stale markers without one, as the target is scraped no more. */
  at(at: number, scrape: Scrape | undefined): IncomingSeries[] {
    return REPORTS.map(({ value, ...about }, n) => ({
      ...about,
      kind: "gauge",
      labels: this.#labels[n] ?? {},
      samples: [scrape ? { at, value: value(scrape) } : { at, value: Number.NaN, stale: true }],
    }));
  }
}
