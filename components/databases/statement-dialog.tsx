"use client";

import { useQuery } from "@tanstack/react-query";
import { FigureChart } from "#components/databases/lazy-figure-chart.tsx";
import { type Statement, statementQuery, usePlan } from "#components/databases/queries.ts";
import { usePageTime } from "#components/time/page-time.tsx";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { formatText } from "#lib/format/value.ts";

type Props = { id: number; statement: Statement; mayExplain: boolean; onClose: () => void };

function Past({ id, statement: { queryId } }: Pick<Props, "id" | "statement">) {
  const query = useQuery(statementQuery(id, queryId, usePageTime()));
  return (
    <QueryView query={query} what="The statement's past" skeleton={<Skeleton className="h-40" />}>
      {({ stepS, points, firstSeenAt, lastSeenAt }) => {
        const times = points.map(({ at }) => at.getTime());
        const series = (key: string, title: string, values: number[]) => ({ key, title, values });
        return (
          <>
            <div className="grid gap-3 sm:grid-cols-2">
              <FigureChart
                title="Mean time"
                unit="ms"
                {...{ times, stepS }}
                series={[
                  series(
                    "mean",
                    "Mean time",
                    points.map(({ meanMs }) => meanMs),
                  ),
                ]}
              />
              <FigureChart
                title="Calls"
                unit="count"
                {...{ times, stepS }}
                series={[
                  series(
                    "calls",
                    "Calls",
                    points.map(({ calls }) => calls),
                  ),
                ]}
              />
            </div>
            <p className="text-muted text-xs">
              First seen <DateTime at={firstSeenAt} />, last <DateTime at={lastSeenAt} />
            </p>
          </>
        );
      }}
    </QueryView>
  );
}

function Plan({ id, statement: { queryId, database } }: Pick<Props, "id" | "statement">) {
  const plan = usePlan(id);
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center gap-3">
        <Button disabled={plan.isPending} onClick={() => plan.mutate({ queryId, database })}>
          Show plan
        </Button>
        <p className="text-muted text-xs">EXPLAIN with generic parameters: nothing is executed</p>
      </div>
      {plan.isError && <Notice variant="warn" title={plan.error.message} />}
      {plan.data && <CodeBlock label="Plan" text={plan.data.plan} />}
    </div>
  );
}

/** A statement: its text, what it cost over time, and its plan. */
export function StatementDialog({ id, statement, mayExplain, onClose }: Props) {
  const { text, database, users, calls, totalMs, meanMs } = statement;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${formatText(totalMs, "ms")} in ${formatText(calls, "count")} calls, ${formatText(meanMs, "ms")} each`}
      note={[database, ...users].filter(Boolean).join(" · ")}
      className="w-[min(60rem,calc(100vw-1.5rem))]"
    >
      <div className="space-y-4">
        <CodeBlock
          label="Statement"
          text={text}
          className="max-h-60 [&_pre]:whitespace-pre-wrap [&_pre]:[overflow-wrap:anywhere]"
        />
        <Past {...{ id, statement }} />
        {mayExplain && <Plan {...{ id, statement }} />}
      </div>
    </Dialog>
  );
}
