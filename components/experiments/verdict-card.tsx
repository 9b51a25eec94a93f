import { DECISION_LOOK } from "#components/experiments/labels.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import type { Results } from "#lib/experiments/read-results.ts";
import { decisionName, type ExperimentRecord } from "#lib/experiments/verdict.ts";
import { sharesBetween, signedShare } from "#lib/format/share.ts";

const FIGURES: { key: keyof ExperimentRecord; title: string }[] = [
  { key: "efficiency_improvement", title: "Efficiency" },
  { key: "quality_improvement", title: "Quality" },
  { key: "performance_impact", title: "Performance" },
  { key: "success_probability", title: "Chance of success" },
];

/** What to do and why, and the record of figures with how each was made. */
export function VerdictCard({ results }: { results: Results }) {
  const { verdict, quality, runningDays } = results;
  return (
    <Card>
      <CardTitle
        aside={
          <span className="figures">
            {runningDays.toFixed(1)} days
            {verdict.daysLeft !== null &&
              verdict.decision === "keep_running" &&
              `, some ${Math.ceil(verdict.daysLeft)} more at this pace`}
          </span>
        }
      >
        Verdict
      </CardTitle>
      <p className="mb-2 flex flex-wrap items-center gap-3">
        <span className="font-semibold text-2xl tracking-tight first-letter:uppercase">
          {decisionName(verdict.decision)}
        </span>
        {verdict.variant && <Badge variant={DECISION_LOOK[verdict.decision] ?? "plain"}>{verdict.variant}</Badge>}
        <span className="figures text-muted text-xs">Canary score {verdict.canary} of 100</span>
      </p>
      <ul className="figures mb-4 list-disc space-y-1 pl-5">
        {verdict.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
        {quality.warnings
          .filter((warning) => !verdict.reasons.includes(warning))
          .map((warning) => (
            <li key={warning} className="text-warn">
              {warning}
            </li>
          ))}
      </ul>
      <dl className="figures grid grid-cols-2 gap-3 xl:grid-cols-4">
        {FIGURES.map(({ key, title }) => {
          const one = verdict.record[key];
          const share = key === "success_probability";
          const text = (value: number) => (share ? `${Math.round(value * 100)} %` : signedShare(value));
          return (
            <div key={key} title={one?.how}>
              <dt className="text-muted text-xs">{title}</dt>
              <dd className="font-semibold text-lg">{one ? text(one.value) : "–"}</dd>
              <dd className="text-2xs text-muted">
                {one
                  ? share
                    ? one.interval.map(text).join(" to ")
                    : sharesBetween(one.interval)
                  : "no metric of this kind yet"}
              </dd>
            </div>
          );
        })}
      </dl>
    </Card>
  );
}
