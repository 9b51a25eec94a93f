import { markStale } from "#lib/metrics/stale-marker.ts";
import { seededRandom } from "#lib/stats/random.ts";
import type { WrittenSeries } from "./remote-write.ts";

/** When the samples begin: ms since the epoch. */
export const START = Date.UTC(2026, 0, 31, 23, 10);
const STEP_MS = 15_000;
const COUNT = 360;

const next = seededRandom(20_260_131);
const jittered = (n: number) => START + n * STEP_MS + Math.floor(next() * 900);

type Draw = (n: number) => number | null | "stale";

/** A series whose values are drawn for each of its instants; null is no sample. */
function series(labels: Record<string, string>, draw: Draw, isRegular = false): WrittenSeries {
  const drawn = Array.from({ length: COUNT }, (_, n) => ({
    time: isRegular ? START + n * STEP_MS : jittered(n),
    value: draw(n),
  })).filter(({ value }) => value !== null);
  const values = Float64Array.from(drawn, ({ value }) => (value === "stale" ? Number.NaN : Number(value)));
  for (const [n, { value }] of drawn.entries()) if (value === "stale") markStale(values, n);
  return { labels, times: drawn.map(({ time }) => time), values };
}

/** A counter that grows by chance, and falls to zero now and then. */
function counter(resetEvery: number, growth: number): Draw {
  let total = 0;
  return (n) => {
    total = n % resetEvery === resetEvery - 1 ? 0 : total + Math.floor(next() * growth);
    return total;
  };
}

const gauge = (host: string, le: string) => ({ __name__: "gauge", host, le });
const total = (host: string, le: string) => ({ __name__: "counter_total", host, le });
const inGap = (n: number) => (n > 60 && n < 75) || (n > 100 && n < 150);

/** Series with all that is awkward, the first with the earliest sample: gaps, resets, NaN, Inf, stale markers, one sample, zero variance, 1e308. */
export function awkwardSeries(): WrittenSeries[] {
  const all = [
    series(gauge("h0", "0"), (n) => (n === 0 ? 1 : Math.round(1000 * Math.sin(n / 20)) / 100), true),
    series(gauge("h0", "1"), (n) => (inGap(n) ? null : next() * 100)),
    series(gauge("h1", "0"), () => 7),
    series(gauge("h1", "+Inf"), (n) => (n % 40 === 39 ? "stale" : n % 40 > 30 ? null : 50 - n)),
    series(gauge("h2", "1"), (n) => (n % 17 === 0 ? Number.NaN : n)),
    series(gauge("h2", "2"), (n) =>
      n % 90 === 45 ? Number.POSITIVE_INFINITY : n % 90 === 80 ? Number.NEGATIVE_INFINITY : -n,
    ),
    series(gauge("h3", "0"), (n) => (n % 2 === 0 ? 1e308 : 1.1e308)),
    series(gauge("h3", "5"), (n) => (n === 200 ? 42 : null)),
    series(gauge("h4", "none"), (n) => 1e-300 * n),
    series(gauge("h5", "0.5"), (n) => 1e15 + (n % 3) + 0.5),
    series(total("h0", "0"), counter(1_000, 20), true),
    series(total("h0", "1"), counter(50, 20)),
    series(total("h1", "0"), (n) => (inGap(n) ? null : n * 3)),
    series(total("h1", "+Inf"), (n) => (n % 60 === 59 ? "stale" : n % 60 > 40 ? null : n)),
    series(total("h2", "1"), () => 0),
    series(total("h2", "2"), (n) => (n < 5 ? null : 1e16 + n * 4)),
    series(total("h3", "0"), (n) => (n === 100 ? Number.NaN : n)),
    series(total("h9", "3"), (n) => n % 7),
  ];
  const bounds = ["0.05", "0.1", "0.25", "0.5", "1", "2.5", "+Inf"];
  for (const route of ["/", "/cart", '/é"\\\n']) {
    const draws = bounds.map((_, n) => counter(route === "/cart" ? 70 : 1_000, 5 + n));
    for (const [n, le] of bounds.entries())
      all.push(
        series({ __name__: "latency_bucket", route, le }, (step) =>
          draws.slice(0, n + 1).reduce((sum, draw) => sum + Number(draw(step)), 0),
        ),
      );
  }
  return all;
}
