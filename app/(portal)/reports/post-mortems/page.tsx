import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { PostMortemList } from "#components/incidents/post-mortem-list.tsx";
import { ReportFrame } from "#components/reports/report-frame.tsx";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { listPostMortems } from "#lib/incidents/post-mortems.ts";

export const metadata: Metadata = { title: "Post-mortems" };

export default async function PostMortemsPage() {
  const { user } = await permitPage("reports:read");
  const postMortems = await listPostMortems(database(), undefined);
  return (
    <ReportFrame mayWrite={may(user.role, "reports:write")}>
      <PostMortemList postMortems={postMortems} />
    </ReportFrame>
  );
}
