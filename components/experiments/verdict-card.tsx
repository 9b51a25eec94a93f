import { DECISION_VARIANT, figure, wordTitle } from "#components/experiments/labels.ts";
import type { Experiment, Results } from "#components/experiments/queries.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { sharesBetween, signedShare } from "#lib/format/share.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

type Verdict = Results["verdict"];

const FIGURES: { key: keyof Verdict["record"]; title: string; missing: string }[] = [
  { key: "efficiency_improvement", title: "Efficiency improvement", missing: "No efficiency metric measured" },
  { key: "quality_improvement", title: "Quality improvement", missing: "No quality metric measured" },
  { key: "performance_impact", title: "Performance improvement", missing: "No performance metric measured" },
  { key: "success_probability", title: "Chance of success (Bayesian)", missing: "No primary metric measured" },
];

/** "7 min", "3 h", "6.7 days": as fine as anybody plans an experiment. */
function runningText(ms: number): string {
  if (ms < 2 * HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.round(ms / HOUR_MS)} h`;
  return `${figure(ms / DAY_MS)} days`;
}

function durationText({ runningDays, verdict }: Results, status: Experiment["status"]): string {
  const { daysLeft, decision } = verdict;
  const duration = runningText(runningDays * DAY_MS);
  if (status !== "running") return `Ran for ${duration}`;
  const left = daysLeft === null || decision !== "keep_running" ? null : Math.max(1, Math.ceil(daysLeft));
  return `Running for ${duration}${left === null ? "" : `, about ${figure(left)} more ${left === 1 ? "day" : "days"} needed`}`;
}

type FigureProps = {
  title: string;
  missing: string;
  share: boolean;
  entry: Verdict["record"][keyof Verdict["record"]];
};

function RecordFigure({ title, missing, share, entry }: FigureProps) {
  const percent = (value: number) => `${Math.round(value * 100)} %`;
  const interval = entry && (share ? entry.interval.map(percent).join(" to ") : sharesBetween(entry.interval));
  return (
    <div title={entry?.how}>
      <dt className="text-muted text-xs">{title}</dt>
      <dd className="font-semibold text-lg">
        {entry ? (share ? percent(entry.value) : signedShare(entry.value)) : "–"}
      </dd>
      <dd className="text-2xs text-muted">{interval ?? missing}</dd>
    </div>
  );
}

/** Among several treatments, what is concluded of those that did not decide. */
function OtherVariants({ verdict: { arms, variant: decided } }: { verdict: Verdict }) {
  const others = arms.filter(({ variant }) => variant !== decided);
  if (others.length === 0) return null;
  return (
    <ul aria-label="Other variants" className="figures mb-4 space-y-1 text-xs">
      {others.map(({ variant, decision, reasons }) => (
        <li key={variant} className="flex flex-wrap items-center gap-2">
          <Badge variant={DECISION_VARIANT[decision]}>
            {variant}: {wordTitle(decision)}
          </Badge>
          <span className="text-muted">{reasons[0]}</span>
        </li>
      ))}
    </ul>
  );
}

/** What to do and why, and the record of figures with how each was made. */
export function VerdictCard({ results, status }: { results: Results; status: Experiment["status"] }) {
  const { verdict, quality } = results;
  const warnings = quality.warnings.filter((warning) => !verdict.reasons.includes(warning));
  return (
    <Card>
      <CardTitle aside={<span className="figures">{durationText(results, status)}</span>}>Verdict</CardTitle>
      <p className="mb-2 flex flex-wrap items-center gap-3">
        <span className="font-semibold text-2xl tracking-tight">{wordTitle(verdict.decision)}</span>
        {verdict.variant && <Badge variant={DECISION_VARIANT[verdict.decision]}>{verdict.variant}</Badge>}
        <span className="figures text-muted text-xs">
          {verdict.canary === null ? "No canary score yet" : `Canary score ${verdict.canary} of 100`}
        </span>
      </p>
      <ul className="figures mb-4 list-disc space-y-1 pl-5">
        {verdict.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
        {warnings.map((warning) => (
          <li key={warning} className="text-warn">
            {warning}
          </li>
        ))}
      </ul>
      <OtherVariants verdict={verdict} />
      <dl className="figures grid grid-cols-2 gap-3 xl:grid-cols-4">
        {FIGURES.map(({ key, ...texts }) => (
          <RecordFigure key={key} {...texts} share={key === "success_probability"} entry={verdict.record[key]} />
        ))}
      </dl>
    </Card>
  );
}
