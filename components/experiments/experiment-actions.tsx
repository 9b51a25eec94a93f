"use client";

import { useState } from "react";
import { ACTION_TITLE } from "#components/experiments/labels.ts";
import { type Experiment, useTransition } from "#components/experiments/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { ACTIONS, type Action, TRANSITIONS } from "#lib/contract/experiment-names.ts";

/** What cannot be undone is asked first. */
const CONSEQUENCE: Partial<Record<Action, string>> = {
  stop: "A stopped experiment cannot be resumed. Its results stay.",
  archive: "An archived experiment cannot be changed or started again. Its results stay.",
};

type ConfirmProps = { action: Action; transition: ReturnType<typeof useTransition>; onClose: () => void };

function Confirm({ action, transition, onClose }: ConfirmProps) {
  const [reason, setReason] = useState("");
  const title = ACTION_TITLE[action];
  return (
    <Dialog open onOpenChange={onClose} title={`${title}?`} note={CONSEQUENCE[action] ?? ""}>
      <Field
        label="Reason (optional)"
        hint="Shown in the history"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {transition.isError && <Notice variant="bad" className="mt-3" title={transition.error.message} />}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="danger"
          disabled={transition.isPending}
          onClick={() => transition.mutate({ action, reason }, { onSuccess: onClose })}
        >
          {title}
        </Button>
      </div>
    </Dialog>
  );
}

/** What can be done with an experiment in its state. */
export function ExperimentActions({ experiment: { id, status } }: { experiment: Experiment }) {
  const transition = useTransition(id);
  const [confirming, setConfirming] = useState<Action>();
  const run = (action: Action) => (CONSEQUENCE[action] ? setConfirming(action) : transition.mutate({ action }));
  return (
    <span className="flex flex-wrap items-center gap-2 print:hidden">
      {status === "draft" && (
        <Link className="text-sm underline" href={`/experiments/${id}/edit`}>
          Edit plan
        </Link>
      )}
      {ACTIONS.filter((action) => TRANSITIONS[action].from.includes(status)).map((action) => (
        <Button
          key={action}
          variant={action === "start" ? "primary" : "plain"}
          className="h-8"
          disabled={transition.isPending}
          onClick={() => run(action)}
        >
          {ACTION_TITLE[action]}
        </Button>
      ))}
      <Button variant="quiet" className="h-8" onClick={() => window.print()}>
        Print
      </Button>
      {transition.isError && !confirming && <Notice variant="bad" title={transition.error.message} />}
      {confirming && <Confirm action={confirming} transition={transition} onClose={() => setConfirming(undefined)} />}
    </span>
  );
}
