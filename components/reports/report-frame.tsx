import type { ReactNode } from "react";
import { PageTitle } from "#components/ui/card.tsx";
import { Tabs } from "#components/ui/tabs.tsx";

const LIBRARY = { href: "/reports", title: "Library" };
const WRITERS = [
  { href: "/reports/build", title: "Builder" },
  { href: "/reports/schedules", title: "Schedules" },
];
const POST_MORTEMS = { href: "/reports/post-mortems", title: "Post-mortems" };
const EXPORTS = { href: "/reports/exports", title: "Exports" };

/** The pages of reports, of which readers see fewer than writers. */
export function ReportFrame({ mayWrite, children }: { mayWrite: boolean; children: ReactNode }) {
  return (
    <>
      <PageTitle note="What happened in a period, in sentences, figures and charts">Reports</PageTitle>
      <Tabs label="Reports" tabs={[LIBRARY, ...(mayWrite ? WRITERS : []), POST_MORTEMS, EXPORTS]} />
      <div className="grid max-w-5xl gap-3">{children}</div>
    </>
  );
}
