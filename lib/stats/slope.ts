import { normalQuantile } from "#lib/stats/distributions.ts";
import { sortedQuantile } from "#lib/stats/quantile.ts";

/** The normal quantile of a 95 % interval; the points of a day are many enough for it. */
const Z95 = normalQuantile(0.975);

/**
 * Theil's and Sen's slope: the median of the slopes between all pairs, which a burst of writes hardly moves, with the
 * interval of Sen (1968) from Kendall's variance. Undefined below ten points.
 */
export function senSlope(
  points: readonly (readonly [number, number])[],
): { slope: number; low: number; high: number } | undefined {
  const n = points.length;
  if (n < 10) return undefined;
  const slopes: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const [a, b] = [points[i] as readonly [number, number], points[j] as readonly [number, number]];
      slopes.push((b[1] - a[1]) / (b[0] - a[0]));
    }
  }
  const sorted = Float64Array.from(slopes).sort();
  const reach = Z95 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const atRank = (rank: number) => sorted[Math.min(Math.max(Math.round(rank), 0), sorted.length - 1)] as number;
  return {
    slope: sortedQuantile(sorted, 0.5),
    low: atRank((sorted.length - reach) / 2),
    high: atRank((sorted.length + reach) / 2),
  };
}
