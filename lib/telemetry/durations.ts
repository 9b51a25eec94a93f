import type { Labels, Reading } from "#lib/metrics/frame.ts";

// What Sightline measures of itself, by OpenTelemetry's names where it has some. Not by its SDK, which costs each process some 20 MB.

/** The durations that are measured, and what they are. */
const MEASURED = {
  "http.server.request.duration": "How long requests of the API and of pages took, by route and status",
  "sightline.job.duration": "How long jobs took, by queue and outcome",
  "sightline.task.duration": "How long rounds of repeated work took, such as detection and alerts, by task and outcome",
  "sightline.pool.wait.duration": "How long queries waited for a connection to the database, by process",
} as const;
export type MeasuredDuration = keyof typeof MEASURED;

/** Seconds. Few, since each is a series of each route and status. */
const BOUNDS = [0.005, 0.025, 0.1, 0.25, 1, 2.5, 10];
/** So many sets of labels a duration has; what comes then is counted together. */
const MAX_SETS = 150;
const OTHER: Labels = { other: "true" };

type Counted = { labels: Labels; buckets: number[]; count: number; sum: number };

/** Counts how long things take, since the process started. */
export class Durations {
  readonly #counted = new Map<MeasuredDuration, Map<string, Counted>>();

  /** Counts one of a number of seconds. */
  observe(metric: MeasuredDuration, labels: Labels, seconds: number): void {
    const counted = this.#of(metric, labels);
    const first = BOUNDS.findIndex((bound) => seconds <= bound);
    if (first !== -1) for (let n = first; n < BOUNDS.length; n++) counted.buckets[n] = (counted.buckets[n] ?? 0) + 1;
    counted.count += 1;
    counted.sum += seconds;
  }

  #of(metric: MeasuredDuration, labels: Labels): Counted {
    const sets = this.#counted.get(metric) ?? new Map<string, Counted>();
    this.#counted.set(metric, sets);
    const key = JSON.stringify(labels);
    const found = sets.get(key);
    if (found) return found;
    if (sets.size >= MAX_SETS && labels !== OTHER) return this.#of(metric, OTHER);
    const counted = { labels, buckets: BOUNDS.map(() => 0), count: 0, sum: 0 };
    sets.set(key, counted);
    return counted;
  }

  /** All of it as series: cumulative buckets, a count and a sum of each duration and set of labels. */
  readings(): Reading[] {
    return [...this.#counted].flatMap(([metric, sets]) => {
      const kind = "histogram" as const;
      const part = (suffix: string, labels: Labels, value: number, unit = "count"): Reading => ({
        ...{ metric: metric + suffix, labels, value, kind, unit, help: MEASURED[metric] },
      });
      return [...sets.values()].flatMap(({ labels, buckets, count, sum }) => [
        ...BOUNDS.map((bound, n) => part("_bucket", { ...labels, le: String(bound) }, buckets[n] ?? 0)),
        part("_bucket", { ...labels, le: "+Inf" }, count),
        part("_count", labels, count),
        part("_sum", labels, sum, "seconds"),
      ]);
    });
  }
}

const shared = globalThis as typeof globalThis & { sightlineDurations?: Durations };

/** The durations of this process; the same ones when a bundler loads this module twice. */
export function durations(): Durations {
  shared.sightlineDurations ??= new Durations();
  return shared.sightlineDurations;
}

/** Seconds since an instant of performance.now(). */
export const secondsSince = (startedAt: number): number => (performance.now() - startedAt) / 1_000;
