"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { HOOK_TITLE, HookForm, HookSecret } from "#components/events/hook-form.tsx";
import { type HookWithSecret, hooksQuery, type ListedHook, useRemoveHook } from "#components/events/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Table } from "#components/ui/table.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { countText } from "#lib/format/value.ts";

const COLUMNS = ["Name", "Sender", "Last received", "Received", "Refused", "Newest problem"];

function Row({ hook }: { hook: ListedHook }) {
  const remove = useRemoveHook();
  return (
    <tr className="align-top">
      <td className="py-2 pr-3">
        <span className="font-medium text-sm [overflow-wrap:anywhere]">{hook.name}</span>
        <div className="mt-1">
          <ConfirmButton
            act="Delete"
            name={`Delete ${hook.name}`}
            question={`Delete the webhook ${hook.name}?`}
            consequence="What its sender sends is refused from then on. What it recorded stays."
            disabled={remove.isPending}
            onConfirm={() => remove.mutate(hook.id)}
          />
          {remove.isError && <Notice variant="bad" title={remove.error.message} />}
        </div>
      </td>
      <td className="py-2 pr-3">{HOOK_TITLE[hook.kind]}</td>
      <td className="whitespace-nowrap py-2 pr-3">
        {hook.lastAt ? <DateTime at={hook.lastAt} /> : <span className="text-muted">never</span>}
      </td>
      <td className="py-2 pr-3 text-right">{countText(hook.received)}</td>
      <td className="py-2 pr-3 text-right">{countText(hook.refused)}</td>
      <td className="max-w-md py-2 [overflow-wrap:anywhere]">
        {hook.problem ?? <span className="text-muted">none</span>}
      </td>
    </tr>
  );
}

/** Webhooks by which deployments and releases become annotations. */
export function HookList() {
  const query = useQuery(hooksQuery);
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useState<HookWithSecret>();
  const close = () => {
    setAdding(false);
    setShown(undefined);
  };
  return (
    <section aria-labelledby="hooks" className="mt-8">
      <div className="mb-2 flex items-center justify-between gap-3">
        <h2 id="hooks" className="font-medium">
          Deploys from GitHub and GitLab
        </h2>
        <Button onClick={() => setAdding(true)}>Add webhook</Button>
      </div>
      <QueryView
        query={query}
        what="The webhooks"
        empty={
          <Notice title="No deployment is reported yet">
            A webhook marks deployments and releases on charts, and beside alerts and incidents.
          </Notice>
        }
      >
        {(hooks) => (
          <Card>
            <Table columns={COLUMNS} className="min-w-[48rem]">
              {hooks.map((hook) => (
                <Row key={hook.id} hook={hook} />
              ))}
            </Table>
          </Card>
        )}
      </QueryView>
      <Dialog
        open={adding || shown !== undefined}
        onOpenChange={(open) => open || close()}
        title={shown ? `Webhook ${shown.name}` : "Add webhook"}
        className="w-[min(44rem,calc(100vw-1.5rem))]"
      >
        {shown ? <HookSecret hook={shown} onDone={close} /> : <HookForm onCreated={setShown} onDone={close} />}
      </Dialog>
    </section>
  );
}
