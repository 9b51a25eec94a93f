"use client";

import { useQuery } from "@tanstack/react-query";
import { useShowProcesses } from "#components/processes/process-moments.tsx";
import { ProcessTable } from "#components/processes/process-table.tsx";
import { processesQuery } from "#components/processes/queries.ts";
import { useSpanText } from "#components/processes/span-text.ts";
import { WhyNone } from "#components/processes/why-none.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

const SHOWN = 8;

/** Which processes of a host use most now; all of them beside the page. */
export function ProcessesCard({ host }: { host: number }) {
  const query = useQuery(processesQuery(host, "now"));
  const spanText = useSpanText();
  const show = useShowProcesses();
  return (
    <Card className="lg:last:odd:col-span-2 3xl:last:odd:col-span-1">
      <CardTitle aside={<span className="figures">{query.data && spanText(query.data)}</span>}>Top processes</CardTitle>
      <QueryView
        query={query}
        what="The processes"
        skeleton={<Skeleton className="h-72" />}
        isEmpty={({ groups }) => groups.length === 0}
        empty={query.data && <WhyNone processes={query.data} />}
      >
        {({ groups }) => (
          <>
            <ProcessTable groups={groups} most={SHOWN} />
            {show && groups.length > SHOWN && (
              <Button variant="quiet" className="mt-2 h-8 text-xs" onClick={() => show("now")}>
                Show all {groups.length}
              </Button>
            )}
          </>
        )}
      </QueryView>
    </Card>
  );
}
