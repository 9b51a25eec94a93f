"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { serviceHref } from "#components/applications/addresses.ts";
import { operationsQuery } from "#components/applications/queries.ts";
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
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const SPANS = ["1h", "6h", "24h", "7d"] as const;
const REASONS = ["all", "failed", "slow"] as const;
const SPAN_MS = { "1h": HOUR_MS, "6h": 6 * HOUR_MS, "24h": DAY_MS, "7d": 7 * DAY_MS };

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
    span: parseAsStringLiteral(SPANS).withDefault("24h"),
  });

type Filter = ReturnType<typeof useFilter>[0];

const queryOf = (host: number, { service, operation, at, reason, sort, span }: Filter): TraceFilter => ({
  ...{ host, sort },
  service: service ?? undefined,
  operation: operation ?? undefined,
  reason: reason === "all" ? undefined : reason,
  from: at === null ? `now-${SPAN_MS[span] / MINUTE_MS}m` : String(Math.max(0, at - AROUND_MS)),
  to: at === null ? "now" : String(at + AROUND_MS),
});

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
    ...operationsQuery({ host, service: service ?? "" }, DAY_MS),
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
  const { service, at, reason, sort, span } = filter;
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
        <Segmented label="Span" options={SPANS} value={span} onChange={(value) => void setFilter({ span: value })} />
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
  const query = useInfiniteQuery(tracesQuery(queryOf(host.id, filter)));
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
                ? "No trace is kept of this span. Choose a longer one, or another operation."
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
