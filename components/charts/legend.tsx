import { lineLook } from "#components/charts/palette.ts";
import { cn } from "#components/ui/cn.ts";
import { formatText } from "#lib/format/value.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";

/** A line with its newest value; one of several lines has a look of its own and no value. */
type LegendLine = { id: number; name: string; value?: number | null; look?: ReturnType<typeof lineLook> };

type Props = {
  lines: LegendLine[];
  unit: Unit;
  rate: boolean;
  hidden: ReadonlySet<number>;
  onToggle: (id: number) => void;
};

/** The lines with their newest values; each is a switch. */
export function Legend({ lines, unit, rate, hidden, onToggle }: Props) {
  return (
    <ul className="mt-2 flex flex-wrap gap-x-1 gap-y-0.5">
      {lines.map(({ id, name, value, look }, n) => (
        <li key={id}>
          <button
            type="button"
            aria-pressed={!hidden.has(id)}
            onClick={() => onToggle(id)}
            className={cn(
              "flex cursor-pointer items-center gap-1.5 rounded px-1.5 py-0.5 text-xs hover:bg-raised",
              hidden.has(id) && "line-through",
            )}
          >
            <svg aria-hidden="true" className="h-2 w-3.5">
              <line x1="0" x2="14" y1="4" y2="4" strokeWidth="2.5" {...(look ?? lineLook(n))} />
            </svg>
            <span className="max-w-40 truncate text-muted">{name}</span>
            {value !== undefined && <span className="figures">{formatText(value, unit, rate)}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
