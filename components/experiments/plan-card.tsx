import { engineTitle, KIND_TITLE, STOP_RULE_TITLE } from "#components/experiments/labels.ts";
import type { Experiment } from "#components/experiments/queries.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { countText } from "#lib/format/value.ts";

/** The rows of a plan, those that say something. */
function rowsOf({ key, kind, plan, variants, metrics }: Experiment): [string, string][] {
  const bySubject = kind === "ab";
  const rows: [string, string | false][] = [
    ["Key", key],
    ["Kind", KIND_TITLE[kind]],
    [
      "Variants",
      variants.map((variant) => (bySubject ? `${variant.key} (${variant.weight})` : variant.key)).join(", "),
    ],
    ["Metrics", metrics.map(({ name, role }) => `${name} (${role})`).join(", ")],
    ["Statistics engine", engineTitle(kind, plan.engine)],
    ["Significance level", String(plan.alpha)],
    ["Minimum sample size", bySubject && `${countText(plan.minSubjects)} per variant`],
    ["Maximum duration", `${plan.maxDays} days`],
    ["Stops automatically on", plan.stopOn.map((rule) => STOP_RULE_TITLE[rule].toLowerCase()).join(", ") || "nothing"],
    [
      "Traffic allocation",
      bySubject && plan.trafficAllocation < 1 && `${+(100 * plan.trafficAllocation).toFixed(1)} %`,
    ],
    ["Dimension", bySubject && (plan.dimension ?? "")],
    ["Webhook URL", plan.webhook],
    ["Links", plan.links.join(", ")],
  ];
  return rows.flatMap(([name, text]): [string, string][] => (text ? [[name, text]] : []));
}

/** What was planned, and why. */
export function PlanCard({ experiment }: { experiment: Experiment }) {
  return (
    <Card>
      <CardTitle>Plan</CardTitle>
      {experiment.hypothesis && <p className="mb-3">{experiment.hypothesis}</p>}
      <dl className="figures grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-xs">
        {rowsOf(experiment).map(([name, text]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="break-words">{text}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
