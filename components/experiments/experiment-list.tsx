import { Facts } from "#components/experiments/facts.tsx";
import { DECISION_VARIANT, wordTitle } from "#components/experiments/labels.ts";
import type { Experiment } from "#components/experiments/queries.ts";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { ButtonLink } from "#components/ui/button-link.tsx";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";

function ExperimentLink({ experiment }: { experiment: Experiment }) {
  return (
    <Link
      href={`/experiments/${experiment.id}`}
      className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded px-1 py-2.5 hover:bg-raised"
    >
      <span className="min-w-0 flex-1 basis-60">
        <span className="block truncate font-medium">{experiment.name}</span>
        <span className="figures block truncate text-muted text-xs">
          <Facts experiment={experiment} />
          {experiment.tags.length > 0 && ` · ${experiment.tags.join(", ")}`}
        </span>
      </span>
      <span className="flex gap-1.5">
        {experiment.decision && (
          <Badge variant={DECISION_VARIANT[experiment.decision]}>{wordTitle(experiment.decision)}</Badge>
        )}
        <Badge>{wordTitle(experiment.status)}</Badge>
      </span>
    </Link>
  );
}

/** All experiments, newest first, each with its newest verdict. */
export function ExperimentList({ experiments, writes }: { experiments: Experiment[]; writes: boolean }) {
  return (
    <>
      <PageTitle
        note="A/B tests, canaries, before and after, switchbacks"
        aside={
          <span className="flex flex-wrap items-center gap-2">
            <ExportDialog what="experiments" request={{ kind: "experiments" }} />
            <ButtonLink href="/experiments/compare">Compare periods</ButtonLink>
            {writes && <ButtonLink href="/experiments/keys">Publishable keys</ButtonLink>}
            {writes && <ButtonLink href="/experiments/new">New experiment</ButtonLink>}
          </span>
        }
      >
        Experiments
      </PageTitle>
      <Card>
        {experiments.length === 0 && (
          <Notice title="No experiments yet">
            Create an experiment to measure a change against criteria that are fixed before you see results.
          </Notice>
        )}
        <ul className="divide-y divide-line">
          {experiments.map((experiment) => (
            <li key={experiment.id}>
              <ExperimentLink experiment={experiment} />
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
