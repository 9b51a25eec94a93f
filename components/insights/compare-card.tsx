"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "#components/layout/api.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import type { Wire } from "#components/layout/wire.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { AnnotationInfo } from "#lib/annotations/annotations.ts";
import { pValueText, sharesBetween, signedShare } from "#lib/format/share.ts";
import { formatText } from "#lib/format/value.ts";
import type { Change } from "#lib/insights/trends.ts";

const SURE = 0.05;

function Changes({ changes }: { changes: Change[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="figures w-full min-w-[36rem] text-left text-xs">
        <thead className="text-muted">
          <tr>
            {["Series", "Expected", "Measured", "Change", "95 % interval", "p"].map((title, n) => (
              <th key={title} className={n === 0 ? "py-1 font-normal" : "py-1 pl-3 text-right font-normal"}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {changes.map((one) => (
            <tr key={one.id} className={one.p < SURE ? "" : "text-muted"}>
              <th scope="row" className="max-w-56 truncate py-1.5 font-normal">
                {one.name}
              </th>
              <td className="py-1.5 pl-3 text-right">{formatText(one.counterfactual, one.unit, one.rate)}</td>
              <td className="py-1.5 pl-3 text-right">{formatText(one.after, one.unit, one.rate)}</td>
              <td className="py-1.5 pl-3 text-right">{one.relative === null ? "–" : signedShare(one.relative)}</td>
              <td className="whitespace-nowrap py-1.5 pl-3 text-right">
                {one.relativeCi ? sharesBetween(one.relativeCi) : "–"}
              </td>
              <td className="py-1.5 pl-3 text-right">{pValueText(one.p)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AddMark({ host }: { host: number }) {
  const [text, setText] = useState("");
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: () => api("/annotations", { method: "POST", body: { text, kind: "deploy", hostId: host } }),
    onSuccess: () => {
      setText("");
      return client.invalidateQueries({ queryKey: ["annotations", host] });
    },
  });
  return (
    <form
      className="mt-3 flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Field
        className="min-w-48 flex-1"
        label="Mark a deploy or change now"
        value={text}
        maxLength={500}
        error={add.error?.message}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" disabled={add.isPending || text.trim() === ""}>
        Mark
      </Button>
    </form>
  );
}

type InstantProps = { annotations: Wire<AnnotationInfo>[] | undefined; onChoose: (at: string) => void };

function ChooseInstant({ annotations, onChoose }: InstantProps) {
  const [at, setAt] = useState("");
  return (
    <>
      <form
        className="mb-3 flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          onChoose(new Date(at).toISOString());
        }}
      >
        <Field
          className="w-56"
          type="datetime-local"
          label="Instant of the change"
          value={at}
          onChange={(event) => setAt(event.target.value)}
        />
        <Button type="submit" disabled={at === ""}>
          Compare
        </Button>
      </form>
      <ul className="mb-3 flex flex-wrap gap-1.5">
        {annotations?.slice(0, 8).map((mark) => (
          <li key={mark.id}>
            <Button variant="plain" className="h-7 text-xs" onClick={() => onChoose(mark.at)}>
              {mark.text} · {formatDateTime(mark.at)}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Did a deploy or change at an instant change anything? */
export function CompareCard({ host, marks }: { host: number; marks: boolean }) {
  const [instant, setInstant] = useState("");
  const annotations = useQuery({
    queryKey: ["annotations", host],
    queryFn: ({ signal }) => api<Wire<AnnotationInfo>[]>(`/annotations?host=${host}`, { signal }),
  });
  const changes = useQuery({
    queryKey: ["compare", host, instant],
    enabled: instant !== "",
    queryFn: ({ signal }) =>
      api<Change[]>(
        `/insights/compare?host=${host}&at=${encodeURIComponent(instant)}&zone=${encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone)}`,
        { signal },
      ),
  });
  return (
    <Card>
      <CardTitle aside="two weeks before against the day after">Before and after</CardTitle>
      <ChooseInstant annotations={annotations.data} onChoose={setInstant} />
      {changes.isError && <Notice variant="bad" title={changes.error.message} />}
      {changes.isFetching && <Skeleton className="h-24" />}
      {changes.data &&
        (changes.data.length > 0 ? (
          <Changes changes={changes.data} />
        ) : (
          <Notice title="Not enough is known around this instant">
            It takes six stretches before it that are as long as the time after, up to a day each.
          </Notice>
        ))}
      {!instant && (
        <p className="text-muted text-xs">Choose an instant, or a mark. Grey rows are within what chance does.</p>
      )}
      {marks && <AddMark host={host} />}
    </Card>
  );
}
