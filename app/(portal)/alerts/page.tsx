import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { AlertFrame } from "#components/alerts/alert-frame.tsx";
import { Alerts } from "#components/alerts/alerts.tsx";
import { may } from "#lib/contract/permissions.ts";

export const metadata: Metadata = { title: "Alerts" };

export default async function AlertsPage() {
  const { user } = await permitPage("alerts:read");
  return (
    <AlertFrame role={user.role}>
      <Alerts mayAcknowledge={may(user.role, "alerts:acknowledge")} />
    </AlertFrame>
  );
}
