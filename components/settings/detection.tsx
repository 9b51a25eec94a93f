"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#components/layout/api.ts";
import { type DetectionDefaults, DetectionPreview } from "#components/settings/detection-preview.tsx";
import { SettingsTabs } from "#components/settings/settings-tabs.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { DetectionOverride } from "#lib/anomalies/overrides.ts";

type Props = {
  hosts: { id: number; name: string }[];
  metrics: string[];
  defaults: DetectionDefaults;
  writable: boolean;
};

const NOTHING = { enabled: null, sensitivity: null, threshold: null, seasonal: null };

function inWords({ enabled, sensitivity, threshold, seasonal }: DetectionOverride): string {
  if (enabled === false) return "not watched";
  const parts = [
    sensitivity === null ? "" : `sensitivity ${sensitivity}`,
    threshold === null ? "" : `threshold ${threshold}`,
    seasonal === null ? "" : seasonal ? "with seasons" : "without seasons",
  ];
  return parts.filter(Boolean).join(", ") || "watched";
}

/** Overrides by metric and host, each with its noise budget. */
export function Detection({ hosts, metrics, defaults, writable }: Props) {
  const client = useQueryClient();
  const queryKey = ["overrides"];
  const { data, error, isError, refetch } = useQuery({
    queryKey,
    queryFn: ({ signal }) => api<DetectionOverride[]>("/detection/overrides", { signal }),
  });
  const save = async (override: DetectionOverride) =>
    client.setQueryData(
      queryKey,
      await api<DetectionOverride[]>("/detection/overrides", { method: "PUT", body: override }),
    );
  const hostName = (id: number) =>
    id === 0 ? "all hosts" : (hosts.find((host) => host.id === id)?.name ?? `host ${id}`);
  return (
    <>
      <PageTitle>Settings</PageTitle>
      <SettingsTabs />
      <div className="grid max-w-5xl items-start gap-3 lg:grid-cols-2">
        <DetectionPreview hosts={hosts} metrics={metrics} defaults={defaults} writable={writable} onSave={save} />
        <Card>
          <CardTitle>Overrides</CardTitle>
          {isError && !data && <Failure what="The overrides" error={error} onRetry={() => void refetch()} />}
          {!data && !isError && <Skeleton className="h-20" />}
          {data?.length === 0 && (
            <p className="text-muted">
              None: every metric is watched as General says. Try one in the noise budget and save it.
            </p>
          )}
          <ul className="divide-y divide-line">
            {data?.map((one) => (
              <li key={`${one.hostId} ${one.metric}`} className="flex items-center justify-between gap-3 py-2">
                <span className="min-w-0">
                  <span className="block truncate font-medium">{one.metric}</span>
                  <span className="figures block text-muted text-xs">
                    {hostName(one.hostId)} · {inWords(one)}
                  </span>
                </span>
                {writable && (
                  <Button
                    variant="danger"
                    className="h-8"
                    aria-label={`Remove the override of ${one.metric} on ${hostName(one.hostId)}`}
                    onClick={() => void save({ ...one, ...NOTHING })}
                  >
                    Remove
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </Card>
      </div>
    </>
  );
}
