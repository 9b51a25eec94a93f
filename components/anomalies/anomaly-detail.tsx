"use client";

import Link from "next/link";
import { useState } from "react";
import { formatDuration, STATUS_TITLE } from "#components/anomalies/labels.ts";
import { ScoreChart } from "#components/anomalies/score-chart.tsx";
import { StatusBadges } from "#components/anomalies/status-badges.tsx";
import { StatusForm } from "#components/anomalies/status-form.tsx";
import type { Anomaly } from "#components/anomalies/types.ts";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { samplesBetween } from "#components/exports/request.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { formatText } from "#lib/format/value.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";
import { DAY_MS } from "#lib/time/durations.ts";

type Props = { anomaly: Anomaly; unit: Unit; rate: boolean; decides: boolean };

/** An anomaly is taken along with what was usual before and after. */
const AROUND_MS = DAY_MS;

function Figures({ anomaly, unit, rate }: Pick<Props, "anomaly" | "unit" | "rate">) {
  const figure = (value: number) => formatText(value, unit, rate);
  const facts: [string, string][] = [
    ["Value", figure(anomaly.value)],
    ["Usual", figure(anomaly.expected)],
    ["Usual distance from that", figure(anomaly.deviation)],
    ["Score", anomaly.score.toFixed(2)],
    ["Confidence that it is true", `${Math.round(anomaly.confidence * 100)} %`],
    ["Began", formatDateTime(anomaly.detectedAt)],
    ["Lasted", formatDuration(anomaly.detectedAt, anomaly.endedAt)],
  ];
  return (
    <Card>
      <CardTitle
        aside={
          <Link className="underline" href={`/anomalies/incidents/${anomaly.incidentId}?host=${anomaly.hostId}`}>
            its incident
          </Link>
        }
      >
        Figures
      </CardTitle>
      <dl className="figures grid grid-cols-[1fr_auto] gap-x-4 gap-y-1.5">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="text-right">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

/** One anomaly: why it was raised, the score beside the series, and what was decided. */
export function AnomalyDetail({ anomaly: initial, unit, rate, decides }: Props) {
  const [anomaly, setAnomaly] = useState(initial);
  const { detectedAt, lastAt, severity, status, type } = anomaly;
  const [began, ended] = [Date.parse(detectedAt), Date.parse(lastAt)];
  return (
    <>
      <PageTitle
        note={`${anomaly.host} · ${formatDateTime(detectedAt)}`}
        aside={
          <span className="flex items-center gap-3">
            <ExportDialog
              what="samples"
              request={samplesBetween(anomaly.hostId, [String(anomaly.seriesId)], began - AROUND_MS, ended + AROUND_MS)}
            />
            <StatusBadges type={type} severity={severity} status={status} />
          </span>
        }
      >
        {anomaly.series}
      </PageTitle>
      <p className="figures mb-4 text-base">{anomaly.reason}</p>
      <div className="grid gap-3 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <ScoreChart
          hostId={anomaly.hostId}
          id={anomaly.id}
          title={anomaly.series}
          marked={{ from: began, to: ended }}
        />
        <div className="space-y-3">
          <Figures {...{ anomaly, unit, rate }} />
          <Card>
            <CardTitle aside={anomaly.statusAt && `since ${formatDateTime(anomaly.statusAt)}`}>
              {STATUS_TITLE[status]}
            </CardTitle>
            {anomaly.note && <p className="mb-3">{anomaly.note}</p>}
            {decides && (
              <StatusForm<Anomaly>
                path={`/anomalies/${anomaly.id}?host=${anomaly.hostId}`}
                status={status}
                note={anomaly.note}
                onDecided={setAnomaly}
              />
            )}
          </Card>
        </div>
      </div>
    </>
  );
}
