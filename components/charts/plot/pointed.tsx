import type { PlotFrame } from "#components/charts/plot/plot-frame.ts";
import type { PlotSpec } from "#components/charts/plot/plot-spec.ts";
import { TipBox } from "#components/charts/tip-box.tsx";
import { type TipText, TipTextLines } from "#components/charts/tip-text.tsx";

const RADIUS = 3;

type Props = {
  spec: PlotSpec;
  index: number;
  frame: PlotFrame;
  width: number;
  text: TipText;
  /** What happened then. */
  notes: string[];
  hint: string | undefined;
};

/** What the crosshair is among bars: a shade over the step. */
const StepShade = ({ x, frame, width }: { x: number; frame: PlotFrame; width: number }) => (
  <rect
    {...{ x: x - width / 2, y: frame.top, width, height: frame.bottom - frame.top }}
    fill="var(--ink)"
    fillOpacity={0.08}
  />
);

/** The crosshair: an upright line at an instant, a dot on each line, and what they say. */
export function Pointed({ spec, index, frame, width, text, notes, hint }: Props) {
  const x = frame.x(spec.at[index] ?? 0);
  return (
    <>
      <svg aria-hidden="true" className="pointer-events-none absolute inset-0 size-full">
        {spec.bars ? (
          <StepShade {...{ x, frame }} width={frame.x(spec.bars.stepMs) - frame.x(0)} />
        ) : (
          <line x1={x} x2={x} y1={frame.top} y2={frame.bottom} stroke="var(--muted)" />
        )}
        {spec.lines.map(({ stroke }, n) => {
          const value = spec.columns[n]?.[index];
          const y = typeof value === "number" ? frame.y(value) : Number.NaN;
          return stroke && y >= frame.top && y <= frame.bottom ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other key
            <circle key={n} cx={x} cy={y} r={RADIUS} fill={stroke} stroke="var(--surface)" />
          ) : null;
        })}
      </svg>
      <TipBox x={x} top={frame.top} width={width} hint={hint}>
        <TipTextLines text={text} />
        {notes.map((note) => (
          <p key={note} className="mt-1 line-clamp-2 border-line border-t pt-1">
            {note}
          </p>
        ))}
      </TipBox>
    </>
  );
}
