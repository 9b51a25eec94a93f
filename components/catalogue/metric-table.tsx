import { metricHref, SOURCE_TITLE } from "#components/catalogue/labels.ts";
import type { CatalogueMetric } from "#components/catalogue/queries.ts";
import { cn } from "#components/ui/cn.ts";
import { Link } from "#components/ui/link.tsx";
import { SortHeading } from "#components/ui/sort-heading.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import type { MetricSort } from "#lib/contract/enums.ts";
import { countText } from "#lib/format/value.ts";

type Sorting = { sort: MetricSort; order: "asc" | "desc" };

type Column = { title: string; sort?: MetricSort; right?: boolean };

const COLUMNS: Column[] = [
  { title: "Metric", sort: "name" },
  { title: "OpenTelemetry" },
  { title: "Kind" },
  { title: "Unit" },
  { title: "Source" },
  { title: "Series", sort: "series", right: true },
  { title: "Hosts", sort: "hosts", right: true },
  { title: "Last seen" },
];

type HeadingProps = { column: Column; sorting: Sorting; onSort: (sorting: Sorting) => void };

/** Names are sorted from a first, figures from the greatest. */
function Heading({ column: { title, sort, right }, sorting, onSort }: HeadingProps) {
  const look = cn("whitespace-nowrap py-1 pr-4 font-normal", right && "text-right");
  if (!sort)
    return (
      <th scope="col" className={look}>
        {title}
      </th>
    );
  const isCurrent = sorting.sort === sort;
  const first = sort === "name" ? "asc" : "desc";
  const next = isCurrent && sorting.order === first ? (first === "asc" ? "desc" : "asc") : first;
  return (
    <SortHeading
      roomy
      order={isCurrent ? (sorting.order === "asc" ? "ascending" : "descending") : undefined}
      onSort={() => onSort({ sort, order: next })}
      arrow={right ? "before" : "after"}
      className={look}
    >
      {title}
    </SortHeading>
  );
}

function Row({ metric }: { metric: CatalogueMetric }) {
  const { name, title, help, semanticName, kind, unit, sources, series, hosts, host, lastSeenAt } = metric;
  return (
    <tr className="align-top">
      <td className="min-w-56 max-w-96 py-1.5 pr-4">
        <Link href={metricHref(metric)} className="font-medium font-mono hover:underline [overflow-wrap:anywhere]">
          {name}
        </Link>
        <p className="text-muted [overflow-wrap:anywhere]">{[title, help].filter(Boolean).join(": ")}</p>
      </td>
      <td className="max-w-64 py-1.5 pr-4 font-mono text-muted [overflow-wrap:anywhere]">{semanticName ?? "–"}</td>
      <td className="py-1.5 pr-4">{kind}</td>
      <td className="py-1.5 pr-4">{unit || "–"}</td>
      <td className="py-1.5 pr-4">{sources.map((source) => SOURCE_TITLE[source]).join(", ")}</td>
      <td className="py-1.5 pr-4 text-right">{countText(series)}</td>
      <td className="max-w-48 truncate py-1.5 pr-4 text-right">
        {host ? (
          <Link href={`/hosts/${host.id}`} className="hover:underline">
            {host.name}
          </Link>
        ) : (
          countText(hosts)
        )}
      </td>
      <td className="whitespace-nowrap py-1.5">{lastSeenAt ? <DateTime at={lastSeenAt} /> : "no longer kept"}</td>
    </tr>
  );
}

type Props = { metrics: CatalogueMetric[]; sorting: Sorting; onSort: (sorting: Sorting) => void };

/** Metrics as rows; a narrow screen scrolls them sideways. */
export function MetricTable({ metrics, sorting, onSort }: Props) {
  return (
    <div className="relative overflow-x-auto">
      <table aria-label="Metrics" className="figures w-full min-w-[64rem] text-left text-xs">
        <thead className="text-muted">
          <tr>
            {COLUMNS.map((column) => (
              <Heading key={column.title} {...{ column, sorting, onSort }} />
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {metrics.map((metric) => (
            <Row key={`${metric.name} ${metric.kind}`} metric={metric} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
