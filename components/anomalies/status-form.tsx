"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { StatusUpdate } from "#components/anomalies/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { AnomalyStatus } from "#lib/contract/enums.ts";

type Subject = "anomaly" | "incident";

type Choice = { status: AnomalyStatus; title: (subject: Subject) => string; hint: string };

const REVIEWED: Choice = {
  status: "resolved",
  title: (subject) => `Mark ${subject} as reviewed`,
  hint: "It has ended by itself, and somebody has looked at it",
};

const CHOICES: Choice[] = [
  { status: "acknowledged", title: (subject) => `Acknowledge ${subject}`, hint: "Somebody is working on it" },
  { status: "resolved", title: (subject) => `Resolve ${subject}`, hint: "It is dealt with" },
  {
    status: "false_alarm",
    title: () => "Mark as false alarm",
    hint: "From now on the same pattern needs more evidence before it is raised",
  },
  { status: "open", title: (subject) => `Reopen ${subject}`, hint: "It needs attention again" },
];

/** What can be decided: of what has ended by itself, that somebody has looked at it, or that it was none. */
function choicesFor({ status, ended, reviewed }: Pick<Props<unknown>, "status" | "ended" | "reviewed">): Choice[] {
  if (!ended) return CHOICES.filter((choice) => choice.status !== status);
  return [
    ...(reviewed && status !== "false_alarm" ? [] : [REVIEWED]),
    ...CHOICES.filter((choice) => choice.status === "false_alarm" && status !== "false_alarm"),
  ];
}

type Props<T> = {
  subject: Subject;
  status: AnomalyStatus;
  ended: boolean;
  reviewed: boolean;
  note?: string | null;
  save: (update: StatusUpdate) => Promise<T>;
  onSaved: (saved: T) => void;
};

/** Sets the status of an anomaly or an incident, with a note. */
export function StatusForm<T>({ subject, status, ended, reviewed, note: savedNote, save, onSaved }: Props<T>) {
  const [note, setNote] = useState(savedNote ?? "");
  const update = useMutation({
    mutationFn: (next: AnomalyStatus) => save({ status: next, ...(note ? { note } : {}) }),
    onSuccess: (saved) => {
      // An incident's notes stand in its timeline, each with its own act: the next act has a note of its own.
      if (savedNote === undefined) setNote("");
      onSaved(saved);
    },
  });
  return (
    <div className="space-y-3">
      <Field label="Note" value={note} maxLength={2000} onChange={(event) => setNote(event.target.value)} />
      <div className="flex flex-wrap gap-2">
        {choicesFor({ status, ended, reviewed }).map((choice) => (
          <Button
            key={choice.status}
            title={choice.hint}
            disabled={update.isPending}
            onClick={() => update.mutate(choice.status)}
          >
            {choice.title(subject)}
          </Button>
        ))}
      </div>
      {update.isError && <Notice variant="bad" title={update.error.message} />}
    </div>
  );
}
