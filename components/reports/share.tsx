"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "#components/layout/api.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";

const LIVES = [
  { value: "1", title: "A day" },
  { value: "7", title: "A week" },
  { value: "30", title: "30 days" },
  { value: "90", title: "90 days" },
];

function Make({ id }: { id: number }) {
  const [days, setDays] = useState("7");
  const share = useMutation({
    mutationFn: () =>
      api<{ path: string; expiresAt: string }>(`/reports/${id}/share`, {
        method: "POST",
        body: { days: Number(days) },
      }),
  });
  return (
    <div className="grid gap-3">
      <div className="grid grid-cols-[1fr_auto] items-end gap-3">
        <Select
          label="It opens for"
          value={days}
          onChange={(event) => {
            setDays(event.target.value);
            share.reset();
          }}
          options={LIVES}
        />
        <Button variant="primary" disabled={share.isPending} onClick={() => share.mutate()}>
          Make a link
        </Button>
      </div>
      {share.data && (
        <Field
          label="Link"
          hint={`Until ${formatDateTime(share.data.expiresAt)}`}
          readOnly
          value={window.location.origin + share.data.path}
          onFocus={(event) => event.target.select()}
        />
      )}
      {share.isError && <Notice variant="bad" title={share.error.message} />}
    </div>
  );
}

/** A link to this report for somebody without an account, until it expires. */
export function Share({ id }: { id: number }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="quiet" className="h-8" onClick={() => setOpen(true)}>
        Share
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Share this report"
        note="Whoever has the link reads this one report, without signing in, and nothing else"
      >
        <Make id={id} />
      </Dialog>
    </>
  );
}
