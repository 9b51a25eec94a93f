import { cn } from "#components/ui/cn.ts";

type Props = { ci: readonly [number, number]; effect: number; reach: number; better: "up" | "down"; margin?: number };

const WIDTH = 160;
const HEIGHT = 18;

/** An effect's interval on a scale from -reach to +reach, its zero in the middle. */
export function Interval({ ci, effect, reach, better }: Props) {
  const x = (value: number) => WIDTH / 2 + (Math.max(-reach, Math.min(reach, value)) / reach) * (WIDTH / 2 - 4);
  const [low, high] = ci;
  const good = better === "up" ? low > 0 : high < 0;
  const bad = better === "up" ? high < 0 : low > 0;
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
        className={cn(good ? "stroke-(--good)" : bad ? "stroke-(--bad)" : "stroke-(--series-8)")}
        opacity="0.55"
      />
      <circle cx={x(effect)} cy={HEIGHT / 2} r="3.5" fill="var(--ink)" />
    </svg>
  );
}
