"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsInteger, parseAsString, useQueryStates } from "nuqs";
import { ApplicationCharts } from "#components/applications/application-charts.tsx";
import { FIGURE_COLUMNS, FigureCells } from "#components/applications/figures.tsx";
import { applicationsQuery, operationsQuery, type Shown } from "#components/applications/queries.ts";
import { SpanPicker, useSpan } from "#components/charts/span-picker.tsx";
import { ServiceSlos } from "#components/slo/service-slos.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Table } from "#components/ui/table.tsx";
import { plural } from "#lib/format/plural.ts";

function Operations({ shown, spanMs }: { shown: Shown; spanMs: number }) {
  const query = useQuery(operationsQuery(shown, spanMs));
  return (
    <Card>
      <CardTitle>Operations of {shown.service}</CardTitle>
      <QueryView
        query={query}
        what="The operations"
        empty={<p className="text-muted text-sm">No request in this span.</p>}
      >
        {(operations) => (
          <Table columns={["Operation", "Kind", ...FIGURE_COLUMNS]} className="min-w-[46rem]">
            {operations.map((operation) => (
              <tr key={`${operation.kind} ${operation.operation}`}>
                <td className="max-w-md py-2 pr-3 font-medium [overflow-wrap:anywhere]">{operation.operation}</td>
                <td className="py-2 pr-3 text-muted">{operation.kind}</td>
                <FigureCells {...operation} />
              </tr>
            ))}
          </Table>
        )}
      </QueryView>
    </Card>
  );
}

const NOTHING = (
  <Notice title="No application sends spans yet">
    Add an{" "}
    <Link href="/inputs" className="text-accent underline">
      input
    </Link>{" "}
    of the kind OpenTelemetry and set the lines that it shows in the environment of an application: its requests are
    counted here by service and operation.
  </Notice>
);

/** Services by what they serve; of the chosen one the course of the span and its operations. */
export function ApplicationList() {
  const { spanMs } = useSpan();
  const query = useQuery(applicationsQuery(spanMs));
  const [chosen, choose] = useQueryStates({ host: parseAsInteger, service: parseAsString });
  const shown =
    chosen.host !== null && chosen.service !== null ? { host: chosen.host, service: chosen.service } : undefined;
  return (
    <>
      <PageTitle note={query.data ? plural(query.data.length, "service") : " "} aside={<SpanPicker />}>
        Applications
      </PageTitle>
      <div className="space-y-3">
        <QueryView query={query} what="The applications" empty={NOTHING}>
          {(applications) => (
            <Card>
              <Table columns={["Service", "Input", ...FIGURE_COLUMNS]} className="min-w-[46rem]">
                {applications.map(({ hostId, host, service, ...figures }) => (
                  <tr
                    key={`${hostId} ${service}`}
                    className={shown?.host === hostId && shown.service === service ? "bg-raised" : ""}
                  >
                    <td className="max-w-md py-2 pr-3 [overflow-wrap:anywhere]">
                      <button
                        type="button"
                        className="text-left font-medium hover:underline"
                        aria-pressed={shown?.host === hostId && shown.service === service}
                        onClick={() => void choose({ host: hostId, service })}
                      >
                        {service}
                      </button>
                    </td>
                    <td className="py-2 pr-3">
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
        {shown && <ApplicationCharts shown={shown} spanMs={spanMs} />}
        {shown && <ServiceSlos service={shown.service} />}
        {shown && <Operations shown={shown} spanMs={spanMs} />}
      </div>
    </>
  );
}
