import type { RuleInput } from "#lib/alerts/rules.ts";
import { portalUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { ruleSchema } from "#lib/contract/alerts.ts";
import { BURN_RATE, FAILED_EVENTS } from "#lib/metrics/reserved.ts";
import { type BurnWindow, burnWindows } from "#lib/slo/budget.ts";

/** A window as a label: 5m, 1h, 3d. */
export const windowLabel = (ms: number): string =>
  ms % 86_400_000 === 0 ? `${ms / 86_400_000}d` : ms % 3_600_000 === 0 ? `${ms / 3_600_000}h` : `${ms / 60_000}m`;

type Subject = { id: number; name: string; windowDays: number; objective: number; minFailed: number };

function conditionOf({ id, minFailed }: Subject, { longMs, shortMs, factor }: BurnWindow): string {
  const series = (metric: string, ms: number) =>
    `${metric.replaceAll(".", "_")}{slo_id="${id}", window="${windowLabel(ms)}"}`;
  const long = `max by (slo_id) (${series(BURN_RATE, longMs)}) > ${factor}`;
  const short = `max by (slo_id) (${series(BURN_RATE, shortMs)}) > ${factor}`;
  return `(${long} and ${short} and max by (slo_id) (${series(FAILED_EVENTS, longMs)}) >= ${minFailed})`;
}

const MEANING = {
  critical: "Act now: at this rate the budget is used up long before its window is over.",
  warning: "Look into it in the next days: the budget is used up before its window is over.",
};

/** The alert rules of an SLO: one that pages, and one that can wait for a day. */
export function burnRules(slo: Subject): RuleInput[] {
  const windows = burnWindows(slo);
  const page = `${portalUrl(readEnvironment())}/slos/${slo.id}`;
  // A name is text, and no template of its own.
  const name = slo.name.replaceAll("{{", "{ {");
  return (["critical", "warning"] as const).map((severity) =>
    ruleSchema.parse({
      name: `${slo.name.slice(0, 75)}: budget burns ${severity === "critical" ? "fast" : "slowly"}`,
      severity,
      noData: "ok",
      runbook: page,
      labels: { slo: name.slice(0, 200) },
      condition: {
        kind: "expression",
        expr: windows
          .filter((window) => window.severity === severity)
          .map((window) => conditionOf(slo, window))
          .join("\nor "),
        annotations: {
          summary: `${name}: error budget burns {{ $value | humanize }} times as fast as ${slo.objective} % allows`,
          description: `${MEANING[severity]} What is left of it: ${page}`,
          runbook_url: page,
        },
      },
    }),
  );
}
