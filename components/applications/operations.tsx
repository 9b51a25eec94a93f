"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Kind, type Subject, serviceHref } from "#components/applications/addresses.ts";
import { FIGURE_COLUMNS, FigureCells } from "#components/applications/figures.tsx";
import { operationsQuery } from "#components/applications/queries.ts";
import { usePageTime } from "#components/time/page-time.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { SearchField } from "#components/ui/search-field.tsx";
import { Table } from "#components/ui/table.tsx";

/** From so many on a reader searches rather than reads. */
const MANY = 12;

/** What a service serves and calls, each with a page of its own. */
export function Operations({ subject }: { subject: Subject }) {
  const time = usePageTime();
  const [search, setSearch] = useState("");
  const query = useQuery(operationsQuery(subject, time));
  const isWanted = ({ operation }: { operation: string }) => operation.toLowerCase().includes(search.toLowerCase());
  return (
    <Card>
      <CardTitle
        aside={
          (query.data?.length ?? 0) >= MANY && (
            <SearchField
              label="Search operations"
              placeholder="Search operations"
              value={search}
              onChange={setSearch}
            />
          )
        }
      >
        Operations
      </CardTitle>
      <QueryView
        query={query}
        what="The operations"
        empty={<p className="text-muted text-xs">No request in this range: choose a longer one.</p>}
      >
        {(operations) => {
          const wanted = operations.filter(isWanted);
          if (wanted.length === 0) return <p className="text-muted text-xs">No operation has this in its name.</p>;
          return (
            <Table columns={["Operation", "Kind", ...FIGURE_COLUMNS]} figures={FIGURE_COLUMNS} className="min-w-max">
              {wanted.map(({ operation, kind, ...figures }) => (
                <tr key={`${kind} ${operation}`}>
                  <td className="min-w-32 max-w-[min(28rem,40vw)] py-2 pr-3 font-medium [overflow-wrap:anywhere]">
                    <Link
                      href={serviceHref({ ...subject, operation, kind: kind as Kind }, time.address)}
                      className="hover:underline"
                    >
                      {operation}
                    </Link>
                  </td>
                  <td className="py-2 pr-3 text-muted">{kind}</td>
                  <FigureCells {...figures} />
                </tr>
              ))}
            </Table>
          );
        }}
      </QueryView>
    </Card>
  );
}
