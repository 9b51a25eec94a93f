"use client";

import { Download } from "lucide-react";
import Link from "next/link";
import { useRef, useState } from "react";
import { download } from "#components/exports/download.ts";
import { JobRow } from "#components/exports/job-row.tsx";
import { useJobs, useMakeJob } from "#components/exports/jobs.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ExportFormat } from "#lib/contract/enums.ts";
import { type ExportRequest, exportAddress } from "#lib/contract/export-requests.ts";
import { formatText } from "#lib/format/value.ts";

const FORMATS: { value: ExportFormat; title: string; help: string }[] = [
  { value: "csv", title: "CSV", help: "For any spreadsheet or script" },
  { value: "xlsx", title: "Excel", help: "Typed cells and a sheet of charts; a million rows at most" },
  { value: "json", title: "JSON", help: "One array of objects" },
  { value: "ndjson", title: "NDJSON", help: "An object a line, for pipelines" },
  { value: "parquet", title: "Parquet", help: "Columns, compressed, for DuckDB, pandas and Spark" },
];

const STEPS = [
  { value: "", title: "Every single sample" },
  { value: "1m", title: "Means of a minute" },
  { value: "5m", title: "Means of five minutes" },
  { value: "1h", title: "Means of an hour" },
  { value: "1d", title: "Means of a day" },
];

const LAYOUTS = [
  { value: "long", title: "A row for each sample" },
  { value: "wide", title: "A column for each series" },
];

const SPANS = [
  { value: "", title: "As shown" },
  { value: "now-1d", title: "Past day" },
  { value: "now-7d", title: "Past week" },
  { value: "now-30d", title: "Past 30 days" },
  { value: "now-90d", title: "Past 90 days" },
];

function Formats({ value, onChange }: { value: ExportFormat; onChange: (format: ExportFormat) => void }) {
  return (
    <fieldset className="divide-y divide-line rounded-md border border-line">
      <legend className="sr-only">Format</legend>
      {FORMATS.map((one) => (
        <label
          key={one.value}
          className="flex cursor-pointer items-baseline gap-3 px-3 py-2 hover:bg-raised has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name="format"
            aria-label={one.title}
            className="accent-(--accent)"
            checked={one.value === value}
            onChange={() => onChange(one.value)}
          />
          <span className="w-16 shrink-0 font-medium text-sm">{one.title}</span>
          <span className="text-muted text-xs">{one.help}</span>
        </label>
      ))}
    </fieldset>
  );
}

type Choice = { format: ExportFormat; from: string; step: string; layout: "long" | "wide" };

/** What is request of the API once the reader has chosen. */
function chosen(request: ExportRequest, { from, step, layout }: Choice): ExportRequest {
  const ranged = from && "from" in request ? { from, to: "now" } : {};
  const sampled = request.kind === "samples" ? { layout, ...(step ? { step } : {}) } : {};
  return { ...request, ...ranged, ...sampled } as ExportRequest;
}

/** A file that the reader waits for: how much has come, and a way to stop it. */
function useDownload() {
  const [bytes, setBytes] = useState<number>();
  const [failure, setFailure] = useState("");
  const running = useRef<AbortController>(undefined);
  const start = async (address: string) => {
    running.current = new AbortController();
    setFailure("");
    setBytes(0);
    try {
      await download(`/api/v1${address}`, running.current.signal, setBytes);
    } catch (error) {
      if ((error as Error).name !== "AbortError") setFailure((error as Error).message);
    }
    setBytes(undefined);
  };
  return { bytes, failure, start, cancel: () => running.current?.abort() };
}

function Making({ id }: { id: number }) {
  const { data } = useJobs();
  const job = data?.find((one) => one.id === id);
  return (
    <div className="mt-3 rounded-md border border-line px-3">
      {job ? <JobRow job={job} /> : <p className="py-2.5 text-muted text-xs">It is queued</p>}
      <p className="border-line border-t py-2 text-muted text-xs">
        You may close this:{" "}
        <Link href="/reports/exports" className="text-accent underline">
          Exports
        </Link>{" "}
        keeps it for three days.
      </p>
    </div>
  );
}

function Choices({ request, what }: { request: ExportRequest; what: string }) {
  const [choice, setChoice] = useState<Choice>({ format: "csv", from: "", step: "", layout: "long" });
  const { bytes, failure, start, cancel } = useDownload();
  const make = useMakeJob();
  const set = (key: keyof Choice) => (event: { target: { value: string } }) =>
    setChoice({ ...choice, [key]: event.target.value });
  const wanted = chosen(request, choice);
  const reason = failure || make.error?.message;
  return (
    <>
      <Formats value={choice.format} onChange={(format) => setChoice({ ...choice, format })} />
      {"from" in request && (
        <div className="mt-3 grid gap-3 sm:grid-cols-2">
          <Select label="Range" value={choice.from} onChange={set("from")} options={SPANS} />
          {request.kind === "samples" && (
            <>
              <Select label="Resolution" value={choice.step} onChange={set("step")} options={STEPS} />
              <Select label="Layout" value={choice.layout} onChange={set("layout")} options={LAYOUTS} />
            </>
          )}
        </div>
      )}
      {reason && <Notice variant="bad" className="mt-3" title={reason} />}
      <div className="mt-4 flex flex-wrap items-center justify-end gap-2">
        {bytes === undefined ? (
          <>
            <Button disabled={make.isPending} onClick={() => make.mutate({ format: choice.format, request: wanted })}>
              Make in the background
            </Button>
            <Button variant="primary" onClick={() => void start(exportAddress(wanted, choice.format))}>
              Download
            </Button>
          </>
        ) : (
          <>
            <span role="status" className="figures text-muted text-xs">
              {formatText(bytes, "bytes")} of {what} so far
            </span>
            <Button onClick={cancel}>Cancel</Button>
          </>
        )}
      </div>
      {make.data && <Making key={make.data.id} id={make.data.id} />}
    </>
  );
}

/** What a page shows, as a file: now, or made in the background. */
export function ExportDialog({ request, what }: { request: ExportRequest; what: string }) {
  const [open, setOpen] = useState(false);
  return (
    <span className="print:hidden">
      <Button variant="quiet" className="h-8 px-2" aria-label={`Export ${what}`} onClick={() => setOpen(true)}>
        <Download aria-hidden className="size-4" /> Export
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Export ${what}`}
        note="What was exported is in the audit trail"
      >
        <Choices request={request} what={what} />
      </Dialog>
    </span>
  );
}
