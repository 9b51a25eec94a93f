import { useId } from "react";
import { type Point, withoutGaps } from "#lib/tsdb/points.ts";

const WIDTH = 120;
const HEIGHT = 32;

/** The runs between gaps as SVG paths over the span that ends with the newest point, scaled from nothing to the highest value. */
function paths(points: Point[], spanMs: number): { line: string; area: string }[] {
  const samples = withoutGaps(points);
  const from = (points.at(-1)?.[0] ?? 0) - spanMs;
  const highest = Math.max(...samples.map(([, value]) => value), Number.MIN_VALUE);
  const x = (at: number) => ((at - from) / spanMs) * WIDTH;
  const y = (value: number) => HEIGHT - 1.5 - (value / highest) * (HEIGHT - 4);
  const runs: [number, number][][] = [[]];
  for (const [at, value] of points) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push([at, value]);
  }
  return runs
    .filter((run) => run.length > 1)
    .map((run) => {
      const line = run
        .map(([at, value], i) => `${i === 0 ? "M" : "L"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`)
        .join("");
      const [first, last] = [run[0] as [number, number], run.at(-1) as [number, number]];
      return { line, area: `${line}L${x(last[0]).toFixed(1)} ${HEIGHT}L${x(first[0]).toFixed(1)} ${HEIGHT}Z` };
    });
}

/** The last hour at a glance, without axes: the figure beside it gives the scale. */
export function Sparkline({ points, spanMs }: { points: Point[]; spanMs: number }) {
  const fade = useId();
  return (
    <svg aria-hidden="true" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="h-8 w-full">
      <defs>
        <linearGradient id={fade} x1="0" x2="0" y1="0" y2="1">
          <stop offset="0" stopColor="var(--accent)" stopOpacity="0.22" />
          <stop offset="1" stopColor="var(--accent)" stopOpacity="0" />
        </linearGradient>
      </defs>
      {paths(points, spanMs).map(({ line, area }) => (
        <g key={line}>
          <path d={area} fill={`url(#${fade})`} />
          <path d={line} fill="none" stroke="var(--accent)" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
        </g>
      ))}
    </svg>
  );
}
