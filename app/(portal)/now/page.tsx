import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { firstData, question } from "#app/_access/first-data.ts";
import { permitPage } from "#app/_access/page.ts";
import { GET as listAnnotations } from "#app/api/v1/annotations/route.ts";
import { GET as listHosts } from "#app/api/v1/hosts/route.ts";
import { GET as listIncidents } from "#app/api/v1/incidents/route.ts";
import { hostsQuery } from "#components/hosts/queries.ts";
import { Now } from "#components/now/now.tsx";
import {
  ONGOING_INCIDENTS,
  ongoingIncidentsQuery,
  RECENT_CHANGES,
  recentChangesQuery,
} from "#components/now/queries.ts";
import * as contract from "#lib/contract/index.ts";
import { may } from "#lib/contract/permissions.ts";

export const metadata: Metadata = { title: "Now" };

export default async function NowPage() {
  const { user } = await permitPage("hosts:read");
  const first = await firstData([
    question(ongoingIncidentsQuery, contract.incidents.list, { query: ONGOING_INCIDENTS }, listIncidents),
    question(recentChangesQuery, contract.annotations.list, { query: RECENT_CHANGES }, listAnnotations),
    question(hostsQuery(false), contract.hosts.list, { query: { retired: false } }, listHosts),
  ]);
  return (
    <HydrationBoundary state={first}>
      <Now mayAcknowledge={may(user.role, "alerts:acknowledge")} mayManage={may(user.role, "hosts:manage")} />
    </HydrationBoundary>
  );
}
