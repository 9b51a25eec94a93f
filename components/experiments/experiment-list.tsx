import Link from "next/link";
import { DECISION_LOOK, KIND_TITLE } from "#components/experiments/labels.ts";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import type { Wire } from "#components/layout/wire.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { ExperimentInfo } from "#lib/experiments/read.ts";
import { decisionName } from "#lib/experiments/verdict.ts";

export type Experiment = Wire<ExperimentInfo>;

const LINK =
  "inline-flex h-9 items-center rounded-md border border-line bg-surface px-3 font-medium text-sm hover:bg-raised";

export function ExperimentList({ experiments, writes }: { experiments: Experiment[]; writes: boolean }) {
  return (
    <>
      <PageTitle
        note="Does a change help? Judged against criteria that were set before"
        aside={
          <span className="flex flex-wrap items-center gap-2">
            <ExportDialog what="experiments" request={{ kind: "experiments" }} />
            <Link href="/experiments/compare" className={LINK}>
              Compare two periods
            </Link>
            {writes && (
              <Link href="/experiments/new" className={LINK}>
                New experiment
              </Link>
            )}
          </span>
        }
      >
        Experiments
      </PageTitle>
      <Card>
        {experiments.length === 0 && (
          <Notice title="No experiment yet">
            Plan one: what you expect, how it is measured, and what would make you ship it or roll it back.
          </Notice>
        )}
        <ul className="divide-y divide-line">
          {experiments.map((one) => (
            <li key={one.id}>
              <Link
                href={`/experiments/${one.id}`}
                className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded px-1 py-2.5 hover:bg-raised"
              >
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium">{one.name}</span>
                  <span className="figures block truncate text-muted text-xs">
                    {[
                      KIND_TITLE[one.kind],
                      one.startedAt ? `since ${formatDateTime(one.startedAt)}` : "not started",
                      one.owner,
                      one.tags.join(", "),
                    ]
                      .filter(Boolean)
                      .join(" · ")}
                  </span>
                </span>
                <span className="flex gap-1.5">
                  {one.decision && (
                    <Badge variant={DECISION_LOOK[one.decision] ?? "plain"}>{decisionName(one.decision)}</Badge>
                  )}
                  <Badge>{one.status}</Badge>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
