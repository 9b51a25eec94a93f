import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { firstData, question } from "#app/_access/first-data.ts";
import { permitPage } from "#app/_access/page.ts";
import { GET as listAnnotations } from "#app/api/v1/annotations/route.ts";
import { GET as listExperiments } from "#app/api/v1/experiments/route.ts";
import { GET as readFirstSteps } from "#app/api/v1/first-steps/route.ts";
import { GET as listHosts } from "#app/api/v1/hosts/route.ts";
import { GET as listIncidents } from "#app/api/v1/incidents/route.ts";
import { GET as listUpcoming } from "#app/api/v1/insights/upcoming/route.ts";
import { GET as listSettingChanges } from "#app/api/v1/settings/changes/route.ts";
import { hostsQuery } from "#components/hosts/queries.ts";
import { Now } from "#components/now/now.tsx";
import {
  CHANGED_EXPERIMENTS,
  changedExperimentsQuery,
  changedSettingsQuery,
  firstStepsQuery,
  ONGOING_INCIDENTS,
  ongoingIncidentsQuery,
  RECENT_CHANGES,
  recentChangesQuery,
  upcomingQuery,
} from "#components/now/queries.ts";
import * as contract from "#lib/contract/index.ts";
import { may } from "#lib/contract/permissions.ts";

export const metadata: Metadata = { title: "Now" };

export default async function NowPage() {
  const { user } = await permitPage("hosts:read");
  const mayReadSettings = may(user.role, "settings:read");
  const maySetUp = may(user.role, "settings:write");
  const first = await firstData([
    question(ongoingIncidentsQuery, contract.incidents.list, { query: ONGOING_INCIDENTS }, listIncidents),
    question(recentChangesQuery, contract.annotations.list, { query: RECENT_CHANGES }, listAnnotations),
    question(changedExperimentsQuery, contract.experiments.list, { query: CHANGED_EXPERIMENTS }, listExperiments),
    // What is refused stands in the audit trail: it is not asked for.
    ...(mayReadSettings
      ? [question(changedSettingsQuery, contract.settings.changes, { query: RECENT_CHANGES }, listSettingChanges)]
      : []),
    question(upcomingQuery, contract.insights.upcoming, {}, listUpcoming),
    ...(maySetUp ? [question(firstStepsQuery, contract.system.firstSteps, {}, readFirstSteps)] : []),
    question(hostsQuery(false), contract.hosts.list, { query: { retired: false } }, listHosts),
  ]);
  return (
    <HydrationBoundary state={first}>
      <Now
        mayAcknowledge={may(user.role, "alerts:acknowledge")}
        mayManage={may(user.role, "hosts:manage")}
        mayReadSettings={mayReadSettings}
        maySetUp={maySetUp}
      />
    </HydrationBoundary>
  );
}
