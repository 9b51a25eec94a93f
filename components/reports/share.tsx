"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "#components/layout/api.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { contract } from "#lib/contract/index.ts";

const LIFETIMES = [
  { value: "1", title: "1 day" },
  { value: "7", title: "7 days" },
  { value: "30", title: "30 days" },
  { value: "90", title: "90 days" },
];

function CreateLink({ id }: { id: number }) {
  const [days, setDays] = useState("7");
  const share = useMutation({
    mutationFn: () => call(contract.reports.share, { params: { id }, body: { days: Number(days) } }),
  });
  return (
    <div className="grid gap-3">
      <div className="grid grid-cols-[1fr_auto] items-end gap-3">
        <Select
          label="Expires after"
          value={days}
          onChange={(event) => {
            setDays(event.target.value);
            share.reset();
          }}
          options={LIFETIMES}
        />
        <Button variant="primary" disabled={share.isPending} onClick={() => share.mutate()}>
          Create link
        </Button>
      </div>
      {share.data && (
        <Field
          label="Link"
          hint={`Expires ${formatDateTime(share.data.expiresAt)}`}
          readOnly
          value={window.location.origin + share.data.path}
          onFocus={(event) => event.target.select()}
        />
      )}
      {share.isError && <Notice variant="bad" title={share.error.message} />}
    </div>
  );
}

/** A link to a report for somebody without an account, until it expires. */
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
        title="Share report"
        note="Anyone with the link can read this report, and nothing else, without signing in"
      >
        <CreateLink id={id} />
      </Dialog>
    </>
  );
}
