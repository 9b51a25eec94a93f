"use client";

import { useQuery } from "@tanstack/react-query";
import { serviceHref } from "#components/applications/addresses.ts";
import { FIGURE_COLUMNS, FigureCells } from "#components/applications/figures.tsx";
import { applicationsQuery } from "#components/applications/queries.ts";
import { usePageTime } from "#components/time/page-time.tsx";
import { TimeControl } from "#components/time/time-control.tsx";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Table } from "#components/ui/table.tsx";
import { plural } from "#lib/format/plural.ts";

const NOTHING = (
  <Notice title="No application sent spans in this span of time">
    Choose a longer span. If none has sent any yet, add an{" "}
    <Link href="/inputs" className="text-accent underline">
      input
    </Link>{" "}
    of the kind OpenTelemetry and set the lines that it shows in the environment of an application: its requests are
    counted here by service and operation.
  </Notice>
);

/** Services by what they serve, each with a page of its own. */
export function ApplicationList() {
  const time = usePageTime();
  const query = useQuery(applicationsQuery(time));
  return (
    <>
      <PageTitle note={query.data ? plural(query.data.length, "service") : " "} aside={<TimeControl />}>
        Applications
      </PageTitle>
      <QueryView query={query} what="The applications" empty={NOTHING}>
        {(applications) => (
          <Card>
            <Table columns={["Service", "Input", ...FIGURE_COLUMNS]} figures={FIGURE_COLUMNS} className="min-w-max">
              {applications.map(({ hostId, host, service, ...figures }) => (
                <tr key={`${hostId} ${service}`}>
                  <td className="min-w-32 max-w-[min(28rem,40vw)] py-2 pr-3 font-medium [overflow-wrap:anywhere]">
                    <Link href={serviceHref({ host: hostId, service }, time.address)} className="hover:underline">
                      {service}
                    </Link>
                  </td>
                  <td className="min-w-20 max-w-[min(16rem,30vw)] py-2 pr-3 [overflow-wrap:anywhere]">
                    <Link href={`/hosts/${hostId}`} className="text-muted hover:underline">
                      {host}
                    </Link>
                  </td>
                  <FigureCells {...figures} />
                </tr>
              ))}
            </Table>
          </Card>
        )}
      </QueryView>
    </>
  );
}
