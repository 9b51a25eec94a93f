import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { firstData, question } from "#app/_access/first-data.ts";
import { hostParam, idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { GET as readGuide } from "#app/api/v1/incidents/[id]/guide/route.ts";
import { GET as readTimeline } from "#app/api/v1/incidents/[id]/timeline/route.ts";
import { GET as readValues } from "#app/api/v1/metrics/query/route.ts";
import { CHARTS_AT_ONCE } from "#components/anomalies/queries.ts";
import { aroundInput, aroundQuery } from "#components/charts/around-query.ts";
import { IncidentPage } from "#components/incidents/incident-page.tsx";
import { guideQuery, inputOf, timelineQuery } from "#components/incidents/queries.ts";
import { aroundAnomaly } from "#lib/anomalies/around.ts";
import { type IncidentInfo, readIncident } from "#lib/anomalies/list-incidents.ts";
import * as contract from "#lib/contract/index.ts";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { findHost } from "#lib/hosts/hosts.ts";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ host?: string }> };

async function incidentOf({ params, searchParams }: Props): Promise<IncidentInfo> {
  const id = idParam((await params).id) ?? NO_ID;
  const { id: host } = await orNotFound(findHost(database(), hostParam(await searchParams)));
  return orNotFound(readIncident(database(), host, id));
}

export const metadata: Metadata = { title: "Incident" };

export default async function OneIncidentPage(props: Props) {
  const { user } = await permitPage("anomalies:read");
  const incident = await incidentOf(props);
  const { hostId, anomalies } = incident;
  const first = await firstData([
    question(guideQuery(incident), contract.incidents.guide, inputOf(incident), readGuide),
    question(timelineQuery(incident), contract.incidents.timeline, inputOf(incident), readTimeline),
    ...anomalies
      .slice(0, CHARTS_AT_ONCE)
      .map(({ seriesId, ...anomaly }) => ({ hostId, seriesId, ...aroundAnomaly(anomaly) }))
      .map((around) => question(aroundQuery(around), contract.metrics.query, aroundInput(around), readValues)),
  ]);
  const me = may(user.role, "anomalies:decide") ? { id: user.id, name: user.name } : undefined;
  return (
    <HydrationBoundary state={first}>
      <IncidentPage incident={incident} me={me} />
    </HydrationBoundary>
  );
}
