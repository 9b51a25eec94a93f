import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { blankPlan } from "#components/experiments/blank.ts";
import { Editor } from "#components/experiments/editor.tsx";
import { database } from "#lib/db/client.ts";
import { readExperiment } from "#lib/experiments/read-experiments.ts";

export const metadata: Metadata = { title: "Edit plan" };

export default async function EditExperimentPage({ params }: { params: Promise<{ id: string }> }) {
  await permitPage("experiments:write");
  const { id, status, key, name, hypothesis, kind, tags, plan, variants, metrics } = await orNotFound(
    readExperiment(database(), (await params).id),
  );
  if (status !== "draft") redirect(`/experiments/${id}`);
  const initial = { key, name, hypothesis, kind, tags, plan, variants, metrics };
  return <Editor id={id} initial={initial} blank={blankPlan()} />;
}
