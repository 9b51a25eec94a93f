"use client";

import { useQuery } from "@tanstack/react-query";
import { WEEKDAYS } from "#components/alerts/labels.ts";
import { type Silence, silencesQuery, useEndSilence } from "#components/alerts/queries.ts";
import { SilenceForm } from "#components/alerts/silence-form.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { durationText } from "#lib/format/duration.ts";

function recurrenceText({ at, durationMs, weekdays, monthDays, zone }: NonNullable<Silence["recurrence"]>): string {
  const days = [...weekdays.map((day) => WEEKDAYS[day - 1]), ...monthDays.map((day) => `the ${day}.`)];
  return `${days.length > 0 ? `every ${days.join(", ")}` : "every day"} at ${at} (${zone}) for ${durationText(durationMs)}`;
}

function Item({ silence, mayEnd }: { silence: Silence; mayEnd: boolean }) {
  const end = useEndSilence();
  const { id, matchers, comment, startsAt, endsAt, author, maintenance, recurrence, next } = silence;
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-72 space-y-0.5">
        <code className="block break-all text-sm">{matchers}</code>
        <p className="break-words text-xs">
          {maintenance && <Badge>maintenance</Badge>} {comment}
        </p>
        <p className="figures text-muted text-xs">
          {author ?? "an account that is gone"} · <DateTime at={startsAt} /> to <DateTime at={endsAt} />
          {recurrence && next && (
            <>
              {" "}
              · {recurrenceText(recurrence)}, next <DateTime at={next.from} />
            </>
          )}
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

/** What sends no notifications for a while. */
export function Silences({ maySilence }: { maySilence: boolean }) {
  const query = useQuery(silencesQuery);
  return (
    <Card>
      <CardTitle>Silences and maintenance</CardTitle>
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
      {maySilence && <SilenceForm />}
    </Card>
  );
}
