import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { AlertFrame } from "#components/alerts/alert-frame.tsx";
import { Silences } from "#components/alerts/silences.tsx";
import { may } from "#lib/contract/permissions.ts";

export const metadata: Metadata = { title: "Silences" };

export default async function SilencesPage() {
  const { user } = await permitPage("alerts:read");
  return (
    <AlertFrame role={user.role}>
      <Silences maySilence={may(user.role, "alerts:silence")} />
    </AlertFrame>
  );
}
