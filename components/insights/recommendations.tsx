"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { SEVERITY_VARIANT } from "#components/anomalies/labels.ts";
import { EvidenceList } from "#components/insights/evidence.tsx";
import type { InsightsNow, RecommendationNow } from "#components/insights/types.ts";
import { api } from "#components/layout/api.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { formatText } from "#lib/format/value.ts";
import type { Worded } from "#lib/insights/wording.ts";

const CHOICES = [
  { status: "done", title: "Done" },
  { status: "snoozed", title: "Snooze a week" },
  { status: "dismissed", title: "Dismiss" },
  { status: "open", title: "Open again" },
] as const;

function Helped({ one }: { one: RecommendationNow }) {
  const [figure] = one.evidence;
  if (!one.helped || !figure) return null;
  const text = (value: number) => formatText(value, figure.unit, figure.rate);
  return (
    <p className="figures mt-2 text-xs">
      Measured since it was done: {figure.label.toLowerCase()} {text(one.helped.since)}, then {text(one.helped.before)}
    </p>
  );
}

function Words({ host, name }: { host: number; name: string }) {
  const { data } = useQuery({
    queryKey: ["words", host, name],
    queryFn: ({ signal }) => api<Worded>(`/insights/words?host=${host}&key=${encodeURIComponent(name)}`, { signal }),
  });
  if (!data) return null;
  return (
    <p className="mt-2">
      {data.text}
      {data.by === "model" && (
        <span className="text-muted text-xs"> (worded by a language model, figures checked)</span>
      )}
    </p>
  );
}

type Props = { host: number; one: RecommendationNow; decides: boolean; onDecided: (now: InsightsNow) => void };

function Recommendation({ host, one, decides, onDecided }: Props) {
  const [open, setOpen] = useState(false);
  const decide = useMutation({
    mutationFn: (status: string) =>
      api<InsightsNow>(`/insights/recommendations?host=${host}`, { method: "PATCH", body: { key: one.key, status } }),
    onSuccess: onDecided,
  });
  return (
    <li className="py-3">
      <div className="mb-1 flex flex-wrap items-center gap-2">
        <h3 className="font-medium">{one.title}</h3>
        <Badge variant={SEVERITY_VARIANT[one.severity] ?? "plain"}>{one.severity}</Badge>
        {one.status !== "open" && (
          <Badge>
            {one.status}
            {one.until ? ` until ${formatDateTime(one.until)}` : ""}
          </Badge>
        )}
      </div>
      <EvidenceList evidence={one.evidence} />
      <p className="mt-1 text-muted text-xs">{one.gain}</p>
      <Helped one={one} />
      {open && (
        <div className="mt-2 text-sm">
          <Words host={host} name={one.key} />
          <ol className="mt-2 list-decimal space-y-1 pl-5">
            {one.how.map((step) => (
              <li key={step} className="break-words">
                {step}
              </li>
            ))}
          </ol>
          <p className="mt-2 text-muted text-xs">To undo: {one.undo}</p>
        </div>
      )}
      <div className="mt-2 flex flex-wrap gap-2">
        <Button variant="quiet" className="h-8" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Less" : "Why and how"}
        </Button>
        {decides &&
          CHOICES.filter(({ status }) => status !== one.status).map(({ status, title }) => (
            <Button key={status} className="h-8" disabled={decide.isPending} onClick={() => decide.mutate(status)}>
              {title}
            </Button>
          ))}
      </div>
      {decide.isError && <Notice variant="bad" className="mt-2" title={decide.error.message} />}
    </li>
  );
}

/** What is worth doing; what was decided on lies folded below. */
export function Recommendations(props: Omit<Props, "one"> & { all: RecommendationNow[] }) {
  const { all, ...rest } = props;
  const [open, decided] = [
    all.filter(({ status }) => status === "open"),
    all.filter(({ status }) => status !== "open"),
  ];
  return (
    <Card>
      <CardTitle aside={<span className="figures">{open.length}</span>}>Recommendations</CardTitle>
      {open.length === 0 && (
        <Notice title="Nothing to recommend">
          Nothing fills, leaks, saturates or expires as far as the past three weeks tell.
        </Notice>
      )}
      <ul className="divide-y divide-line">
        {open.map((one) => (
          <Recommendation key={one.key} one={one} {...rest} />
        ))}
      </ul>
      {decided.length > 0 && (
        <details className="mt-2">
          <summary className="cursor-pointer text-muted text-xs">Decided on: {decided.length}</summary>
          <ul className="divide-y divide-line">
            {decided.map((one) => (
              <Recommendation key={one.key} one={one} {...rest} />
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}
