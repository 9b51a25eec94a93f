"use client";

import { type FormEvent, useState } from "react";
import { AssigneeSelect } from "#components/alerts/assignee-select.tsx";
import {
  type Alert,
  useAcknowledge,
  useAssign,
  useComment,
  useSnooze,
  useUnacknowledge,
} from "#components/alerts/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { isAcknowledged } from "#lib/alerts/is-acknowledged.ts";
import { durationText } from "#lib/format/duration.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

type Props = { alert: Alert };

const spans = (values: number[]) => values.map((ms) => ({ value: String(ms), title: durationText(ms) }));
const EXPIRIES = [{ value: "0", title: "as long as it fires" }, ...spans([HOUR_MS, 4 * HOUR_MS, DAY_MS])];
const SNOOZES = spans([15 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS, DAY_MS]);

const inMs = (ms: number) => (ms === 0 ? null : new Date(Date.now() + ms));

/** Says in a dialog that somebody works on an alert. It stays where the alert goes meanwhile, and says so: what was typed is not to vanish. */
export function AcknowledgeDialog({
  alert: { id, hostId, host, summary },
  meanwhile,
  onClose,
  onDone = onClose,
}: Props & { meanwhile?: string | undefined; onClose: () => void; onDone?: () => void }) {
  const [comment, setComment] = useState("");
  const [expiry, setExpiry] = useState("0");
  const acknowledge = useAcknowledge();
  return (
    <Dialog open onOpenChange={onClose} title="Acknowledge alert" note={`${host}: ${summary}`}>
      <div className="space-y-3">
        {meanwhile && <Notice variant="warn" title={meanwhile} />}
        <Field
          label="Comment (optional)"
          hint="What you know, and what you do about it"
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
        <Select
          label="Nobody is notified again for"
          options={EXPIRIES}
          value={expiry}
          onChange={(event) => setExpiry(event.target.value)}
        />
        {acknowledge.isError && <Notice variant="bad" title={acknowledge.error.message} />}
      </div>
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="primary"
          disabled={acknowledge.isPending}
          onClick={() =>
            acknowledge.mutate({ id, hostId, comment, until: inMs(Number(expiry)) }, { onSuccess: onDone })
          }
        >
          Acknowledge alert
        </Button>
      </div>
    </Dialog>
  );
}

/** Opens that dialog. */
export function AcknowledgeButton({ alert: { host, summary }, onOpen }: Props & { onOpen: () => void }) {
  return (
    <Button className="h-8" aria-label={`Acknowledge ${host}: ${summary}`} onClick={onOpen}>
      Acknowledge
    </Button>
  );
}

/** The button with its dialog. */
function Acknowledge({ alert }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <AcknowledgeButton alert={alert} onOpen={() => setOpen(true)} />
      {open && <AcknowledgeDialog alert={alert} onClose={() => setOpen(false)} />}
    </>
  );
}

function Assign({ alert: { id, hostId, assignedTo } }: Props) {
  const { mutate, isPending, error } = useAssign();
  return <AssigneeSelect {...{ assignedTo, isPending, error }} onAssign={(userId) => mutate({ id, hostId, userId })} />;
}

function Snooze({ alert: { id, hostId, snoozedUntil } }: Props) {
  const snooze = useSnooze();
  const [length, setLength] = useState(String(HOUR_MS));
  const isSnoozed = snoozedUntil !== null && snoozedUntil.getTime() > Date.now();
  return (
    <div className="flex items-end gap-2">
      <Select
        label="Snooze for"
        className="flex-1"
        options={SNOOZES}
        value={length}
        error={snooze.error?.message}
        onChange={(event) => setLength(event.target.value)}
      />
      <Button
        disabled={snooze.isPending}
        onClick={() => snooze.mutate({ id, hostId, until: isSnoozed ? null : inMs(Number(length)) })}
      >
        {isSnoozed ? "End snooze" : "Snooze"}
      </Button>
    </div>
  );
}

function Comment({ alert: { id, hostId } }: Props) {
  const comment = useComment();
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    comment.mutate({ id, hostId, text }, { onSuccess: () => setText("") });
  };
  return (
    <Form className="flex items-end gap-2" onSubmit={submit}>
      <Field
        label="Comment"
        className="flex-1"
        error={comment.error?.message}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" disabled={comment.isPending || text.trim() === ""}>
        Add comment
      </Button>
    </Form>
  );
}

/** What can be done about an alert. */
export function Attend({ alert }: Props) {
  const unacknowledge = useUnacknowledge();
  const { id, hostId, endedAt } = alert;
  return (
    <div className="space-y-3">
      {!endedAt && (
        <>
          {isAcknowledged(alert, Date.now()) ? (
            <Button disabled={unacknowledge.isPending} onClick={() => unacknowledge.mutate({ id, hostId })}>
              Take acknowledgement back
            </Button>
          ) : (
            <Acknowledge alert={alert} />
          )}
          <Assign alert={alert} />
          <Snooze alert={alert} />
        </>
      )}
      <Comment alert={alert} />
    </div>
  );
}
