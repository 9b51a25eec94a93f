import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { AlertFrame } from "#components/alerts/alert-frame.tsx";
import { Channels } from "#components/alerts/channels.tsx";

export const metadata: Metadata = { title: "Notification channels" };

export default async function AlertChannelsPage() {
  const { user } = await permitPage("alerts:channels");
  return (
    <AlertFrame role={user.role}>
      <Channels />
    </AlertFrame>
  );
}
