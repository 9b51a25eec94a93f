"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { AnomalyList } from "#components/anomalies/anomaly-list.tsx";
import { type AnomalyFilters, FilterBar, filterQuery, useAnomalyFilters } from "#components/anomalies/filters.tsx";
import { IncidentList } from "#components/anomalies/incident-list.tsx";
import { anomaliesQuery, incidentsQuery } from "#components/anomalies/queries.ts";
import { AnomalyTimeline } from "#components/anomalies/timeline.tsx";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import type { ExportRequest } from "#lib/contract/export-requests.ts";

const LIMIT = 200;

/** The list that is shown, as a request for an export. */
function exportRequest(filters: AnomalyFilters): ExportRequest {
  const { range, anomalies } = filterQuery(filters);
  return filters.view === "Incidents" ? { kind: "incidents", ...range } : { kind: "anomalies", ...anomalies };
}

function ListCard({ title, total, children }: { title: string; total: number | undefined; children: ReactNode }) {
  return (
    <Card>
      <CardTitle aside={total !== undefined && <span className="figures">{total}</span>}>{title}</CardTitle>
      {children}
    </Card>
  );
}

function Incidents({ filters }: { filters: AnomalyFilters }) {
  const query = useQuery(incidentsQuery({ ...filterQuery(filters).range, limit: LIMIT }));
  return (
    <ListCard title="Incidents" total={query.data?.length}>
      <QueryView query={query} what="The incidents" empty={<Nothing what="incidents" />}>
        {(incidents) => <IncidentList incidents={incidents} />}
      </QueryView>
    </ListCard>
  );
}

function AllAnomalies({ filters }: { filters: AnomalyFilters }) {
  const query = useQuery(anomaliesQuery({ ...filterQuery(filters).anomalies, limit: LIMIT }));
  return (
    <ListCard title="Anomalies" total={query.data?.total}>
      <QueryView
        query={query}
        what="The anomalies"
        isEmpty={({ total }) => total === 0}
        empty={<Nothing what="anomalies" />}
      >
        {({ anomalies }) => <AnomalyList anomalies={anomalies} />}
      </QueryView>
    </ListCard>
  );
}

function Nothing({ what }: { what: string }) {
  return (
    <Notice title={`No ${what} in this range`}>
      Each series is compared with its own past, so a new host raises little in its first hours. Thresholds and
      sensitivity are in Settings, Detection, with a preview of the expected alerts.
    </Notice>
  );
}

export function Anomalies({ hosts }: { hosts: { id: number; name: string }[] }) {
  const { filters } = useAnomalyFilters();
  return (
    <>
      <PageTitle
        note="Unusual values, and hosts that send nothing"
        aside={<ExportDialog what={filters.view.toLowerCase()} request={exportRequest(filters)} />}
      >
        Anomalies
      </PageTitle>
      <FilterBar hosts={hosts} />
      <AnomalyTimeline span={filters.span} host={filters.host ?? undefined} className="mb-3" />
      {filters.view === "Incidents" ? <Incidents filters={filters} /> : <AllAnomalies filters={filters} />}
    </>
  );
}
