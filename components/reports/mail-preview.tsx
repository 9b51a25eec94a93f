"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { emailPreviewQuery, type ReportRequest } from "#components/reports/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Scrolled } from "#components/ui/scrolled.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";

const VIEWS = ["Desktop", "Phone", "Plain text"] as const;

function Email({ subject, html, text }: { subject: string; html: string; text: string }) {
  const [view, setView] = useState<(typeof VIEWS)[number]>("Desktop");
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <p className="min-w-0 truncate font-medium text-sm">{subject}</p>
        <Segmented label="View" options={VIEWS} value={view} onChange={setView} />
      </div>
      {view === "Plain text" ? (
        <Scrolled label="Email" className="h-[65dvh] overflow-auto rounded-md border border-line bg-canvas p-3">
          <pre className="whitespace-pre-wrap text-xs">{text}</pre>
        </Scrolled>
      ) : (
        <iframe
          title="Email"
          sandbox=""
          srcDoc={html}
          className="mx-auto h-[65dvh] max-w-full rounded-md border border-line bg-white"
          style={{ width: view === "Phone" ? 320 : "100%" }}
        />
      )}
    </>
  );
}

type Props = { request: ReportRequest; zone?: string };

function Preview({ request, zone }: Props) {
  const own = useTimeFormat().style.zone;
  const query = useQuery(emailPreviewQuery(request, zone ?? own));
  return (
    <QueryView query={query} what="The preview" skeleton={<Skeleton className="h-96" />}>
      {(email) => <Email {...email} />}
    </QueryView>
  );
}

/** The email that a report would be sent as, in a zone, or the reader's own. */
export function MailPreview({ request, zone, disabled = false }: Props & { disabled?: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button className="h-8" disabled={disabled} onClick={() => setOpen(true)}>
        Preview email
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Email preview"
        note="As it would be sent now. Nothing is sent or stored"
        className="w-[min(46rem,calc(100vw-1.5rem))]"
      >
        <Preview {...{ request, ...(zone ? { zone } : {}) }} />
      </Dialog>
    </>
  );
}
