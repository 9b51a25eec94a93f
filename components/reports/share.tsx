"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import * as contract from "#lib/contract/index.ts";

const LIFETIMES = [
  { value: "1", title: "1 day" },
  { value: "7", title: "7 days" },
  { value: "30", title: "30 days" },
  { value: "90", title: "90 days" },
];

const sharesKey = (id: number) => ["report", id, "shares"];

/** The links that were created before, and still open the report. */
function Links({ id }: { id: number }) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: sharesKey(id),
    queryFn: ({ signal }) => call(contract.reports.shares, { params: { id }, signal }),
  });
  const revoke = useMutation({
    mutationFn: (share: string) => call(contract.reports.revokeShare, { params: { id: share } }),
    onSuccess: () => client.invalidateQueries({ queryKey: sharesKey(id) }),
  });
  return (
    <QueryView query={query} what="The links" skeleton={<Skeleton className="h-10" />} empty={null}>
      {(shares) => (
        <ul className="divide-y divide-line">
          {shares.map((share) => (
            <li key={share.id} className="flex items-center justify-between gap-3 py-2 text-xs">
              <span className="figures text-muted">
                created <DateTime at={share.createdAt} /> · expires <DateTime at={share.expiresAt} />
              </span>
              <ConfirmButton
                act="Revoke link"
                question="Revoke this link?"
                consequence="Whoever has it cannot open the report any more. This cannot be undone."
                disabled={revoke.isPending}
                onConfirm={() => revoke.mutate(share.id)}
              />
            </li>
          ))}
          {revoke.isError && <Notice variant="bad" title={revoke.error.message} />}
        </ul>
      )}
    </QueryView>
  );
}

function CreateLink({ id }: { id: number }) {
  const [days, setDays] = useState("7");
  const client = useQueryClient();
  const share = useMutation({
    mutationFn: () => call(contract.reports.share, { params: { id }, body: { days: Number(days) } }),
    onSuccess: () => client.invalidateQueries({ queryKey: sharesKey(id) }),
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
          hint={
            <>
              Expires <DateTime at={share.data.expiresAt} />
            </>
          }
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
        <Links id={id} />
      </Dialog>
    </>
  );
}
