"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import { DataTable } from "#components/databases/data-table.tsx";
import { type Finding, findingsQuery } from "#components/databases/queries.ts";
import { Card } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

const LOOK = {
  critical: { icon: CircleAlert, tint: "text-bad" },
  warning: { icon: TriangleAlert, tint: "text-warn" },
  info: { icon: Info, tint: "text-muted" },
};

/** What is the matter, with its weight. */
export function FindingHead({ finding: { severity, title } }: { finding: Finding }) {
  const { icon: Icon, tint } = LOOK[severity];
  return (
    <p className="flex items-start gap-2 text-sm">
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", tint)} />
      <span className="min-w-0 break-words">
        <span className="sr-only">{severity}: </span>
        {title}
      </span>
    </p>
  );
}

/** SQL that is copied and run elsewhere: the portal runs none. */
function SqlBlock({ sql }: { sql: string }) {
  return (
    <div className="relative">
      <CodeBlock label="SQL to run" text={sql} className="sm:pr-24" />
      <CopyButton act="Copy SQL" text={sql} className="mt-2 sm:absolute sm:top-2 sm:right-2 sm:mt-0" />
    </div>
  );
}

function Item({ finding }: { finding: Finding }) {
  const { why, remedy, sql, columns, rows } = finding;
  const numbered = rows.map((cells, n) => ({ cells, n }));
  return (
    <li className="min-w-0">
      <Card className="space-y-3">
        <h2 className="font-medium">
          <FindingHead finding={finding} />
        </h2>
        <p className="max-w-3xl text-muted text-sm">{why}</p>
        {rows.length > 0 && (
          <DataTable
            label={finding.title}
            rows={numbered}
            rowKey={({ n }) => String(n)}
            columns={columns.map(({ title, unit }, n) => ({
              ...{ title, value: ({ cells }: { cells: (string | number | null)[] }) => cells[n] ?? null },
              ...(unit && { unit }),
              wide: title === "Statement",
            }))}
          />
        )}
        <p className="max-w-3xl text-sm">{remedy}</p>
        {sql && <SqlBlock sql={sql} />}
      </Card>
    </li>
  );
}

/** What is the matter with a server, the gravest first. */
export function Findings({ id }: { id: number }) {
  const query = useQuery(findingsQuery(id));
  return (
    <QueryView
      query={query}
      what="The findings"
      skeleton={<Skeleton className="h-48" />}
      empty={
        <Card>
          <p className="text-muted text-sm">
            Nothing found in what was read. Tables and indexes are looked at within an hour of the first sample.
          </p>
        </Card>
      }
    >
      {(findings) => (
        <ul className="grid max-w-6xl gap-3">
          {findings.map((finding) => (
            <Item key={finding.key} finding={finding} />
          ))}
        </ul>
      )}
    </QueryView>
  );
}
