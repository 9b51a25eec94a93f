import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { reportChoices } from "#app/(portal)/reports/choices.ts";
import { ReportFrame } from "#components/reports/report-frame.tsx";
import { Schedules } from "#components/reports/schedules.tsx";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { isMailSet } from "#lib/settings/store.ts";

export const metadata: Metadata = { title: "Report schedules" };

export default async function SchedulesPage() {
  const { user } = await permitPage("reports:write");
  return (
    <ReportFrame mayWrite>
      <Schedules choices={await reportChoices(may(user.role, "audit:read"))} mailSet={await isMailSet(database())} />
    </ReportFrame>
  );
}
