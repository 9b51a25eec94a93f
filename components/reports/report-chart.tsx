import { lineLook } from "#components/charts/palette.ts";
import { tickText, timeTicks } from "#components/charts/time-axis.ts";
import { axisTicks, axisTop } from "#components/charts/value-axis.ts";
import { formatText } from "#lib/format/value.ts";
import type { ReportChart as Chart } from "#lib/report/section.ts";

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [720, 190, 64, 20, 6];

/** A chart that stays as it was made, and prints: lines straight between points, broken at gaps. */
export function ReportChart({ chart, from, to }: { chart: Chart; from: number; to: number }) {
  const { title, unit, rate, lines } = chart;
  const known = lines.flatMap(({ points }) => points.flatMap(([, value]) => (value === null ? [] : [value])));
  const top = axisTop(Math.max(0, ...known), unit);
  const x = (at: number) => LEFT + ((at - from) / (to - from)) * (WIDTH - LEFT - 4);
  const y = (value: number) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
  const path = (points: [number, number | null][]) => {
    let pen = false;
    return points
      .flatMap(([at, value]) => {
        const move = pen ? "L" : "M";
        pen = value !== null;
        return value === null || at < from ? [] : [`${move}${x(at).toFixed(1)} ${y(value).toFixed(1)}`];
      })
      .join("");
  };
  return (
    <figure className="mb-4" aria-label={title}>
      <figcaption className="mb-1 text-muted text-xs">{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="w-full" aria-hidden="true">
        {axisTicks(top).map((tick) => (
          <g key={tick}>
            <line x1={LEFT} x2={WIDTH} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
            <text x={LEFT - 6} y={y(tick) + 4} textAnchor="end" fontSize="11" fill="var(--muted)">
              {formatText(tick, unit, rate)}
            </text>
          </g>
        ))}
        {timeTicks(from, to, 8).map((tick) => (
          <text key={tick} x={x(tick)} y={HEIGHT - 4} textAnchor="middle" fontSize="11" fill="var(--muted)">
            {tickText(tick, to - from)}
          </text>
        ))}
        {lines.map(({ name, points }, n) => (
          <path key={name} d={path(points)} fill="none" strokeWidth="1.5" {...lineLook(n)} />
        ))}
      </svg>
      <ul className="flex flex-wrap gap-x-3 text-2xs text-muted">
        {lines.map(({ name }, n) => (
          <li key={name} className="flex items-center gap-1.5">
            <svg aria-hidden="true" className="h-2 w-3.5">
              <line x1="0" x2="14" y1="4" y2="4" strokeWidth="2.5" {...lineLook(n)} />
            </svg>
            {name}
          </li>
        ))}
      </ul>
    </figure>
  );
}
