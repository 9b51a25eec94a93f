"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "#components/layout/api.ts";
import { type DetectionDefaults, DetectionPreview } from "#components/settings/detection-preview.tsx";
import { type DetectionOverride, overridesQuery } from "#components/settings/queries.ts";
import { SettingsTabs } from "#components/settings/settings-tabs.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { contract } from "#lib/contract/index.ts";

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
  const query = useQuery(overridesQuery);
  const save = async (override: DetectionOverride) =>
    client.setQueryData(overridesQuery.queryKey, await call(contract.detection.saveOverride, { body: override }));
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
          <QueryView
            query={query}
            what="The overrides"
            skeleton={<Skeleton className="h-20" />}
            empty={
              <p className="text-muted">
                None: every metric is watched as General says. Try one in the noise budget and save it.
              </p>
            }
          >
            {(overrides) => (
              <ul className="divide-y divide-line">
                {overrides.map((override) => (
                  <li
                    key={`${override.hostId} ${override.metric}`}
                    className="flex items-center justify-between gap-3 py-2"
                  >
                    <span className="min-w-0">
                      <span className="block truncate font-medium">{override.metric}</span>
                      <span className="figures block text-muted text-xs">
                        {hostName(override.hostId)} · {inWords(override)}
                      </span>
                    </span>
                    {writable && (
                      <Button
                        variant="danger"
                        className="h-8"
                        aria-label={`Remove the override of ${override.metric} on ${hostName(override.hostId)}`}
                        onClick={() => void save({ ...override, ...NOTHING })}
                      >
                        Remove
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </QueryView>
        </Card>
      </div>
    </>
  );
}
