"use client";

import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { PdfButton } from "#components/reports/pdf-button.tsx";
import type { Report, ReportSection } from "#components/reports/queries.ts";
import { ReportChart } from "#components/reports/report-chart.tsx";
import { Share } from "#components/reports/share.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Table } from "#components/ui/table.tsx";
import { DateTime, TextWithTimes } from "#components/ui/time-format.tsx";
import { changeShare, signedShare } from "#lib/format/share.ts";
import { formatText } from "#lib/format/value.ts";

function Figures({ figures }: Pick<ReportSection, "figures">) {
  return (
    <dl className="figures mb-4 grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-4">
      {figures.slice(0, 12).map(({ label, value, unit, rate, before }) => (
        <div key={label} className="min-w-0">
          <dt className="truncate text-muted text-xs">{label}</dt>
          <dd className="font-semibold text-lg leading-6">{formatText(value, unit, rate)}</dd>
          <dd className="text-2xs text-muted">
            {before
              ? `${signedShare(changeShare(before, value) ?? 0, 0)} against the period before`
              : "no period before"}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Rows({ table }: { table: NonNullable<ReportSection["table"]> }) {
  return (
    <Table columns={table.columns}>
      {table.rows.map((row) => (
        <tr key={row.join(" ")}>
          {row.map((cell, n) => (
            <td key={table.columns[n]} className="py-1.5 pr-3 align-top">
              {typeof cell === "string" ? <TextWithTimes text={cell} /> : cell}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

function Section({ section, from, to }: { section: ReportSection; from: number; to: number }) {
  return (
    <Card className="break-inside-avoid">
      <CardTitle>{section.title}</CardTitle>
      <ul className="mb-4 list-disc space-y-1 pl-5">
        {section.words.map((text) => (
          <li key={text}>
            <TextWithTimes text={text} />
          </li>
        ))}
      </ul>
      {section.figures.length > 0 && <Figures figures={section.figures} />}
      {section.charts.map((chart) => (
        <ReportChart key={chart.title} chart={chart} from={from} to={to} />
      ))}
      {section.table && <Rows table={section.table} />}
    </Card>
  );
}

/** A report as it was created: to read, print, export and share. */
export function ReportView({ report, shared = false }: { report: Report; shared?: boolean }) {
  const [from, to] = [report.from.getTime(), report.to.getTime()];
  return (
    <>
      <PageTitle
        note={
          <>
            <DateTime at={report.from} /> to <DateTime at={report.to} /> · created <DateTime at={report.generatedAt} />
          </>
        }
        aside={
          <span className="flex flex-wrap items-center gap-3 print:hidden">
            {!shared && (
              <>
                <ExportDialog what="report" request={{ kind: "report", id: report.id }} />
                <PdfButton id={report.id} />
                <Link className="text-muted text-sm hover:text-ink" href={`/reports/${report.id}/diff`}>
                  Changes
                </Link>
                <Share id={report.id} />
              </>
            )}
            <Button variant="quiet" className="h-8" onClick={() => window.print()}>
              Print
            </Button>
          </span>
        }
      >
        {report.title}
      </PageTitle>
      <div className="grid max-w-5xl gap-3">
        {report.sections.map((section) => (
          <Section key={section.title} section={section} from={from} to={to} />
        ))}
      </div>
    </>
  );
}
