import { cn } from "#components/ui/cn.ts";

type Props = { ci: readonly [number, number]; value: number; reach: number };

const WIDTH = 160;
const HEIGHT = 18;

/** An improvement's interval on a scale from -reach to +reach, its zero in the middle. */
export function Interval({ ci, value, reach }: Props) {
  const x = (share: number) => WIDTH / 2 + (Math.max(-reach, Math.min(reach, share)) / reach) * (WIDTH / 2 - 4);
  const [low, high] = ci;
  return (
    <svg aria-hidden="true" width={WIDTH} height={HEIGHT} className="max-w-full">
      <line x1={WIDTH / 2} x2={WIDTH / 2} y1="0" y2={HEIGHT} stroke="var(--line)" />
      <line
        x1={x(low)}
        x2={x(high)}
        y1={HEIGHT / 2}
        y2={HEIGHT / 2}
        strokeWidth="6"
        strokeLinecap="round"
        className={cn(low > 0 ? "stroke-(--good)" : high < 0 ? "stroke-(--bad)" : "stroke-(--series-8)")}
        opacity="0.55"
      />
      <circle cx={x(value)} cy={HEIGHT / 2} r="3.5" fill="var(--ink)" />
    </svg>
  );
}
