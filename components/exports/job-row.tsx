"use client";

import { type ExportJob, isPending, useRemoveExportJob } from "#components/exports/queries.ts";
import { cn } from "#components/ui/cn.ts";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { countText, formatText } from "#lib/format/value.ts";

function JobStatus({ job }: { job: ExportJob }) {
  const { status, rowsDone, rowsExpected, bytes, failure, expiresAt } = job;
  if (status === "queued") return <>queued</>;
  if (status === "running")
    return (
      <>
        {countText(rowsDone)} rows{rowsExpected ? ` of about ${countText(rowsExpected)}` : ""} ·{" "}
        {formatText(bytes, "bytes")}
      </>
    );
  if (status === "failed") return <span className="text-bad">{failure}</span>;
  if (status === "done")
    return (
      <>
        {countText(rowsDone)} rows · {formatText(bytes, "bytes")}
        {expiresAt && (
          <>
            {" · expires "}
            <DateTime at={expiresAt} />
          </>
        )}
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
        <ConfirmButton
          act={isPending(job) ? "Cancel export" : "Remove export"}
          question={isPending(job) ? "Cancel this export?" : "Remove this export?"}
          consequence={isPending(job) ? "What is done of it is lost." : "Its file and its link are gone at once."}
          disabled={remove.isPending}
          onConfirm={() => remove.mutate(job.id)}
        />
      </div>
    </div>
  );
}
