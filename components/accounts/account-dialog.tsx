"use client";

import { useState } from "react";
import { ROLE_OPTIONS } from "#components/accounts/create-account.tsx";
import { LinkNotice } from "#components/accounts/link-notice.tsx";
import { type Account, useChangeAccount, useRemoveAccount, useResetAccount } from "#components/accounts/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import type { Role } from "#lib/contract/roles.ts";

type Props = { account: Account; others: Account[]; onClose: () => void };

function RoleField({ account }: { account: Account }) {
  const [role, setRole] = useState<Role>(account.role);
  const change = useChangeAccount();
  return (
    <div className="space-y-2">
      <div className="flex items-end gap-2">
        <Select
          className="flex-1"
          label="Role"
          options={ROLE_OPTIONS}
          value={role}
          onChange={(event) => setRole(event.target.value as Role)}
        />
        <Button
          disabled={role === account.role || change.isPending}
          onClick={() => change.mutate({ id: account.id, role })}
        >
          Change role
        </Button>
      </div>
      {change.isError && <Notice variant="bad" title={change.error.message} />}
    </div>
  );
}

function ResetPassword({ account }: { account: Account }) {
  const reset = useResetAccount();
  const invited = account.state === "invited";
  return (
    <div className="space-y-2">
      <div className="flex items-center justify-between gap-3">
        <p className="text-muted text-xs">
          {invited
            ? "The link before it no longer works."
            : "Signs them out everywhere and ends their API tokens. They choose a new password by a link."}
        </p>
        {invited ? (
          <Button className="shrink-0" disabled={reset.isPending} onClick={() => reset.mutate(account.id)}>
            Send a new link
          </Button>
        ) : (
          <ConfirmButton
            act="Reset password"
            question={`Reset the password of ${account.email}?`}
            consequence="They are signed out everywhere, and their API tokens end for good."
            className="shrink-0"
            disabled={reset.isPending}
            onConfirm={() => reset.mutate(account.id)}
          />
        )}
      </div>
      {reset.isError && <Notice variant="bad" title={reset.error.message} />}
      {reset.data?.link && <LinkNotice email={account.email} link={reset.data.link} />}
    </div>
  );
}

function Disable({ account }: { account: Account }) {
  const change = useChangeAccount();
  const disabled = account.state === "disabled";
  return (
    <div className="space-y-2">
      <div className="flex items-center justify-between gap-3">
        <p className="text-muted text-xs">
          {disabled
            ? "They can sign in again. Tokens that ended stay ended."
            : "Ends all sessions and API tokens at once. Schedules of theirs stop sending."}
        </p>
        {disabled ? (
          <Button
            className="shrink-0"
            disabled={change.isPending}
            onClick={() => change.mutate({ id: account.id, disabled: false })}
          >
            Enable account
          </Button>
        ) : (
          <ConfirmButton
            act="Disable account"
            question={`Disable the account ${account.email}?`}
            consequence="Sessions and API tokens end at once; tokens end for good."
            className="shrink-0"
            disabled={change.isPending}
            onConfirm={() => change.mutate({ id: account.id, disabled: true })}
          />
        )}
      </div>
      {change.isError && <Notice variant="bad" title={change.error.message} />}
    </div>
  );
}

function Remove({ account, others, onClose }: Props) {
  const [sure, setSure] = useState(false);
  const [to, setTo] = useState("");
  const remove = useRemoveAccount();
  const heirs = [
    { value: "", title: "Nobody: it owns nothing" },
    ...others.filter(({ state }) => state !== "disabled").map(({ id, email }) => ({ value: id, title: email })),
  ];
  if (!sure)
    return (
      <div className="flex items-center justify-between gap-3">
        <p className="text-muted text-xs">Their experiments, reports, templates and schedules go to another account.</p>
        <Button variant="danger" className="shrink-0" onClick={() => setSure(true)}>
          Delete account…
        </Button>
      </div>
    );
  return (
    <div className="space-y-2">
      <Select label="Hand over to" options={heirs} value={to} onChange={(event) => setTo(event.target.value)} />
      {remove.isError && <Notice variant="bad" title={remove.error.message} />}
      <div className="flex justify-end gap-2">
        <Button onClick={() => setSure(false)}>Keep</Button>
        <Button
          variant="danger"
          disabled={remove.isPending}
          onClick={() => remove.mutate({ id: account.id, to: to || undefined }, { onSuccess: onClose })}
        >
          Delete {account.email} for good
        </Button>
      </div>
    </div>
  );
}

/** What an administrator can do about one account. */
export function AccountDialog({ account, others, onClose }: Props) {
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={account.name} note={account.email}>
      <div className="divide-y divide-line *:py-4 *:last:pb-0 *:first:pt-0">
        <RoleField key={account.role} account={account} />
        {account.state !== "disabled" && <ResetPassword account={account} />}
        <Disable account={account} />
        <Remove account={account} others={others} onClose={onClose} />
      </div>
    </Dialog>
  );
}
