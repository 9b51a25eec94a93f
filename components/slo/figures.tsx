import type { ListedSlo } from "#components/slo/queries.ts";
import { Badge } from "#components/ui/badge.tsx";
import { cn } from "#components/ui/cn.ts";
import type { SloState } from "#lib/contract/enums.ts";

const STATE: Record<SloState, { title: string; variant: "bad" | "warn" | "good" | "plain" }> = {
  exceeded: { title: "Budget exceeded", variant: "bad" },
  burning: { title: "Burning", variant: "warn" },
  ok: { title: "OK", variant: "good" },
  no_data: { title: "No data", variant: "plain" },
};

export const StateBadge = ({ state }: { state: SloState }) => (
  <Badge variant={STATE[state].variant}>{STATE[state].title}</Badge>
);

/** A share of good events: its nines are what matters, and 100 % is said only of all of them. */
export function sliText(sli: number | null): string {
  if (sli === null) return "no events";
  if (sli === 1) return "100 %";
  const digits = Math.min(5, Math.max(2, Math.ceil(-Math.log10(1 - sli))));
  return `${(Math.floor(sli * 100 * 10 ** digits) / 10 ** digits).toFixed(digits)} %`;
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

/** "40 % left", "exceeded by 150 %". */
export function budgetText(left: number | null): string {
  if (left === null) return "untouched";
  return left < 0 ? `exceeded by ${percent(-left)}` : `${percent(left)} left`;
}

export const burnText = (burn: number | null): string => (burn === null ? "–" : `${Number(burn.toPrecision(3))}×`);

/** What is left of a budget, as a bar and in words. */
export function BudgetBar({ slo: { budgetLeft, state } }: { slo: Pick<ListedSlo, "budgetLeft" | "state"> }) {
  const width = Math.max(0, Math.min(1, budgetLeft ?? 1)) * 100;
  const tint = state === "no_data" ? "bg-muted" : state === "burning" ? "bg-warn" : "bg-good";
  return (
    <div className="min-w-32">
      <div aria-hidden className="h-1.5 overflow-hidden rounded bg-raised">
        <div className={cn("h-full", tint)} style={{ width: `${width}%` }} />
      </div>
      <span className={cn("text-2xs", state === "exceeded" ? "text-bad" : "text-muted")}>{budgetText(budgetLeft)}</span>
    </div>
  );
}
