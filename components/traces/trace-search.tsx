"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { serviceHref } from "#components/applications/addresses.ts";
import { operationsQuery } from "#components/applications/queries.ts";
import { usePageTime } from "#components/time/page-time.tsx";
import { lastTime, type QueryTime } from "#components/time/query-time.ts";
import { TimeControl } from "#components/time/time-control.tsx";
import { type TraceFilter, tracesQuery } from "#components/traces/queries.ts";
import { TraceRows } from "#components/traces/trace-list.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Select } from "#components/ui/select.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { TRACE_ORDERS } from "#lib/contract/enums.ts";
import { plural } from "#lib/format/plural.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

const REASONS = ["all", "failed", "slow"] as const;

/** Traces around an instant are those that began so long before it or after. */
const AROUND_MS = 10 * MINUTE_MS;

/** What the address of the page says of which traces are wanted. */
const useFilter = () =>
  useQueryStates({
    service: parseAsString,
    operation: parseAsString,
    at: parseAsInteger,
    reason: parseAsStringLiteral(REASONS).withDefault("all"),
    sort: parseAsStringLiteral(TRACE_ORDERS).withDefault("slowest"),
  });

type Filter = ReturnType<typeof useFilter>[0];

const queryOf = (host: number, { service, operation, reason, sort }: Filter): TraceFilter => ({
  ...{ host, sort },
  service: service ?? undefined,
  operation: operation ?? undefined,
  reason: reason === "all" ? undefined : reason,
});

/** The range of the page, or the time around an instant that its address names. */
function timeOf(at: number | null, time: QueryTime): Pick<QueryTime, "key" | "range"> {
  if (at === null) return time;
  const range = { from: String(Math.max(0, at - AROUND_MS)), to: String(at + AROUND_MS) };
  return { key: [range.from, range.to], range: () => range };
}

/** Which operation: of a service all that it has had lately, and the one that the address names. */
function OperationSelect({
  host,
  filter,
  onChange,
}: {
  host: number;
  filter: Filter;
  onChange: (operation: string | null) => void;
}) {
  const { service, operation } = filter;
  const { data = [] } = useQuery({
    ...operationsQuery({ host, service: service ?? "" }, lastTime("24h")),
    enabled: service !== null,
  });
  const served = data.filter(({ kind }) => kind !== "client").map((each) => each.operation);
  const names = [...new Set([...(operation === null ? [] : [operation]), ...served])].sort();
  return (
    <Select
      label="Operation"
      hiddenLabel
      className="min-w-0 max-w-72"
      value={operation ?? ""}
      options={[{ value: "", title: "All operations" }, ...names.map((name) => ({ value: name, title: name }))]}
      onChange={({ target }) => onChange(target.value === "" ? null : target.value)}
    />
  );
}

type FilterProps = { host: number; filter: Filter; setFilter: ReturnType<typeof useFilter>[1] };

function Filters({ host, filter, setFilter }: FilterProps) {
  const time = useTimeFormat();
  const { service, at, reason, sort } = filter;
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      {service !== null && (
        <OperationSelect {...{ host, filter }} onChange={(operation) => void setFilter({ operation })} />
      )}
      <Segmented label="Why" options={REASONS} value={reason} onChange={(value) => void setFilter({ reason: value })} />
      <Segmented
        label="Order"
        options={TRACE_ORDERS}
        value={sort}
        onChange={(value) => void setFilter({ sort: value })}
      />
      {at === null ? (
        <TimeControl />
      ) : (
        <Button className="h-8 text-xs" onClick={() => void setFilter({ at: null })}>
          Around {time.instant(at)}: show all times
        </Button>
      )}
    </div>
  );
}

function Title({ host, service }: { host: { id: number; name: string }; service: string | null }) {
  const ways = (
    <>
      <Link href="/applications" className="text-accent underline">
        Applications
      </Link>
      {service !== null && (
        <>
          {" / "}
          <Link href={serviceHref({ host: host.id, service })} className="text-accent underline">
            {service}
          </Link>
        </>
      )}
      {` · input ${host.name} · the slowest and the failed ones of each hour are kept for 7 days`}
    </>
  );
  return <PageTitle note={ways}>{service === null ? "Traces" : `Traces of ${service}`}</PageTitle>;
}

/** The traces of an input that are kept, by service, operation, time and why. */
export function TraceSearch({ host }: { host: { id: number; name: string } }) {
  const [filter, setFilter] = useFilter();
  const { service, at } = filter;
  const query = useInfiniteQuery(tracesQuery(queryOf(host.id, filter), timeOf(at, usePageTime())));
  const total = query.data?.pages[0]?.total;
  return (
    <>
      <Title {...{ host, service }} />
      <Filters host={host.id} {...{ filter, setFilter }} />
      <Card>
        <CardTitle aside={total !== undefined && plural(total, "trace")}>Kept traces</CardTitle>
        <QueryView
          query={query}
          what="The traces"
          isEmpty={({ pages }) => pages[0]?.total === 0}
          empty={
            <p className="text-muted text-sm">
              {at === null
                ? "No trace is kept of this range. Choose a longer one, or another operation."
                : "No trace is kept from around this time: show all times."}
            </p>
          }
        >
          {({ pages }) => (
            <TraceRows host={host.id} service={service ?? undefined} traces={pages.flatMap(({ traces }) => traces)} />
          )}
        </QueryView>
        {query.hasNextPage && (
          <Button className="mt-3 h-8" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more traces
          </Button>
        )}
      </Card>
    </>
  );
}
