"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { type DetectionOverride, detectionPreviewQuery, type PreviewInput } from "#components/settings/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Cancellable } from "#components/ui/cancellable.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { orLost } from "#components/ui/lost.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { plural } from "#lib/format/plural.ts";
import { metricTitle } from "#lib/metrics/titles.ts";

/** Comes with the first preview. */
const DayBars = dynamic(
  orLost(() => import("#components/settings/day-bars.tsx").then((bars) => bars.DayBars)),
  {
    ssr: false,
    loading: () => <Skeleton className="h-30" />,
  },
);

export type DetectionDefaults = { sensitivity: number; seasonal: boolean };

type Props = {
  hosts: { id: number; name: string }[];
  metrics: string[];
  defaults: DetectionDefaults;
  writable: boolean;
  onSave: (override: DetectionOverride) => Promise<unknown>;
};

type Choice = {
  host: string;
  metric: string;
  sensitivity: string;
  seasonal: boolean;
  enabled: boolean;
};

function ExpectedAlerts({ input, onStop }: { input: PreviewInput; onStop: () => void }) {
  const { data, isError, error, isFetching } = useQuery(detectionPreviewQuery(input));
  if (isError) return <Notice variant="bad" title={error.message} />;
  if (isFetching || !data) return <Cancellable act="Cancel preview" className="h-24" onCancel={onStop} />;
  const days = data.byDay.map(({ at, raised }) => ({ at, count: raised }));
  return (
    <div role="status">
      <p className="figures mb-2 font-medium">
        {plural(data.raised, "anomaly", "anomalies")} in {plural(data.days, "day")}, at most {data.worstDay} per day
      </p>
      {days.length > 0 ? (
        <DayBars title="Expected anomalies per day" name="anomalies" days={days} />
      ) : (
        <p className="text-muted">No samples in this time.</p>
      )}
    </div>
  );
}

type FieldsProps = Pick<Props, "hosts" | "metrics"> & {
  choice: Choice;
  onChange: (part: Partial<Choice>) => void;
};

function PolicyFields({ hosts, metrics, choice, onChange }: FieldsProps) {
  return (
    <div className="mb-3 grid gap-3 sm:grid-cols-2">
      <Select
        label="Host"
        value={choice.host}
        onChange={(event) => onChange({ host: event.target.value })}
        options={[
          { value: "0", title: "All hosts (preview of the first)" },
          ...hosts.map(({ id, name }) => ({ value: String(id), title: name })),
        ]}
      />
      <Select
        label="Metric"
        value={choice.metric}
        onChange={(event) => onChange({ metric: event.target.value })}
        options={metrics.map((metric) => ({ value: metric, title: metricTitle(metric) }))}
      />
      <Field
        label="Sensitivity"
        hint="Empty: as in General"
        type="number"
        min={0}
        max={10}
        step="0.5"
        unit="0–10"
        value={choice.sensitivity}
        onChange={(event) => onChange({ sensitivity: event.target.value })}
      />
      <Checkbox
        label="Seasonality"
        hint="Compare with the same time of day and week as well"
        checked={choice.seasonal}
        onChange={(event) => onChange({ seasonal: event.target.checked })}
      />
      <Checkbox
        label="Detection"
        hint="Off: no anomalies of this metric"
        checked={choice.enabled}
        onChange={(event) => onChange({ enabled: event.target.checked })}
      />
    </div>
  );
}

/** How anomalies of a metric are detected, and what that would have raised of the past 30 days, before it is saved. */
export function DetectionPreview({ hosts, metrics, defaults, writable, onSave }: Props) {
  const [choice, setChoice] = useState<Choice>({
    host: "0",
    metric: metrics.includes("cpu.usage") ? "cpu.usage" : (metrics[0] ?? ""),
    sensitivity: String(defaults.sensitivity),
    seasonal: defaults.seasonal,
    enabled: true,
  });
  const [previewed, setPreviewed] = useState<PreviewInput>();
  const [failure, setFailure] = useState("");
  const { metric, enabled, seasonal } = choice;
  const sensitivity = choice.sensitivity === "" ? null : Number(choice.sensitivity);
  const preview = () => {
    const host = Number(choice.host) || hosts[0]?.id;
    setPreviewed({
      ...{ host, metric, seasonal },
      ...(sensitivity === null ? {} : { sensitivity }),
    });
  };
  const save = () =>
    onSave({ hostId: Number(choice.host), metric, enabled, sensitivity, seasonal }).then(
      () => {
        setFailure("");
        setPreviewed(undefined);
      },
      (error: Error) => setFailure(error.message),
    );
  return (
    <Card>
      <CardTitle aside="by the past 30 days">Expected anomalies</CardTitle>
      <PolicyFields {...{ hosts, metrics, choice }} onChange={(part) => setChoice({ ...choice, ...part })} />
      <div className="mb-3 flex flex-wrap gap-2">
        <Button onClick={preview}>Preview anomalies</Button>
        {writable && (
          <Button variant="primary" onClick={() => void save()}>
            Save override
          </Button>
        )}
      </div>
      {failure && <Notice variant="bad" className="mb-3" title={failure} />}
      {previewed && (
        <ExpectedAlerts key={JSON.stringify(previewed)} input={previewed} onStop={() => setPreviewed(undefined)} />
      )}
    </Card>
  );
}
