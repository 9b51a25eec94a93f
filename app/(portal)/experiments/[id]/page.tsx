import type { Metadata } from "next";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { ExperimentDetail } from "#components/experiments/experiment-detail.tsx";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { readExperiment } from "#lib/experiments/read-experiments.ts";

export const metadata: Metadata = { title: "Experiment" };

export default async function ExperimentPage({ params }: { params: Promise<{ id: string }> }) {
  const { user } = await permitPage("experiments:read");
  const experiment = await orNotFound(readExperiment(database(), (await params).id));
  return <ExperimentDetail experiment={experiment} writes={may(user.role, "experiments:write")} />;
}
