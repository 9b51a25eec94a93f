"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";

const CHOICES = [
  { status: "acknowledged", title: "Acknowledge", hint: "Somebody looks into it" },
  { status: "resolved", title: "Resolve", hint: "It is dealt with" },
  { status: "false_alarm", title: "False alarm", hint: "The same pattern needs more evidence from now on" },
  { status: "open", title: "Open again", hint: "" },
] as const;

type Props<T> = { path: string; status: string; note?: string | null; onDecided: (now: T) => void };

/** What somebody makes of an anomaly or an incident. */
export function StatusForm<T>({ path, status, note: was, onDecided }: Props<T>) {
  const [note, setNote] = useState(was ?? "");
  const decide = useMutation({
    mutationFn: (next: string) => api<T>(path, { method: "PATCH", body: { status: next, ...(note ? { note } : {}) } }),
    onSuccess: onDecided,
  });
  return (
    <div className="space-y-3">
      <Field label="Note" value={note} maxLength={2000} onChange={(event) => setNote(event.target.value)} />
      <div className="flex flex-wrap gap-2">
        {CHOICES.filter((choice) => choice.status !== status).map((choice) => (
          <Button
            key={choice.status}
            title={choice.hint}
            disabled={decide.isPending}
            onClick={() => decide.mutate(choice.status)}
          >
            {choice.title}
          </Button>
        ))}
      </div>
      {decide.isError && <Notice variant="bad" title={decide.error.message} />}
    </div>
  );
}
