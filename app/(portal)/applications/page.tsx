import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { ApplicationList } from "#components/applications/application-list.tsx";
import { TimeProvider } from "#components/time/page-time.tsx";

export const metadata: Metadata = { title: "Applications" };

export default async function ApplicationsPage() {
  await permitPage("metrics:read");
  return (
    <TimeProvider>
      <ApplicationList />
    </TimeProvider>
  );
}
