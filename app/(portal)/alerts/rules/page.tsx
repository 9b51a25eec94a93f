import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { AlertFrame } from "#components/alerts/alert-frame.tsx";
import { NoisyRules } from "#components/alerts/noisy-rules.tsx";
import { Rules } from "#components/alerts/rules.tsx";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";

export const metadata: Metadata = { title: "Alert rules" };

export default async function AlertRulesPage() {
  const { user } = await permitPage("alerts:read");
  const hosts = await listHosts(database());
  return (
    <AlertFrame role={user.role}>
      <NoisyRules mayWrite={may(user.role, "alerts:write")} />
      <Rules hosts={hosts.map(({ id, name }) => ({ id, name }))} mayWrite={may(user.role, "alerts:write")} />
    </AlertFrame>
  );
}
