"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Silence, silencesQuery, useCreateSilence, useEndSilence } from "#components/alerts/queries.ts";
import { ApiError } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { durationText } from "#lib/format/duration.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const LENGTHS = [30 * MINUTE_MS, 2 * HOUR_MS, 8 * HOUR_MS, DAY_MS, 7 * DAY_MS].map((ms) => ({
  value: String(ms),
  title: durationText(ms),
}));

function Item({ silence, mayEnd }: { silence: Silence; mayEnd: boolean }) {
  const end = useEndSilence();
  const { id, matchers, comment, startsAt, endsAt, author } = silence;
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-72 space-y-0.5">
        <code className="block break-all text-sm">{matchers}</code>
        <p className="break-words text-xs">{comment}</p>
        <p className="figures text-muted text-xs">
          {author ?? "an account that is gone"} · <DateTime at={startsAt} /> to <DateTime at={endsAt} />
        </p>
        {end.isError && (
          <p role="alert" className="text-bad text-xs">
            {end.error.message}
          </p>
        )}
      </div>
      {mayEnd && (
        <ConfirmButton
          act="End silence"
          question="End this silence?"
          consequence="What it held back is sent, where it still goes on."
          disabled={end.isPending}
          onConfirm={() => end.mutate(id)}
        />
      )}
    </li>
  );
}

function Create() {
  const create = useCreateSilence();
  const [draft, setDraft] = useState({ matchers: "", comment: "", lengthMs: String(2 * HOUR_MS) });
  const problem = (field: string) => (create.error instanceof ApiError ? create.error.field(field) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { lengthMs, ...rest } = draft;
    const endsAt = new Date(Date.now() + Number(lengthMs));
    create.mutate({ ...rest, endsAt }, { onSuccess: () => setDraft({ ...draft, matchers: "", comment: "" }) });
  };
  return (
    <form className="mt-4 space-y-3 border-line border-t pt-4" onSubmit={submit}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Alerts with the labels"
          hint={'host="db-01", severity=~"info|warning"; rule and series are labels too'}
          error={problem("matchers")}
          value={draft.matchers}
          onChange={(event) => setDraft({ ...draft, matchers: event.target.value })}
        />
        <Select
          label="For"
          options={LENGTHS}
          value={draft.lengthMs}
          onChange={(event) => setDraft({ ...draft, lengthMs: event.target.value })}
        />
      </div>
      <Field
        label="Why"
        error={problem("comment")}
        value={draft.comment}
        onChange={(event) => setDraft({ ...draft, comment: event.target.value })}
      />
      {create.isError && <Notice variant="bad" title={create.error.message} />}
      <Button type="submit" variant="primary" disabled={create.isPending}>
        Create silence
      </Button>
    </form>
  );
}

/** What sends no notifications for a while. */
export function Silences({ maySilence }: { maySilence: boolean }) {
  const query = useQuery(silencesQuery);
  return (
    <Card>
      <CardTitle>Silences</CardTitle>
      <QueryView
        query={query}
        what="The silences"
        skeleton={<Skeleton className="h-20" />}
        empty={
          <p className="text-muted text-xs">
            No silences hold. While one does, the alerts that it matches send no notifications; they stand on the page
            all the same.
          </p>
        }
      >
        {(silences) => (
          <ul className="divide-y divide-line">
            {silences.map((silence) => (
              <Item key={silence.id} silence={silence} mayEnd={maySilence} />
            ))}
          </ul>
        )}
      </QueryView>
      {maySilence && <Create />}
    </Card>
  );
}
