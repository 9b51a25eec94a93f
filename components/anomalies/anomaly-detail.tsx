"use client";

import { type ReactNode, useState } from "react";
import { formatDuration, STATUS_TITLE } from "#components/anomalies/labels.ts";
import type { Anomaly } from "#components/anomalies/queries.ts";
import { ScoreChart } from "#components/anomalies/score-chart.tsx";
import { StatusBadges } from "#components/anomalies/status-badges.tsx";
import { StatusForm } from "#components/anomalies/status-form.tsx";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { samplesBetween } from "#components/exports/request.ts";
import { call } from "#components/layout/api.ts";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import * as contract from "#lib/contract/index.ts";
import { formatText } from "#lib/format/value.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** The minutes in which it began. */
const AROUND_BEGIN_MS = 2 * MINUTE_MS;

type Props = { anomaly: Anomaly; unit: Unit; rate: boolean; mayDecide: boolean };

/** An export of an anomaly's samples includes this much before and after it. */
const AROUND_MS = DAY_MS;

function Figures({ anomaly, unit, rate }: Pick<Props, "anomaly" | "unit" | "rate">) {
  const figure = (value: number) => formatText(value, unit, rate);
  const measured: [string, ReactNode][] = [
    ["Value", figure(anomaly.value)],
    ["Expected", figure(anomaly.expected)],
    ["Typical deviation", figure(anomaly.deviation)],
    ["Anomaly score", `${Math.round(anomaly.score * 100)} %`],
    ["Confidence", `${Math.round(anomaly.confidence * 100)} %`],
  ];
  const facts: [string, ReactNode][] = [
    ...(anomaly.type === "no_data" ? [] : measured),
    ["Started", <DateTime key="started" at={anomaly.detectedAt} />],
    ["Duration", formatDuration({ from: anomaly.detectedAt, to: anomaly.endedAt, lastAt: anomaly.lastAt })],
  ];
  return (
    <Card>
      <CardTitle
        aside={
          <Link className="underline" href={`/anomalies/incidents/${anomaly.incidentId}?host=${anomaly.hostId}`}>
            View incident
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

function StatusCard({
  anomaly,
  mayDecide,
  onSaved,
}: {
  anomaly: Anomaly;
  mayDecide: boolean;
  onSaved: (saved: Anomaly) => void;
}) {
  const { id, hostId, status, statusAt, note, endedAt, reviewed } = anomaly;
  return (
    <Card>
      <CardTitle
        aside={
          statusAt && (
            <>
              since <DateTime at={statusAt} />
            </>
          )
        }
      >
        Status: {STATUS_TITLE[status]}
      </CardTitle>
      {note && <p className="mb-3">{note}</p>}
      {mayDecide && (
        <StatusForm
          subject="anomaly"
          status={status}
          ended={endedAt !== null}
          reviewed={reviewed}
          note={note}
          save={(body) => call(contract.anomalies.update, { params: { id }, query: { host: hostId }, body })}
          onSaved={onSaved}
        />
      )}
    </Card>
  );
}

/** An anomaly: why it was raised, the score beside the series, and its status. */
export function AnomalyDetail({ anomaly: initial, unit, rate, mayDecide }: Props) {
  const [anomaly, setAnomaly] = useState(initial);
  const { hostId, series, detectedAt, lastAt } = anomaly;
  const [from, to] = [detectedAt.getTime(), lastAt.getTime()];
  return (
    <>
      <PageTitle
        note={<code className="break-all">{series}</code>}
        aside={
          <span className="flex flex-wrap items-center gap-3">
            <ExportDialog
              what="samples"
              request={samplesBetween(hostId, [String(anomaly.seriesId)], from - AROUND_MS, to + AROUND_MS)}
            />
            <StatusBadges
              type={anomaly.type}
              severity={anomaly.severity}
              status={anomaly.status}
              reviewed={anomaly.reviewed}
            />
          </span>
        }
      >
        {anomaly.host}: {seriesTitle(series)}
      </PageTitle>
      <p className="figures mb-4 text-base">
        {anomaly.reason}{" "}
        <Link
          href={`/hosts/${hostId}?processes=${from - AROUND_BEGIN_MS}-${from + AROUND_BEGIN_MS}`}
          className="whitespace-nowrap text-accent text-xs underline"
        >
          Show the processes of that time
        </Link>
      </p>
      <div className="grid gap-3 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <ScoreChart anomaly={anomaly} title={seriesTitle(series)} />
        <div className="space-y-3">
          <Figures {...{ anomaly, unit, rate }} />
          <StatusCard anomaly={anomaly} mayDecide={mayDecide} onSaved={setAnomaly} />
        </div>
      </div>
    </>
  );
}
