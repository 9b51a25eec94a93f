"use client";

import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { type AuditEvent, auditQuery } from "#components/audit/queries.ts";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { call } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Table } from "#components/ui/table.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import * as contract from "#lib/contract/index.ts";

const SPANS = ["24h", "7d", "30d", "365d"] as const;
const COLUMNS = ["Time", "User", "Action", "Subject", "Details"];

/** A change as "name: before → after", anything else as its name and value. */
function formatDetails(details: AuditEvent["details"]): string {
  const parts = Object.entries(details).flatMap(([name, value]): string[] => {
    const [, when, path = ""] = /^(before|after)\.(.+)$/.exec(name) ?? [];
    if (!when) return [`${name} ${value}`];
    const [before, after] = [details[`before.${path}`], details[`after.${path}`]];
    if (when === "after" && before !== undefined) return [];
    return [`${path}: ${[before, after].filter((part) => part !== undefined).join(" → ")}`];
  });
  return parts.join(" · ");
}

function Integrity() {
  const check = useMutation({ mutationFn: () => call(contract.audit.check, {}) });
  return (
    <Card>
      <CardTitle>Integrity</CardTitle>
      <div className="flex flex-wrap items-center gap-3">
        <Button className="h-8" disabled={check.isPending} onClick={() => check.mutate()}>
          {check.isPending ? "Checking…" : "Check integrity"}
        </Button>
        <p className="text-muted text-xs">
          Each event is hashed together with the one before it under a key that is not in the database, and the newest
          is noted outside of it: changed, deleted and cut-off events are found.
        </p>
      </div>
      {check.data && check.data.broken === null && (
        <Notice variant="good" className="mt-3" title={`All ${check.data.entries} events are unchanged`} />
      )}
      {check.data?.broken && (
        <Notice variant="bad" className="mt-3" title={check.data.problem ?? `Event ${check.data.broken} was changed`}>
          Compare the trail with an older backup.
        </Notice>
      )}
      {check.isError && <Notice variant="bad" className="mt-3" title={check.error.message} />}
    </Card>
  );
}

function Events({ events }: { events: AuditEvent[] }) {
  return (
    <Table columns={COLUMNS} className="min-w-[40rem]">
      {events.map(({ id, at, email, action, subject, details }) => (
        <tr key={id} className="align-top">
          <td className="whitespace-nowrap py-1.5 pr-3">
            <DateTime at={at} />
          </td>
          <td className="py-1.5 pr-3">{email}</td>
          <td className="py-1.5 pr-3">{action}</td>
          <td className="py-1.5 pr-3">{subject}</td>
          <td className="max-w-md break-words py-1.5 text-muted">{formatDetails(details)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Trail({ span }: { span: string }) {
  const query = useInfiniteQuery(auditQuery(span));
  const { hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  return (
    <Card>
      <CardTitle>Events</CardTitle>
      <QueryView
        query={query}
        what="The audit trail"
        isEmpty={({ pages }) => pages.flat().length === 0}
        empty={
          <Notice title="No events in this range">
            Sign-ins, refusals, changes, exports and reads of personal data are recorded here.
          </Notice>
        }
        skeleton={<Skeleton className="h-40" />}
      >
        {({ pages }) => <Events events={pages.flat()} />}
      </QueryView>
      {hasNextPage && (
        <Button className="mt-3 h-8" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show older events
        </Button>
      )}
    </Card>
  );
}

/** The audit trail, newest first, with its export and the check of its integrity. */
export function Audit() {
  const [span, setSpan] = useQueryState("span", parseAsStringLiteral(SPANS).withDefault("30d"));
  return (
    <>
      <PageTitle
        note="Sign-ins, refusals, changes with what was before, exports and reads of personal data"
        aside={
          <span className="flex flex-wrap items-center gap-3">
            <ExportDialog what="audit trail" request={{ kind: "audit", from: `now-${span}`, to: "now" }} />
            <Segmented label="Range" options={SPANS} value={span} onChange={(value) => void setSpan(value)} />
          </span>
        }
      >
        Audit
      </PageTitle>
      <div className="grid gap-3">
        <Trail span={span} />
        <Integrity />
      </div>
    </>
  );
}
