"use client";

import { type ExportJob, isPending, useRemoveExportJob } from "#components/exports/queries.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { formatText } from "#lib/format/value.ts";

const count = new Intl.NumberFormat("en-GB");

function JobStatus({ job }: { job: ExportJob }) {
  const { status, rowsDone, rowsExpected, bytes, failure, expiresAt } = job;
  if (status === "queued") return <>queued</>;
  if (status === "running")
    return (
      <>
        {count.format(rowsDone)} rows{rowsExpected ? ` of about ${count.format(rowsExpected)}` : ""} ·{" "}
        {formatText(bytes, "bytes")}
      </>
    );
  if (status === "failed") return <span className="text-bad">{failure}</span>;
  if (status === "done")
    return (
      <>
        {count.format(rowsDone)} rows · {formatText(bytes, "bytes")}{" "}
        {expiresAt && ` · expires ${formatDateTime(expiresAt)}`}
      </>
    );
  return <>{status}</>;
}

/** The progress of an export; its download once it is finished. */
export function JobRow({ job }: { job: ExportJob }) {
  const remove = useRemoveExportJob();
  const { name, status, rowsDone, rowsExpected, path } = job;
  const share = rowsExpected ? Math.min(1, rowsDone / rowsExpected) : undefined;
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 py-2.5">
      <div className="min-w-0 flex-1 basis-full sm:basis-0">
        <p className="truncate font-medium text-sm">{name}</p>
        <p role="status" className="figures text-muted text-xs">
          <JobStatus job={job} />
        </p>
        {status === "running" && (
          <div
            role="progressbar"
            aria-label={`Progress of ${name}`}
            {...(share === undefined ? {} : { "aria-valuenow": Math.round(100 * share) })}
            className="mt-1.5 h-1 overflow-hidden rounded-full bg-raised"
          >
            <div
              className={cn("h-full bg-accent transition-[width]", share === undefined && "animate-pulse")}
              style={{ width: `${100 * (share ?? 1)}%` }}
            />
          </div>
        )}
        {remove.isError && (
          <p role="alert" className="text-bad text-xs">
            {remove.error.message}
          </p>
        )}
      </div>
      <div className="flex gap-2">
        {path && (
          <a
            href={path}
            download={name}
            className="inline-flex h-8 items-center rounded-md bg-accent px-3 font-medium text-accent-ink text-sm hover:brightness-110"
          >
            Download
          </a>
        )}
        <Button className="h-8" disabled={remove.isPending} onClick={() => remove.mutate(job.id)}>
          {isPending(job) ? "Cancel export" : "Remove export"}
        </Button>
      </div>
    </div>
  );
}
