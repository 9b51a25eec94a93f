import type { Metadata } from "next";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { ReportView } from "#components/reports/report-view.tsx";
import { sessionSecret } from "#lib/access/token.ts";
import { database } from "#lib/db/client.ts";
import { readShared } from "#lib/reports/share.ts";

export const metadata: Metadata = { title: "Report", robots: { index: false } };

/** A report for whoever was given its link: the token is the permission. */
export default async function SharedReportPage({ params }: { params: Promise<{ token: string }> }) {
  const token = decodeURIComponent((await params).token);
  const report = await orNotFound(readShared(database(), token, sessionSecret(), Date.now()));
  return (
    <main className="mx-auto max-w-5xl p-4 print:p-0">
      <ReportView report={report} shared />
    </main>
  );
}
