"use client";

import { useQuery } from "@tanstack/react-query";
import { type DataColumn, DataTable } from "#components/databases/data-table.tsx";
import { type IndexRow, type TableRow, tablesQuery } from "#components/databases/queries.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";

const ratio = (part: number, rest: number): number | null => (part + rest > 0 ? (100 * part) / (part + rest) : null);

const TABLES: DataColumn<TableRow>[] = [
  { title: "Table", value: ({ schema, table }) => `${schema}.${table}` },
  { title: "Database", value: ({ database }) => database },
  { title: "Size", unit: "bytes", value: ({ bytes }) => bytes },
  { title: "Rows", unit: "count", value: ({ rows }) => rows },
  { title: "Dead rows", unit: "count", value: ({ deadRows }) => deadRows },
  { title: "Empty, estimated", unit: "bytes", value: ({ bloatBytes }) => bloatBytes },
  { title: "Read whole", unit: "count", value: ({ sequentialScans }) => sequentialScans },
  { title: "By index", unit: "count", value: ({ indexScans }) => indexScans },
  { title: "In cache", unit: "percent", value: ({ blocksHit, blocksRead }) => ratio(blocksHit, blocksRead) },
  { title: "Last vacuum", unit: "instant", value: ({ vacuumedAt }) => vacuumedAt },
  { title: "Last analyze", unit: "instant", value: ({ analyzedAt }) => analyzedAt },
];

const useOf = ({ primary, unique, constraint, valid }: IndexRow): string => {
  if (!valid) return "invalid";
  if (primary) return "primary key";
  return [unique && "unique", constraint && !unique && "constraint"].filter(Boolean).join(", ");
};

const INDEXES: DataColumn<IndexRow>[] = [
  { title: "Index", value: ({ schema, index }) => `${schema}.${index}` },
  { title: "Table", value: ({ table }) => table },
  { title: "Database", value: ({ database }) => database },
  { title: "On", value: ({ columns }) => columns },
  { title: "Rule", value: useOf },
  { title: "Size", unit: "bytes", value: ({ bytes }) => bytes },
  { title: "Scans", unit: "count", value: ({ scans }) => scans },
];

const identityOf = ({ database, schema, table }: TableRow) => [database, schema, table].join("\n");
const indexOf = ({ database, schema, index }: IndexRow) => [database, schema, index].join("\n");

const NOT_YET = (
  <p className="text-muted text-sm">
    Not read yet: tables come within ten minutes of the first sample, indexes within an hour.
  </p>
);

/** The largest tables and indexes of a server. */
export function Tables({ id }: { id: number }) {
  const query = useQuery(tablesQuery(id));
  return (
    <QueryView query={query} what="The tables" skeleton={<Skeleton className="h-96" />}>
      {({ tables, indexes, tablesAt, indexesAt, failures }) => (
        <div className="grid gap-3">
          {failures.map(({ message }) => (
            <Notice key={message} variant="warn" title={`Not all was read: ${message}`} />
          ))}
          <Card>
            <CardTitle aside={tablesAt && <DateTime at={tablesAt} />}>Tables</CardTitle>
            {tables.length === 0 ? (
              NOT_YET
            ) : (
              <DataTable label="Tables" rows={tables} rowKey={identityOf} columns={TABLES} sort="Size" />
            )}
          </Card>
          <Card>
            <CardTitle aside={indexesAt && <DateTime at={indexesAt} />}>Indexes</CardTitle>
            {indexes.length === 0 ? (
              NOT_YET
            ) : (
              <DataTable label="Indexes" rows={indexes} rowKey={indexOf} columns={INDEXES} sort="Size" />
            )}
          </Card>
        </div>
      )}
    </QueryView>
  );
}
