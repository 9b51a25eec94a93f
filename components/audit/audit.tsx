"use client";

import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { api } from "#components/layout/api.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import type { Wire } from "#components/layout/wire.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Table } from "#components/ui/table.tsx";
import type { AuditEventInfo } from "#lib/audit/trail.ts";

const SPANS = ["24h", "7d", "30d", "365d"] as const;
const PAGE = 100;

type Entry = Wire<AuditEventInfo>;

const formatDetails = (details: Entry["details"]) =>
  Object.entries(details)
    .map(([name, value]) => `${name} ${value}`)
    .join(" · ");

function Check() {
  const check = useMutation({ mutationFn: () => api<{ entries: number; broken: number | null }>("/audit/check") });
  return (
    <Card>
      <CardTitle>Is it whole?</CardTitle>
      <div className="flex flex-wrap items-center gap-3">
        <Button className="h-8" disabled={check.isPending} onClick={() => check.mutate()}>
          {check.isPending ? "Checking…" : "Check the chain"}
        </Button>
        <p className="text-muted text-xs">
          Each entry carries a hash of itself and of the one before: what is changed or taken out shows.
        </p>
      </div>
      {check.data && check.data.broken === null && (
        <Notice variant="good" className="mt-3" title={`All ${check.data.entries} entries are as they were written`} />
      )}
      {check.data?.broken && (
        <Notice variant="bad" className="mt-3" title={`Entry ${check.data.broken} is not as it was written`}>
          It was changed, or one before it was taken out. Compare with a backup from before its time.
        </Notice>
      )}
      {check.isError && <Notice variant="bad" className="mt-3" title={check.error.message} />}
    </Card>
  );
}

function Entries({ entries }: { entries: Entry[] }) {
  return (
    <Table columns={["Time", "Who", "Did", "What", "Details"]} className="min-w-[40rem]">
      {entries.map(({ id, at, email, action, subject, details }) => (
        <tr key={id} className="align-top">
          <td className="whitespace-nowrap py-1.5 pr-3">{formatDateTime(at)}</td>
          <td className="py-1.5 pr-3">{email}</td>
          <td className="py-1.5 pr-3">{action}</td>
          <td className="py-1.5 pr-3">{subject}</td>
          <td className="max-w-md break-words py-1.5 text-muted">{formatDetails(details)}</td>
        </tr>
      ))}
    </Table>
  );
}

/** Who did what, newest first; whether the trail is whole; and its export. */
export function Audit() {
  const [span, setSpan] = useQueryState("span", parseAsStringLiteral(SPANS).withDefault("30d"));
  const { data, error, isError, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["audit", span],
    queryFn: ({ pageParam, signal }) =>
      api<Entry[]>(`/audit?from=now-${span}&limit=${PAGE}${pageParam ? `&before=${pageParam}` : ""}`, { signal }),
    initialPageParam: 0,
    getNextPageParam: (page: Entry[]) => (page.length === PAGE ? page.at(-1)?.id : undefined),
  });
  const entries = data?.pages.flat() ?? [];
  return (
    <>
      <PageTitle
        note="What was exported and shared, and by whom"
        aside={
          <span className="flex flex-wrap items-center gap-3">
            <ExportDialog what="audit trail" request={{ kind: "audit", from: `now-${span}`, to: "now" }} />
            <Segmented label="Span" options={SPANS} value={span} onChange={(value) => void setSpan(value)} />
          </span>
        }
      >
        Audit
      </PageTitle>
      <div className="grid gap-3">
        <Card>
          <CardTitle>Trail</CardTitle>
          {isError && !data && <Failure what="The trail" error={error} onRetry={() => void refetch()} />}
          {!data && !isError && <Skeleton className="h-40" />}
          {data && entries.length === 0 && (
            <Notice title="Nothing in this range">Exports and shared links are written here as they happen.</Notice>
          )}
          {entries.length > 0 && <Entries entries={entries} />}
          {hasNextPage && (
            <Button className="mt-3 h-8" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              Older ones
            </Button>
          )}
        </Card>
        <Check />
      </div>
    </>
  );
}
