import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { PublishableKeys } from "#components/experiments/publishable-keys.tsx";
import { database } from "#lib/db/client.ts";
import { listExperiments } from "#lib/experiments/read-experiments.ts";

export const metadata: Metadata = { title: "Publishable keys" };

export default async function PublishableKeysPage() {
  await permitPage("experiments:write");
  const experiments = await listExperiments(database());
  const taking = experiments.filter(({ kind, status }) => kind === "ab" && status !== "archived");
  return <PublishableKeys experiments={taking.map(({ key }) => key)} />;
}
