"use client";

import { useState } from "react";
import { JobRow } from "#components/exports/job-row.tsx";
import { useCreateExportJob, useExportJobs } from "#components/exports/queries.ts";
import { exportAddress } from "#components/exports/request.ts";
import { useDownload } from "#components/exports/use-download.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { keepEntered } from "#components/ui/entered.ts";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ExportFormat } from "#lib/contract/enums.ts";
import type { ExportRequest } from "#lib/contract/export-requests.ts";
import { formatText } from "#lib/format/value.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const FORMATS: { value: ExportFormat; title: string; help: string }[] = [
  { value: "csv", title: "CSV", help: "For any spreadsheet or script" },
  { value: "xlsx", title: "Excel", help: "Typed cells and a sheet of charts; at most a million rows" },
  { value: "json", title: "JSON", help: "One array of objects" },
  { value: "ndjson", title: "NDJSON", help: "One object per line, for pipelines" },
  { value: "parquet", title: "Parquet", help: "Compressed columns, for DuckDB, pandas and Spark" },
];

const STEPS = [
  { value: "", title: "Raw samples" },
  { value: String(MINUTE_MS), title: "1-minute means" },
  { value: String(5 * MINUTE_MS), title: "5-minute means" },
  { value: String(HOUR_MS), title: "1-hour means" },
  { value: String(DAY_MS), title: "1-day means" },
];

/** An expression is evaluated in steps: it has no raw samples. */
const EVERY = STEPS.map(({ value, title }) =>
  value === "" ? { value, title: "At most 500 steps" } : { value, title: title.replace(" means", " steps") },
);

const LAYOUTS = [
  { value: "long", title: "One row per sample" },
  { value: "wide", title: "One column per series" },
];

const SPANS = [
  { value: "", title: "As shown" },
  { value: "now-1d", title: "Past 24 hours" },
  { value: "now-7d", title: "Past 7 days" },
  { value: "now-30d", title: "Past 30 days" },
  { value: "now-90d", title: "Past 90 days" },
];

function Formats({ value, onChange }: { value: ExportFormat; onChange: (format: ExportFormat) => void }) {
  return (
    <fieldset className="divide-y divide-line rounded-md border border-line">
      <legend className="sr-only">Format</legend>
      {FORMATS.map((format) => (
        <label
          key={format.value}
          className="flex cursor-pointer items-baseline gap-3 px-3 py-2 hover:bg-raised has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            ref={keepEntered()}
            type="radio"
            name="format"
            aria-label={format.title}
            className="accent-(--accent)"
            checked={format.value === value}
            onChange={() => onChange(format.value)}
          />
          <span className="w-16 shrink-0 font-medium text-sm">{format.title}</span>
          <span className="text-muted text-xs">{format.help}</span>
        </label>
      ))}
    </fieldset>
  );
}

type Choice = { format: ExportFormat; from: string; step: string; layout: "long" | "wide" };

const isSampled = ({ kind }: ExportRequest) => kind === "samples" || kind === "expression";

/** The request once the reader has chosen. */
function withChoice(request: ExportRequest, { from, step, layout }: Choice): ExportRequest {
  const range = from && "from" in request ? { from, to: "now" } : {};
  const sampling = isSampled(request) ? { layout, ...(step ? { step: Number(step) } : {}) } : {};
  return { ...request, ...range, ...sampling } as ExportRequest;
}

function PendingExport({ id }: { id: number }) {
  const { data } = useExportJobs();
  const job = data?.find((candidate) => candidate.id === id);
  return (
    <div className="mt-3 rounded-md border border-line px-3">
      {job ? <JobRow job={job} /> : <p className="py-2.5 text-muted text-xs">queued</p>}
      <p className="border-line border-t py-2 text-muted text-xs">
        You can close this dialog. Find the file under{" "}
        <Link href="/reports/exports" className="text-accent underline">
          Exports
        </Link>{" "}
        for three days.
      </p>
    </div>
  );
}

function Choices({ request }: { request: ExportRequest }) {
  const [choice, setChoice] = useState<Choice>({ format: "csv", from: "", step: "", layout: "long" });
  const { bytes, failure, start, cancel } = useDownload();
  const create = useCreateExportJob();
  const set = (key: keyof Choice) => (event: { target: { value: string } }) =>
    setChoice({ ...choice, [key]: event.target.value });
  const chosen = withChoice(request, choice);
  const reason = failure || create.error?.message;
  return (
    <>
      <Formats value={choice.format} onChange={(format) => setChoice({ ...choice, format })} />
      {"from" in request && (
        <div className="mt-3 grid gap-3 sm:grid-cols-2">
          <Select label="Range" value={choice.from} onChange={set("from")} options={SPANS} />
          {isSampled(request) && (
            <>
              <Select
                label="Resolution"
                value={choice.step}
                onChange={set("step")}
                options={request.kind === "samples" ? STEPS : EVERY}
              />
              <Select label="Layout" value={choice.layout} onChange={set("layout")} options={LAYOUTS} />
            </>
          )}
        </div>
      )}
      {reason && <Notice variant="bad" className="mt-3" title={reason} />}
      <div className="mt-4 flex flex-wrap items-center justify-end gap-2">
        {bytes === undefined ? (
          <>
            <Button
              disabled={create.isPending}
              onClick={() => create.mutate({ format: choice.format, request: chosen })}
            >
              Export in the background
            </Button>
            <Button variant="primary" onClick={() => void start(exportAddress(chosen, choice.format))}>
              Download
            </Button>
          </>
        ) : (
          <>
            <span role="status" className="figures text-muted text-xs">
              {formatText(bytes, "bytes")} downloaded
            </span>
            <Button onClick={cancel}>Cancel download</Button>
          </>
        )}
      </div>
      {create.data && <PendingExport key={create.data.id} id={create.data.id} />}
    </>
  );
}

type Props = { request: ExportRequest; what: string; open: boolean; onOpenChange: (open: boolean) => void };

/** How the file is to be, and its download or its job. */
export const ExportChoices = ({ request, what, open, onOpenChange }: Props) => (
  <Dialog {...{ open, onOpenChange }} title={`Export ${what}`} note="Exports are recorded in the audit trail">
    <Choices request={request} />
  </Dialog>
);
