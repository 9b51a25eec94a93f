"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "#components/layout/api.ts";
import { type DetectionDefaults, DetectionPreview } from "#components/settings/detection-preview.tsx";
import { type DetectionOverride, overridesQuery } from "#components/settings/queries.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import * as contract from "#lib/contract/index.ts";
import { metricTitle } from "#lib/metrics/titles.ts";

type Props = {
  hosts: { id: number; name: string }[];
  metrics: string[];
  defaults: DetectionDefaults;
  writable: boolean;
};

const NOTHING = { enabled: null, sensitivity: null, seasonal: null };

function formatPolicy({ enabled, sensitivity, seasonal }: DetectionOverride): string {
  if (enabled === false) return "detection off";
  const parts = [
    sensitivity === null ? "" : `sensitivity ${sensitivity}`,
    seasonal === null ? "" : seasonal ? "with seasonality" : "without seasonality",
  ];
  return parts.filter(Boolean).join(", ") || "detection on";
}

type OverrideProps = { override: DetectionOverride; hostName: string; onRemove: (() => void) | undefined };

function Override({ override, hostName, onRemove }: OverrideProps) {
  const title = metricTitle(override.metric);
  return (
    <li className="flex items-center justify-between gap-3 py-2">
      <span className="min-w-0">
        <span className="block truncate font-medium" title={override.metric}>
          {title}
        </span>
        <span className="figures block text-muted text-xs">
          {hostName} · {formatPolicy(override)}
        </span>
      </span>
      {onRemove && (
        <ConfirmButton
          act="Remove override"
          name={`Remove the override of ${title} on ${hostName}`}
          question={`Remove the override of ${title} on ${hostName}?`}
          consequence="From then on the settings of all metrics hold for it."
          onConfirm={onRemove}
        />
      )}
    </li>
  );
}

/** Overrides by metric and host, and the expected alerts of a choice. */
export function Detection({ hosts, metrics, defaults, writable }: Props) {
  const client = useQueryClient();
  const query = useQuery(overridesQuery);
  const save = async (override: DetectionOverride) =>
    client.setQueryData(overridesQuery.queryKey, await call(contract.detection.saveOverride, { body: override }));
  const hostName = (id: number) =>
    id === 0 ? "all hosts" : (hosts.find((host) => host.id === id)?.name ?? `host ${id}`);
  return (
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
              No overrides: all metrics follow the General settings. Preview the expected alerts of a choice and save
              it.
            </p>
          }
        >
          {(overrides) => (
            <ul className="divide-y divide-line">
              {overrides.map((override) => (
                <Override
                  key={`${override.hostId} ${override.metric}`}
                  override={override}
                  hostName={hostName(override.hostId)}
                  onRemove={writable ? () => void save({ ...override, ...NOTHING }) : undefined}
                />
              ))}
            </ul>
          )}
        </QueryView>
      </Card>
    </div>
  );
}
