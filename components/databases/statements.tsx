"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { type DataColumn, DataTable } from "#components/databases/data-table.tsx";
import { type Statement, statementsQuery } from "#components/databases/queries.ts";
import { StatementDialog } from "#components/databases/statement-dialog.tsx";
import { usePageTime } from "#components/time/page-time.tsx";
import { useRangeText } from "#components/time/use-range-text.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DATABASE_SORTS, type DatabaseSort } from "#lib/contract/enums.ts";

const REST = "0";
const BLOCK = 8_192;

const TITLES: Record<DatabaseSort, string> = {
  total: "Total time",
  mean: "Mean time",
  calls: "Calls",
  rows: "Rows",
  io: "I/O",
  temp: "Temporary files",
};

const keyOf = ({ queryId, database }: Statement) => `${queryId}/${database}`;

const columnsOf = (open: (statement: Statement) => void): DataColumn<Statement>[] => [
  {
    title: "Statement",
    value: ({ text }) => text,
    wide: true,
    cell: (row) =>
      row.queryId === REST ? (
        <span className="text-muted">{row.text}</span>
      ) : (
        <button
          type="button"
          className="line-clamp-2 cursor-pointer text-left [overflow-wrap:anywhere] font-mono text-accent hover:underline"
          onClick={() => open(row)}
        >
          {row.text}
        </button>
      ),
  },
  { title: "Database", value: ({ database }) => database },
  { title: "Users", value: ({ users }) => users.join(", ") },
  { title: "Of all time", unit: "percent", value: ({ share }) => Math.round(share * 10_000) / 100 },
  { title: "Total", unit: "ms", value: ({ totalMs }) => totalMs },
  { title: "Mean", unit: "ms", value: ({ meanMs }) => meanMs },
  { title: "Calls", unit: "count", value: ({ calls }) => calls },
  { title: "Rows", unit: "count", value: ({ rows }) => rows },
  { title: "I/O time", unit: "ms", value: ({ ioMs }) => ioMs },
  { title: "Read", unit: "bytes", value: ({ blocksRead }) => blocksRead * BLOCK },
  { title: "Temporary", unit: "bytes", value: ({ tempBlocks }) => tempBlocks * BLOCK },
];

/** The statements of a server by what they cost; one opens with its past and its plan. */
export function Statements({ id, mayExplain }: { id: number; mayExplain: boolean }) {
  const [time, rangeText] = [usePageTime(), useRangeText()];
  const [sort, setSort] = useQueryState("sort", parseAsStringLiteral(DATABASE_SORTS).withDefault("total"));
  const [opened, setOpened] = useQueryState("statement", parseAsString);
  const query = useQuery(statementsQuery(id, time, sort));
  const shown = query.data?.statements.find((row) => keyOf(row) === opened);
  return (
    <Card>
      <CardTitle
        aside={
          <Select
            label="The hundred with the greatest"
            hiddenLabel
            options={DATABASE_SORTS.map((value) => ({ value, title: `Top by ${TITLES[value].toLowerCase()}` }))}
            value={sort}
            onChange={(event) => void setSort(event.target.value as DatabaseSort)}
          />
        }
      >
        Statements · {rangeText}
      </CardTitle>
      <QueryView
        query={query}
        what="The statements"
        skeleton={<Skeleton className="h-80" />}
        isEmpty={({ statements }) => statements.length === 0}
        empty={
          <p className="text-muted text-sm">
            No statements in this range. They are counted from the second minute on, where pg_stat_statements is
            installed: Findings says what is missing.
          </p>
        }
      >
        {({ statements }) => (
          <DataTable
            key={sort}
            label="Statements"
            rows={statements}
            rowKey={keyOf}
            columns={columnsOf((row) => void setOpened(keyOf(row)))}
            sort=""
          />
        )}
      </QueryView>
      {shown && <StatementDialog {...{ id, statement: shown, mayExplain }} onClose={() => void setOpened(null)} />}
    </Card>
  );
}
