"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Annotation, annotationsQuery, type Change, compareQuery } from "#components/insights/queries.ts";
import { call } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime, useTimeFormat } from "#components/ui/time-format.tsx";
import * as contract from "#lib/contract/index.ts";
import { pValueText, sharesBetween, signedShare } from "#lib/format/share.ts";
import { formatText } from "#lib/format/value.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";

const ALPHA = 0.05;
const ANNOTATIONS_SHOWN = 8;
const COLUMNS = ["Series", "Expected", "Measured", "Change", "95 % interval", "p"];

function Changes({ changes }: { changes: Change[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="figures w-full min-w-[36rem] text-left text-xs">
        <thead className="text-muted">
          <tr>
            {COLUMNS.map((title, n) => (
              <th key={title} scope="col" className={n === 0 ? "py-1 font-normal" : "py-1 pl-3 text-right font-normal"}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {changes.map(({ id, name, unit, rate, counterfactual, after, relative, relativeCi, p }) => (
            <tr key={id} className={p < ALPHA ? "" : "text-muted"}>
              <th scope="row" title={name} className="max-w-56 truncate py-1.5 font-normal">
                {seriesTitle(name)}
              </th>
              <td className="py-1.5 pl-3 text-right">{formatText(counterfactual, unit, rate)}</td>
              <td className="py-1.5 pl-3 text-right">{formatText(after, unit, rate)}</td>
              <td className="py-1.5 pl-3 text-right">{relative === null ? "–" : signedShare(relative)}</td>
              <td className="whitespace-nowrap py-1.5 pl-3 text-right">
                {relativeCi ? sharesBetween(relativeCi) : "–"}
              </td>
              <td className="py-1.5 pl-3 text-right">{pValueText(p)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AddAnnotation({ host }: { host: number }) {
  const [text, setText] = useState("");
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: () => call(contract.annotations.create, { body: { text, kind: "deploy", hostId: host } }),
    onSuccess: () => {
      setText("");
      return client.invalidateQueries({ queryKey: annotationsQuery(host).queryKey });
    },
  });
  return (
    <Form
      className="mt-3 flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Field
        className="min-w-48 flex-1"
        label="Annotate a deploy or change made now"
        value={text}
        maxLength={500}
        error={add.error?.message}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" disabled={add.isPending || text.trim() === ""}>
        Add annotation
      </Button>
    </Form>
  );
}

type TimeProps = { annotations: Annotation[] | undefined; onChoose: (at: Date) => void };

function ChooseTime({ annotations, onChoose }: TimeProps) {
  const [at, setAt] = useState("");
  const time = useTimeFormat();
  return (
    <>
      <Form
        className="mb-3 flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          onChoose(new Date(time.fromInput(at)));
        }}
      >
        <Field
          className="w-56"
          type="datetime-local"
          label="Time of the change"
          value={at}
          onChange={(event) => setAt(event.target.value)}
        />
        <Button type="submit" disabled={at === ""}>
          Compare
        </Button>
      </Form>
      <ul className="mb-3 flex flex-wrap gap-1.5">
        {annotations?.slice(0, ANNOTATIONS_SHOWN).map((annotation) => (
          <li key={annotation.id}>
            <Button variant="plain" className="h-7 text-xs" onClick={() => onChoose(annotation.at)}>
              {annotation.text} · <DateTime at={annotation.at} />
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Comparison({ host, at }: { host: number; at: Date }) {
  const { zone } = useTimeFormat().style;
  const query = useQuery(compareQuery(host, at, zone));
  return (
    <QueryView
      query={query}
      what="The comparison"
      skeleton={<Skeleton className="h-24" />}
      empty={
        <Notice title="Not enough data around this time">
          The comparison needs six blocks of data before the change, each as long as the time since (a day at most).
        </Notice>
      }
    >
      {(changes) => <Changes changes={changes} />}
    </QueryView>
  );
}

/** Whether a deploy or another change made a difference to the metrics. */
export function CompareCard({ host, mayAnnotate }: { host: number; mayAnnotate: boolean }) {
  const [at, setAt] = useState<Date>();
  const annotations = useQuery(annotationsQuery(host));
  return (
    <Card>
      <CardTitle aside="14 days before, 1 day after">Before and after</CardTitle>
      <ChooseTime annotations={annotations.data} onChoose={setAt} />
      {annotations.isError && <Notice variant="bad" title={annotations.error.message} />}
      {at ? (
        <Comparison host={host} at={at} />
      ) : (
        <p className="text-muted text-xs">
          Choose a time or an annotation. Rows in grey have not changed significantly (p ≥ {ALPHA}).
        </p>
      )}
      {mayAnnotate && <AddAnnotation host={host} />}
    </Card>
  );
}
