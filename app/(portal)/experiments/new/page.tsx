import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { blankPlan } from "#components/experiments/blank.ts";
import { Editor } from "#components/experiments/editor.tsx";

export const metadata: Metadata = { title: "New experiment" };

export default async function NewExperimentPage() {
  await permitPage("experiments:write");
  return <Editor blank={blankPlan()} />;
}
