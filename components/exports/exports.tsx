"use client";

import { JobRow } from "#components/exports/job-row.tsx";
import { useExportJobs } from "#components/exports/queries.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** The reader's own exports, finished and pending. */
export function Exports() {
  const query = useExportJobs();
  return (
    <Card>
      <CardTitle aside={query.data && <span className="figures">{query.data.length}</span>}>Your exports</CardTitle>
      <QueryView
        query={query}
        what="The exports"
        skeleton={<Skeleton className="h-24" />}
        empty={
          <Notice title="No exports yet">
            Choose “Export in the background” in the export dialog of any page. The export goes on when you close the
            page, and its link works for three days.
          </Notice>
        }
      >
        {(jobs) => (
          <ul className="divide-y divide-line">
            {jobs.map((job) => (
              <li key={job.id}>
                <JobRow job={job} />
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Card>
  );
}
