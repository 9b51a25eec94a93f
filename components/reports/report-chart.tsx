import { toColumns } from "#components/charts/columns.ts";
import { lineLook } from "#components/charts/palette.ts";
import { chartRows } from "#components/charts/table/chart-rows.ts";
import { TableButton } from "#components/charts/table/table-button.tsx";
import type { TipText } from "#components/charts/tip-text.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import type { TimeFormat } from "#lib/format/date-time.ts";
import { formatText } from "#lib/format/value.ts";
import { drawChart, HEIGHT, LEFT, WIDTH } from "#lib/reports/drawing.ts";
import type { ReportChart as Chart } from "#lib/reports/section.ts";

const TEXT = { fontSize: 11, fill: "var(--muted)" };

/** What the lines of a chart are at each instant. */
function tipsOf({ lines, unit, rate }: Chart, time: TimeFormat): TipText[] {
  const { at, columns } = toColumns(lines);
  return at.map((instant, n) => ({
    head: time.instant(instant),
    lines: lines.map(({ name }, k) => ({ name, figure: formatText(columns[k]?.[n], unit, rate) })),
  }));
}

/** A chart that stays as it was made, and prints. */
export function ReportChart({ chart, from, to }: { chart: Chart; from: number; to: number }) {
  const time = useTimeFormat();
  const { values, times, lines } = drawChart(chart, { from, to }, time);
  return (
    <figure className="relative mb-4" aria-label={chart.title}>
      <figcaption className="mb-1 text-muted text-xs">{chart.title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="w-full" aria-hidden="true">
        {values.map(({ y, text }) => (
          <g key={y}>
            <line x1={LEFT} x2={WIDTH} y1={y} y2={y} stroke="var(--line)" />
            <text x={LEFT - 6} y={y + 4} textAnchor="end" {...TEXT}>
              {text}
            </text>
          </g>
        ))}
        {times.map(({ x, text }) => (
          <text key={x} x={x} y={HEIGHT - 4} textAnchor="middle" {...TEXT}>
            {text}
          </text>
        ))}
        {lines.map(({ name, path }, n) => (
          <path key={name} d={path} fill="none" strokeWidth="1.5" {...lineLook(n)} />
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
      <TableButton title={chart.title} rows={() => chartRows(tipsOf(chart, time))} />
    </figure>
  );
}
