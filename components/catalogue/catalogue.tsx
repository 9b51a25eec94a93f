"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { SOURCE_TITLE } from "#components/catalogue/labels.ts";
import { MetricTable } from "#components/catalogue/metric-table.tsx";
import { catalogueQuery } from "#components/catalogue/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { SearchField } from "#components/ui/search-field.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useSettled } from "#components/ui/use-settled.ts";
import { METRIC_KINDS, METRIC_SORTS, METRIC_SOURCES, type MetricKind, type MetricSource } from "#lib/contract/enums.ts";
import { countText } from "#lib/format/value.ts";

const PAGE = 50;

const STATE = {
  search: parseAsString.withDefault(""),
  source: parseAsStringLiteral(METRIC_SOURCES),
  kind: parseAsStringLiteral(METRIC_KINDS),
  sort: parseAsStringLiteral(METRIC_SORTS).withDefault("name"),
  order: parseAsStringLiteral(["asc", "desc"] as const).withDefault("asc"),
  page: parseAsInteger.withDefault(1),
};

const SOURCES = [
  { value: "", title: "All sources" },
  ...METRIC_SOURCES.map((value) => ({ value, title: SOURCE_TITLE[value] })),
];
const KINDS = [{ value: "", title: "All kinds" }, ...METRIC_KINDS.map((value) => ({ value, title: value }))];

type PagerProps = { page: number; total: number; onPage: (page: number) => void };

function Pager({ page, total, onPage }: PagerProps) {
  if (total <= PAGE) return null;
  const last = Math.ceil(total / PAGE);
  return (
    <nav aria-label="Pages of metrics" className="figures mt-3 flex flex-wrap items-center gap-3 text-muted text-xs">
      <Button className="h-8" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        Show previous
      </Button>
      {countText((page - 1) * PAGE + 1)} to {countText(Math.min(page * PAGE, total))} of {countText(total)}
      <Button className="h-8" disabled={page >= last} onClick={() => onPage(page + 1)}>
        Show next
      </Button>
    </nav>
  );
}

function Nothing({ isNarrowed, onReset }: { isNarrowed: boolean; onReset: () => void }) {
  if (isNarrowed)
    return (
      <Notice title="No metric is like this">
        <p className="mb-2">Search for a part of its name or of what it says, or look at all of them.</p>
        <Button onClick={onReset}>Show all metrics</Button>
      </Notice>
    );
  return (
    <Notice title="No metrics yet">
      The portal's own host is measured within seconds of its start. For other programs see{" "}
      <Link href="/integrations" className="text-accent underline">
        Integrations
      </Link>
      .
    </Notice>
  );
}

type Narrowed = { search: string; source: MetricSource | null; kind: MetricKind | null };

function Filters({ search, source, kind, onChange }: Narrowed & { onChange: (change: Partial<Narrowed>) => void }) {
  return (
    <>
      <SearchField
        label="Search metrics"
        placeholder="Search names and help"
        value={search}
        onChange={(text) => onChange({ search: text })}
      />
      <Select
        hiddenLabel
        label="Source"
        options={SOURCES}
        value={source ?? ""}
        onChange={({ target }) => onChange({ source: METRIC_SOURCES.find((each) => each === target.value) ?? null })}
      />
      <Select
        hiddenLabel
        label="Kind"
        options={KINDS}
        value={kind ?? ""}
        onChange={({ target }) => onChange({ kind: METRIC_KINDS.find((each) => each === target.value) ?? null })}
      />
    </>
  );
}

/** Every metric that there are series of: searched, narrowed and sorted by the server, a page at a time. */
export function Catalogue() {
  const [{ search, source, kind, sort, order, page }, setState] = useQueryStates(STATE);
  const query = useQuery(
    catalogueQuery({
      ...{ search: useSettled(search), sort, order, limit: PAGE, offset: (Math.max(1, page) - 1) * PAGE },
      ...(source ? { source } : {}),
      ...(kind ? { kind } : {}),
    }),
  );
  const total = query.data?.total ?? 0;
  const isNarrowed = search !== "" || source !== null || kind !== null || page > 1;
  return (
    <>
      <PageTitle note="Every metric that there are series of, with where it comes from">Catalogue</PageTitle>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <Filters {...{ search, source, kind }} onChange={(change) => void setState({ ...change, page: 1 })} />
        {query.data && (
          <p className="figures text-muted text-xs">
            {countText(total)} {total === 1 ? "metric" : "metrics"}
          </p>
        )}
      </div>
      <QueryView
        query={query}
        what="The metrics"
        skeleton={<Skeleton className="h-96" />}
        isEmpty={({ metrics }) => metrics.length === 0}
        empty={<Nothing isNarrowed={isNarrowed} onReset={() => void setState(null)} />}
      >
        {({ metrics }) => (
          <Card>
            <MetricTable
              metrics={metrics}
              sorting={{ sort, order }}
              onSort={(sorting) => void setState({ ...sorting, page: 1 })}
            />
            <Pager page={page} total={total} onPage={(next) => void setState({ page: next })} />
          </Card>
        )}
      </QueryView>
    </>
  );
}
