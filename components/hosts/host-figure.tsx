import { cn } from "#components/ui/cn.ts";
import { formatText } from "#lib/format/value.ts";

/** From these on (percent) a figure looks as it is: the levels of the shipped alert rules. */
const WARN = 80;
const BAD = 90;

export const heatOf = (value: number | null): "none" | "ok" | "warn" | "bad" =>
  value === null ? "none" : value >= BAD ? "bad" : value >= WARN ? "warn" : "ok";

/** A share in percent, coloured once it is high. */
export function HostFigure({ value }: { value: number | null }) {
  const heat = heatOf(value);
  return (
    <span
      className={cn(
        "figures whitespace-nowrap tabular-nums",
        heat === "none" && "text-muted",
        heat === "warn" && "font-medium text-warn",
        heat === "bad" && "font-medium text-bad",
      )}
    >
      {value === null ? "–" : formatText(value, "percent")}
    </span>
  );
}
