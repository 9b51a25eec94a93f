import { useEffect } from "react";
import { lineLook } from "#components/charts/palette.ts";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { formatText } from "#lib/format/value.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";

type TooltipLine = { id: number; name: string };

type Props = {
  active?: boolean;
  label?: number | string;
  payload?: readonly { dataKey?: unknown; value?: unknown }[];
  lines: TooltipLine[];
  unit: Unit;
  rate: boolean;
  /** Hears which instant (ms) the crosshair is at, undefined while there is none. */
  onMove?: (at: number | undefined) => void;
  hint?: string | undefined;
};

export function ChartTooltip({ active, label, payload, lines, unit, rate, onMove, hint }: Props) {
  const time = useTimeFormat();
  useEffect(() => onMove?.(active && label !== undefined ? Number(label) : undefined), [onMove, active, label]);
  if (!active || !payload?.length) return null;
  const values = new Map(payload.map((entry) => [entry.dataKey, entry.value as number | null]));
  return (
    <div className="rounded-md border border-line bg-surface px-2.5 py-2 text-xs shadow-lg">
      <p className="figures mb-1 text-muted">{time.instant(Number(label))}</p>
      {lines.map(({ id, name }, n) =>
        values.has(`s${id}`) ? (
          <p key={id} className="flex items-center justify-between gap-4">
            <span className="flex items-center gap-1.5">
              <span aria-hidden className="size-2 rounded-full" style={{ background: lineLook(n).stroke }} />
              {name}
            </span>
            <span className="figures">{formatText(values.get(`s${id}`), unit, rate)}</span>
          </p>
        ) : null,
      )}
      {hint && <p className="mt-1 text-2xs text-muted">{hint}</p>}
    </div>
  );
}
