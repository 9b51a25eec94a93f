import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { AlertFrame } from "#components/alerts/alert-frame.tsx";
import { RuleImport } from "#components/alerts/rule-import.tsx";

export const metadata: Metadata = { title: "Import Prometheus rules" };

export default async function ImportRulesPage() {
  const { user } = await permitPage("alerts:write");
  return (
    <AlertFrame role={user.role}>
      <RuleImport />
    </AlertFrame>
  );
}
