"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Sparkline } from "#components/charts/sparkline.tsx";
import { CheckForm } from "#components/checks/check-form.tsx";
import { FAILURE_TITLE, KIND_TITLE, STATE_TITLE } from "#components/checks/labels.ts";
import { checksQuery, type ListedCheck, useRemoveCheck } from "#components/checks/queries.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import type { CheckState } from "#lib/contract/checks.ts";
import { plural } from "#lib/format/plural.ts";
import { formatText } from "#lib/format/value.ts";
import { DAY_MS, SECOND_MS } from "#lib/time/durations.ts";

const VARIANT = { up: "good", down: "bad", no_data: "plain" } as const;
/** From these on (percent) an uptime looks as it is. */
const UPTIME_GOOD = 99.9;
const UPTIME_BAD = 99;
const CERTIFICATE_SOON_S = (14 * DAY_MS) / SECOND_MS;

/** Uptime needs its decimals: 99.95 % of a month are 22 minutes. */
function Uptime({ label, value }: { label: string; value: number | null }) {
  const tint = value === null || value >= UPTIME_GOOD ? "" : value >= UPTIME_BAD ? "text-warn" : "text-bad";
  const digits = value === 100 ? 0 : 2;
  return (
    <div>
      <dt className="text-2xs text-muted">{label}</dt>
      <dd className={cn("figures text-sm", tint)}>
        {value === null ? "–" : `${(Math.floor(value * 10 ** digits) / 10 ** digits).toFixed(digits)} %`}
      </dd>
    </div>
  );
}

function State({ state: { state, reason, lastAt } }: { state: CheckState }) {
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
      <Badge variant={VARIANT[state]}>{STATE_TITLE[state]}</Badge>
      {reason && <span className="text-bad text-xs">{FAILURE_TITLE[reason]}</span>}
      {state === "no_data" && (
        <span className="text-muted text-xs">
          {lastAt ? (
            <>
              since <DateTime at={lastAt} />
            </>
          ) : (
            "not run yet"
          )}
        </span>
      )}
    </span>
  );
}

function Run({ state }: { state: CheckState }) {
  const soon = state.certificateSeconds !== null && state.certificateSeconds < CERTIFICATE_SOON_S;
  return (
    <div className="grid grid-cols-2 items-center gap-x-4 gap-y-2 py-2 md:grid-cols-[minmax(9rem,1fr)_minmax(8rem,1fr)_14rem_8rem]">
      <span className="min-w-0">
        <State state={state} />
        <span className="block truncate text-muted text-xs">
          from{" "}
          <Link href={`/hosts/${state.host.id}#checks`} className="hover:underline">
            {state.host.name}
          </Link>
        </span>
      </span>
      <span className="flex items-center gap-3">
        <span className="figures shrink-0 text-sm">
          {state.durationMs === null ? "–" : formatText(state.durationMs, "ms")}
        </span>
        <span className="w-28">
          {state.durations.length > 1 && <Sparkline points={state.durations} spanMs={DAY_MS} />}
        </span>
      </span>
      <dl className="col-span-2 grid max-w-56 grid-cols-3 gap-2 whitespace-nowrap md:col-span-1">
        <Uptime label="24 h" value={state.uptimeDay} />
        <Uptime label="7 days" value={state.uptimeWeek} />
        <Uptime label="30 days" value={state.uptimeMonth} />
      </dl>
      <span className={cn("figures text-muted text-xs max-md:col-span-2", soon && "font-medium text-warn")}>
        {state.certificateSeconds !== null &&
          `certificate ${plural(Math.floor((state.certificateSeconds * SECOND_MS) / DAY_MS), "day")}`}
      </span>
    </div>
  );
}

type ItemProps = { check: ListedCheck; mayWrite: boolean; onEdit: () => void };

function Item({ check, mayWrite, onEdit }: ItemProps) {
  const remove = useRemoveCheck();
  return (
    <li className="py-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="min-w-0">
          <span className="font-medium [overflow-wrap:anywhere]">{check.name}</span>{" "}
          <span className="break-all text-muted text-xs">
            {KIND_TITLE[check.kind]} {check.target} · every {plural(check.intervalMs / SECOND_MS, "second")}
            {!check.enabled && " · disabled"}
          </span>
        </span>
        {mayWrite && (
          <span className="flex gap-2">
            <Button className="h-8" aria-label={`Edit ${check.name}`} onClick={onEdit}>
              Edit
            </Button>
            <ConfirmButton
              act="Delete"
              name={`Delete ${check.name}`}
              question={`Delete the check ${check.name}?`}
              consequence="It is run no longer. What it found stays as long as samples are kept."
              disabled={remove.isPending}
              onConfirm={() => remove.mutate(check.id)}
            />
          </span>
        )}
      </div>
      {remove.isError && <Notice variant="bad" title={remove.error.message} />}
      {check.enabled && check.states.map((state) => <Run key={state.host.id} state={state} />)}
    </li>
  );
}

const downOf = (checks: ListedCheck[]): number =>
  checks.filter(({ states }) => states.some(({ state }) => state === "down")).length;

/** All checks: which are up, from where, how fast, and what share of the time. */
export function CheckList({ mayWrite }: { mayWrite: boolean }) {
  const query = useQuery(checksQuery);
  const [edited, setEdited] = useState<{ check: ListedCheck | undefined }>();
  const add = (
    <Button variant="primary" onClick={() => setEdited({ check: undefined })}>
      Add check
    </Button>
  );
  const checks = query.data ?? [];
  return (
    <>
      <PageTitle
        note={
          query.data ? `${plural(checks.length, "check")}${downOf(checks) > 0 ? ` · ${downOf(checks)} down` : ""}` : " "
        }
        aside={mayWrite && checks.length > 0 && add}
      >
        Checks
      </PageTitle>
      <QueryView
        query={query}
        what="The checks"
        empty={
          <Notice title="Nothing is checked yet">
            <p className="mb-2">
              A check asks an address, a port, a name or a host whether it answers, from the portal or from any host
              with an agent.
            </p>
            {mayWrite && add}
          </Notice>
        }
      >
        {(all) => (
          <Card>
            <ul className="-my-3 divide-y divide-line">
              {all.map((check) => (
                <Item key={check.id} check={check} mayWrite={mayWrite} onEdit={() => setEdited({ check })} />
              ))}
            </ul>
          </Card>
        )}
      </QueryView>
      <Dialog
        open={edited !== undefined}
        onOpenChange={(open) => open || setEdited(undefined)}
        title={edited?.check ? `Edit ${edited.check.name}` : "Add check"}
        className="w-[min(44rem,calc(100vw-1.5rem))]"
      >
        {edited && <CheckForm check={edited.check} onDone={() => setEdited(undefined)} />}
      </Dialog>
    </>
  );
}
