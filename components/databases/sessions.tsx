"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { lineLook } from "#components/charts/palette.ts";
import { FigureChart } from "#components/databases/lazy-figure-chart.tsx";
import { LockTree } from "#components/databases/lock-tree.tsx";
import { locksQuery, sessionsQuery } from "#components/databases/queries.ts";
import { usePageTime } from "#components/time/page-time.tsx";
import { useRangeText } from "#components/time/use-range-text.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { SESSION_GROUPS } from "#lib/contract/enums.ts";

type Group = { key: string; title: string; average: number };

/** Less than a hundredth of a session is said so. */
const averageText = (value: number) => (value > 0 && value < 0.01 ? "<0.01" : value.toFixed(2));

function Groups({ groups }: { groups: Group[] }) {
  return (
    <ul className="mt-3 divide-y divide-line">
      {groups.map(({ key, title, average }, n) => (
        <li key={key} className="flex items-baseline gap-2 py-1 text-xs">
          <span aria-hidden className="size-2 shrink-0 rounded-sm" style={{ background: lineLook(n).stroke }} />
          <span className="min-w-0 flex-1 truncate" title={title}>
            {title}
          </span>
          <span className="figures">{averageText(average)}</span>
        </li>
      ))}
    </ul>
  );
}

function History({ id }: { id: number }) {
  const [time, rangeText] = [usePageTime(), useRangeText()];
  const [by, setBy] = useQueryState("by", parseAsStringLiteral(SESSION_GROUPS).withDefault("wait"));
  const query = useQuery(sessionsQuery(id, time, by));
  return (
    <Card>
      <CardTitle
        aside={<Segmented label="By" options={SESSION_GROUPS} value={by} onChange={(value) => void setBy(value)} />}
      >
        Active sessions · {rangeText}
      </CardTitle>
      <QueryView
        query={query}
        what="The sessions"
        skeleton={<Skeleton className="h-64" />}
        isEmpty={({ groups }) => groups.length === 0}
        empty={
          <p className="text-muted text-sm">
            No session was busy when it was looked. Sessions are sampled at each interval and shown a minute later.
          </p>
        }
      >
        {({ stepS, groups }) => (
          <>
            <FigureChart
              title="Sessions on average; CPU is a session that waits for nothing"
              unit="count"
              height={220}
              stepS={stepS}
              times={groups[0]?.points.map(([at]) => at) ?? []}
              series={groups.map(({ key, title, points }) => ({
                key,
                title,
                values: points.map(([, value]) => value),
              }))}
            />
            <Groups groups={groups} />
          </>
        )}
      </QueryView>
    </Card>
  );
}

function Locks({ id }: { id: number }) {
  const query = useQuery(locksQuery(id));
  return (
    <Card>
      <CardTitle aside={query.data && <DateTime at={query.data.at} />}>Who blocks whom, now</CardTitle>
      <QueryView
        query={query}
        what="The locks"
        skeleton={<Skeleton className="h-20" />}
        isEmpty={({ sessions }) => sessions.length === 0}
        empty={<p className="text-muted text-sm">Nobody waits for a lock.</p>}
      >
        {({ sessions }) => <LockTree sessions={sessions} />}
      </QueryView>
    </Card>
  );
}

/** What sessions do and wait for, over time, and who blocks whom now. */
export function Sessions({ id }: { id: number }) {
  return (
    <div className="grid gap-3">
      <History id={id} />
      <Locks id={id} />
    </div>
  );
}
