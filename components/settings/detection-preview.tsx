"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CountBars } from "#components/charts/count-bars.tsx";
import { api } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { DetectionPreview as Preview } from "#lib/anomalies/backtest.ts";
import type { DetectionOverride } from "#lib/anomalies/overrides.ts";
import { DAY_MS } from "#lib/time/durations.ts";

export type DetectionDefaults = { sensitivity: number; seasonal: boolean; limits: Record<string, number> };

type Props = {
  hosts: { id: number; name: string }[];
  metrics: string[];
  defaults: DetectionDefaults;
  writable: boolean;
  onSave: (override: DetectionOverride) => Promise<unknown>;
};

type Choice = { host: string; metric: string; sensitivity: string; limit: string; seasonal: boolean; enabled: boolean };

const plural = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;

function Budget({ asked, onStop }: { asked: URLSearchParams; onStop: () => void }) {
  const { data, isError, error, isFetching } = useQuery({
    queryKey: ["preview", asked.toString()],
    queryFn: ({ signal }) => api<Preview>(`/detection/preview?${asked}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (isError) return <Notice variant="bad" title={error.message} />;
  if (isFetching || !data)
    return (
      <div>
        <Skeleton className="h-24" />
        <Button variant="quiet" className="mt-2 h-8" onClick={onStop}>
          Cancel
        </Button>
      </div>
    );
  const steps = data.byDay.map(({ at, raised }) => ({ at, info: 0, warning: raised, critical: 0 }));
  return (
    <div role="status">
      <p className="figures mb-2 font-medium">
        {plural(data.raised, "alarm")} in {plural(data.days, "day")}, {data.worstDay} a day at worst
      </p>
      {steps.length > 0 ? (
        <CountBars title="Alarms a day" steps={steps} stepMs={DAY_MS} />
      ) : (
        <p className="text-muted">No sample in that time.</p>
      )}
    </div>
  );
}

/** How a metric is watched, and what that would have raised of the past 30 days, before it is saved. */
export function DetectionPreview({ hosts, metrics, defaults, writable, onSave }: Props) {
  const [choice, setChoice] = useState<Choice>({
    host: "0",
    metric: metrics.includes("cpu.usage") ? "cpu.usage" : (metrics[0] ?? ""),
    sensitivity: String(defaults.sensitivity),
    limit: String(defaults.limits["cpu.usage"] ?? ""),
    seasonal: defaults.seasonal,
    enabled: true,
  });
  const [asked, setAsked] = useState<URLSearchParams>();
  const [failure, setFailure] = useState("");
  const change = (part: Partial<Choice>) => setChoice({ ...choice, ...part });
  const preview = () => {
    const { host, metric, sensitivity, limit, seasonal } = choice;
    const search = new URLSearchParams({ metric, sensitivity, seasonal: String(seasonal) });
    if (limit !== "") search.set("limit", limit);
    if (host !== "0") search.set("host", host);
    setAsked(search);
  };
  const save = () =>
    onSave({
      hostId: Number(choice.host),
      metric: choice.metric,
      enabled: choice.enabled,
      sensitivity: Number(choice.sensitivity),
      threshold: choice.limit === "" ? null : Number(choice.limit),
      seasonal: choice.seasonal,
    }).then(
      () => setFailure(""),
      (error: Error) => setFailure(error.message),
    );
  return (
    <Card>
      <CardTitle aside="the past 30 days, replayed">Noise budget</CardTitle>
      <div className="mb-3 grid gap-3 sm:grid-cols-2">
        <Select
          label="Host"
          value={choice.host}
          onChange={(event) => change({ host: event.target.value })}
          options={[
            { value: "0", title: "All hosts (preview: the first)" },
            ...hosts.map(({ id, name }) => ({ value: String(id), title: name })),
          ]}
        />
        <Select
          label="Metric"
          value={choice.metric}
          onChange={(event) =>
            change({ metric: event.target.value, limit: String(defaults.limits[event.target.value] ?? "") })
          }
          options={metrics.map((metric) => ({ value: metric, title: metric }))}
        />
        <Field
          label="Sensitivity"
          type="number"
          min={0}
          max={10}
          step="0.5"
          unit="0–10"
          value={choice.sensitivity}
          onChange={(event) => change({ sensitivity: event.target.value })}
        />
        <Field
          label="Limit"
          hint="Empty: none"
          type="number"
          step="any"
          value={choice.limit}
          onChange={(event) => change({ limit: event.target.value })}
        />
        <Checkbox
          label="Seasons"
          hint="Judge by the time of day and week too"
          checked={choice.seasonal}
          onChange={(event) => change({ seasonal: event.target.checked })}
        />
        <Checkbox
          label="Watched"
          hint="Off: this metric raises nothing"
          checked={choice.enabled}
          onChange={(event) => change({ enabled: event.target.checked })}
        />
      </div>
      <div className="mb-3 flex flex-wrap gap-2">
        <Button onClick={preview}>Preview</Button>
        {writable && (
          <Button variant="primary" onClick={() => void save()}>
            Save as an override
          </Button>
        )}
      </div>
      {failure && <Notice variant="bad" className="mb-3" title={failure} />}
      {asked && <Budget key={asked.toString()} asked={asked} onStop={() => setAsked(undefined)} />}
    </Card>
  );
}
