"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

const VIEWS = ["Wide", "Phone", "Plain text"] as const;

type EmailPreview = { subject: string; html: string; text: string };

function Shown({ body }: { body: object }) {
  const [view, setView] = useState<(typeof VIEWS)[number]>("Wide");
  const { data, error, isError, refetch } = useQuery({
    queryKey: ["mail preview", body],
    queryFn: ({ signal }) => api<EmailPreview>("/reports/preview", { method: "POST", body, signal }),
    staleTime: 60_000,
  });
  if (isError && !data) return <Failure what="The preview" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-96" />;
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <p className="min-w-0 truncate font-medium text-sm">{data.subject}</p>
        <Segmented label="Show it as" options={VIEWS} value={view} onChange={setView} />
      </div>
      {view === "Plain text" ? (
        <pre className="h-[65dvh] overflow-auto whitespace-pre-wrap rounded-md border border-line bg-canvas p-3 text-xs">
          {data.text}
        </pre>
      ) : (
        <iframe
          title="The mail"
          sandbox=""
          srcDoc={data.html}
          className="mx-auto h-[65dvh] max-w-full rounded-md border border-line bg-white"
          style={{ width: view === "Phone" ? 320 : "100%" }}
        />
      )}
    </>
  );
}

/** The mail that a report would be sent as; `body` says of what report, as the API takes it. */
export function MailPreview({ body, disabled = false }: { body: object; disabled?: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button className="h-8" disabled={disabled} onClick={() => setOpen(true)}>
        Preview the mail
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="The mail as it would be sent now"
        note="Nothing is sent or kept"
        className="w-[min(46rem,calc(100vw-1.5rem))]"
      >
        <Shown body={body} />
      </Dialog>
    </>
  );
}
