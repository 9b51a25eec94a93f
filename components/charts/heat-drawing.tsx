import { timeAxisTicks } from "#components/charts/axis-ticks.ts";
import { heatColour } from "#components/charts/heat.ts";
import { type Cell, HEAT_MARGIN, type HeatFrame, type HeatSize, pathsOf } from "#components/charts/heat-frame.ts";
import { markText, type TimeMark } from "#components/charts/time-mark.ts";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { formatText } from "#lib/format/value.ts";

const PIXELS_A_LINE = 12;
const TICK_WIDTH = 56;
const { left, right, top, bottom } = HEAT_MARGIN;

type AxesProps = { size: HeatSize; stepMs: number; frame: HeatFrame };

/** Bounds of the buckets at their edges, and times. */
function Axes({ size: { grid, rows, width, height }, stepMs, frame }: AxesProps) {
  const time = useTimeFormat();
  const from = grid.steps[0]?.from ?? 0;
  const to = (grid.steps.at(-1)?.from ?? 0) + stepMs;
  const ticks = timeAxisTicks(from, to, width - left - right, time);
  const every = Math.max(1, Math.ceil(PIXELS_A_LINE / frame.rowHeight));
  return (
    <g fontSize={11} fill="var(--muted)">
      {rows.map(({ index, low, high }, n) =>
        n % every === 0 ? (
          <text
            key={index}
            x={left - 6}
            y={frame.y(n) + (high === null ? frame.rowHeight / 2 + 4 : 4)}
            textAnchor="end"
          >
            {high === null ? `> ${formatText(low * 1_000, "ms")}` : formatText(high * 1_000, "ms")}
          </text>
        ) : null,
      )}
      <text x={left - 6} y={height - bottom + 4} textAnchor="end">
        {formatText((rows.at(-1)?.low ?? 0) * 1_000, "ms")}
      </text>
      {ticks.map(({ at, text }) => {
        const x = frame.x((at - from) / stepMs);
        return (
          <text key={at} x={x} y={height - 6} textAnchor={x > width - TICK_WIDTH / 2 ? "end" : "middle"}>
            {text}
          </text>
        );
      })}
      <line x1={left} x2={width - right} y1={height - bottom} y2={height - bottom} stroke="var(--line)" />
    </g>
  );
}

type MarksProps = AxesProps & { marks: TimeMark[] };
/** What stands beside a line needs so much room. */
const MARK_WIDTH = 70;

function Marks({ marks, size: { grid, width, height }, stepMs, frame }: MarksProps) {
  const from = grid.steps[0]?.from ?? 0;
  return marks.map(({ at, text }) => {
    const x = frame.x((at - from) / stepMs);
    if (x < left) return null;
    return (
      <g key={`${at} ${text}`}>
        <line x1={x} x2={x} y1={top} y2={height - bottom} stroke="var(--ink)" strokeDasharray="3 3" />
        <text x={x} y={top - 4} textAnchor={x > width - MARK_WIDTH ? "end" : "start"} fontSize={10} fill="var(--muted)">
          {markText(text)}
        </text>
      </g>
    );
  });
}

type Props = AxesProps & { levels: number[]; marks: TimeMark[]; cell: Cell | undefined };

/** The cells, what happened meanwhile, the axes, and a frame around the chosen cell. */
export function HeatDrawing({ size, stepMs, frame, levels, marks, cell }: Props) {
  const { grid, height } = size;
  return (
    <>
      {grid.steps.map(({ from, counts }, n) =>
        counts ? (
          <rect
            key={from}
            x={frame.x(n)}
            y={top}
            width={frame.columnWidth}
            height={height - top - bottom}
            fill="var(--raised)"
          />
        ) : null,
      )}
      {pathsOf(size, levels, frame).map((path, level) => (
        <path key={levels[level]} d={path} fill={heatColour(level, levels.length)} />
      ))}
      <Marks {...{ marks, size, stepMs, frame }} />
      {cell && (
        <rect
          x={frame.x(cell.column)}
          y={frame.y(cell.row)}
          width={Math.max(2, frame.columnWidth)}
          height={frame.rowHeight}
          fill="none"
          stroke="var(--ink)"
          strokeWidth={1.5}
        />
      )}
      <Axes {...{ size, stepMs, frame }} />
    </>
  );
}
