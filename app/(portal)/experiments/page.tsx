import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { ExperimentList } from "#components/experiments/experiment-list.tsx";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { listExperiments } from "#lib/experiments/read-experiments.ts";

export const metadata: Metadata = { title: "Experiments" };

export default async function ExperimentsPage() {
  const { user } = await permitPage("experiments:read");
  const experiments = await listExperiments(database());
  return <ExperimentList experiments={experiments} writes={may(user.role, "experiments:write")} />;
}
