"use client";

import { JobRow } from "#components/exports/job-row.tsx";
import { useJobs } from "#components/exports/jobs.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** The reader's own files, made and in the making. */
export function Exports() {
  const { data, error, isError, refetch } = useJobs();
  return (
    <Card>
      <CardTitle aside={data && <span className="figures">{data.length}</span>}>Your exports</CardTitle>
      {isError && !data && <Failure what="The list" error={error} onRetry={() => void refetch()} />}
      {!data && !isError && <Skeleton className="h-24" />}
      {data?.length === 0 && (
        <Notice title="None yet">
          Export on any page has “Make in the background”, for what takes long: it goes on when you close the page, and
          its link works for three days.
        </Notice>
      )}
      <ul className="divide-y divide-line">
        {data?.map((job) => (
          <li key={job.id}>
            <JobRow job={job} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
