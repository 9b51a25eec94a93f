"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSaveRule } from "#components/alerts/queries.ts";
import { noisyRulesQuery, type Remedies, remediesQuery } from "#components/alerts/rule-queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { durationText } from "#lib/format/duration.ts";

type RemedyProps = { ruleId: number; before: number; remedy: Remedies["remedies"][number] };

function Remedy({ ruleId, before, remedy: { title, rule, alerts } }: RemedyProps) {
  const save = useSaveRule(ruleId);
  return (
    <li className="flex flex-wrap items-center justify-between gap-2 py-1.5 text-xs">
      <span className="figures">
        {title}: {alerts} in place of {before} alerts in the past week
        {save.isError && <span className="block text-bad">{save.error.message}</span>}
      </span>
      {save.isSuccess ? (
        <span className="text-good">Changed</span>
      ) : (
        <ConfirmButton
          act="Change rule"
          name={`${title}, change ${rule.name}`}
          question={`${title}?`}
          consequence={`In the past week ${rule.name} would have raised ${alerts} in place of ${before} alerts.`}
          disabled={save.isPending}
          onConfirm={() => save.mutate(rule)}
        />
      )}
    </li>
  );
}

function RemedyList({ ruleId }: { ruleId: number }) {
  const query = useQuery(remediesQuery(ruleId));
  if (query.isError) return <Notice variant="bad" title={query.error.message} />;
  if (!query.data) return <Skeleton className="h-16" />;
  const { alerts, remedies } = query.data;
  if (remedies.length === 0) return <p className="text-muted text-xs">No change of it would have made it quieter.</p>;
  return (
    <ul className="divide-y divide-line">
      {remedies.map((remedy) => (
        <Remedy key={remedy.title} ruleId={ruleId} before={alerts} remedy={remedy} />
      ))}
    </ul>
  );
}

/** Which rules called people most, and what would make them quieter. */
export function NoisyRules({ mayWrite }: { mayWrite: boolean }) {
  const { data = [] } = useQuery(noisyRulesQuery);
  const [opened, setOpened] = useState<number>();
  if (data.length === 0) return null;
  return (
    <Card>
      <CardTitle aside="past 7 days">Noisiest rules</CardTitle>
      <ul className="divide-y divide-line">
        {data.map(({ ruleId, rule, alerts, series, acknowledged, medianMs }) => (
          <li key={ruleId} className="py-2">
            <div className="flex flex-wrap items-center justify-between gap-2">
              <span className="min-w-0">
                <span className="font-medium">{rule}</span>
                <span className="figures block text-muted text-xs">
                  {alerts} alerts of {series} series, {acknowledged} acknowledged, half of them over within{" "}
                  {durationText(medianMs)}
                </span>
              </span>
              {mayWrite && (
                <Button
                  className="h-8"
                  aria-expanded={opened === ruleId}
                  aria-label={`Find remedies for ${rule}`}
                  onClick={() => setOpened(opened === ruleId ? undefined : ruleId)}
                >
                  Find remedies
                </Button>
              )}
            </div>
            {opened === ruleId && <RemedyList ruleId={ruleId} />}
          </li>
        ))}
      </ul>
    </Card>
  );
}
