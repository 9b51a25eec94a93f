import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { AlertFrame } from "#components/alerts/alert-frame.tsx";
import { OnCallSchedules } from "#components/alerts/on-call.tsx";
import { may } from "#lib/contract/permissions.ts";

export const metadata: Metadata = { title: "On call" };

export default async function OnCallPage() {
  const { user } = await permitPage("alerts:read");
  return (
    <AlertFrame role={user.role}>
      <OnCallSchedules
        mayOverride={may(user.role, "alerts:acknowledge")}
        mayWrite={may(user.role, "alerts:channels")}
      />
    </AlertFrame>
  );
}
