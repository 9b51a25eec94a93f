"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { createReport, type ReportHead, type ReportRequest } from "#components/reports/queries.ts";
import { ReportFrame } from "#components/reports/report-frame.tsx";
import { SPANS } from "#components/reports/spans.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { DateTime, TextWithTimes } from "#components/ui/time-format.tsx";
import type { ReportType } from "#lib/contract/enums.ts";

const TEMPLATE = "template:";

/** A report that can be created: `value` is a type, or `template:` and the id of a template. */
export type ReportChoice = { value: ReportType | `${typeof TEMPLATE}${number}`; title: string };

/** A choice as requests name it. */
export const toReportType = (value: string): Pick<ReportRequest, "type" | "templateId"> =>
  value.startsWith(TEMPLATE)
    ? { type: "custom", templateId: Number(value.slice(TEMPLATE.length)) }
    : { type: value as ReportType };

type Props = {
  reports: ReportHead[];
  choices: ReportChoice[];
  hosts: { id: number; name: string }[];
  mayWrite: boolean;
};

function CreateReport({ choices, hosts }: Pick<Props, "choices" | "hosts">) {
  const router = useRouter();
  const [choice, setChoice] = useState({ report: choices[0]?.value ?? "", host: "", days: "7" });
  const { report, host, days } = choice;
  const create = useMutation({
    mutationFn: () =>
      createReport({ ...toReportType(report), from: `now-${days}d`, ...(host ? { hostIds: [Number(host)] } : {}) }),
    onSuccess: ({ id }) => router.push(`/reports/${id}`),
  });
  const set = (key: keyof typeof choice) => (event: { target: { value: string } }) =>
    setChoice({ ...choice, [key]: event.target.value });
  const everyHost = report.startsWith(TEMPLATE) ? "Hosts of the template" : "All hosts";
  return (
    <Card>
      <CardTitle>Create a report</CardTitle>
      <div className="grid items-end gap-3 sm:grid-cols-4">
        <Select label="Report" value={report} onChange={set("report")} options={choices} />
        <Select
          label="Host"
          value={host}
          onChange={set("host")}
          options={[
            { value: "", title: everyHost },
            ...hosts.map(({ id, name }) => ({ value: String(id), title: name })),
          ]}
        />
        <Select label="Period" value={days} onChange={set("days")} options={SPANS} />
        <Button variant="primary" disabled={create.isPending} onClick={() => create.mutate()}>
          {create.isPending ? "Creating…" : "Create report"}
        </Button>
      </div>
      {create.isError && <Notice variant="bad" className="mt-3" title={create.error.message} />}
    </Card>
  );
}

function Entry({ report: { id, title, generatedAt, from, to, insights } }: { report: ReportHead }) {
  return (
    <Link href={`/reports/${id}`} className="block rounded px-1 py-2.5 hover:bg-raised">
      <span className="flex flex-wrap justify-between gap-x-4">
        <span className="font-medium">{title}</span>
        <span className="figures text-muted text-xs">
          created <DateTime at={generatedAt} />
        </span>
      </span>
      <span className="figures block text-muted text-xs">
        <DateTime at={from} /> to <DateTime at={to} />
      </span>
      <span className="block truncate text-muted text-xs">
        <TextWithTimes text={insights[0] ?? ""} />
      </span>
    </Link>
  );
}

/** Stored reports, and a form to create one. */
export function ReportLibrary({ reports, choices, hosts, mayWrite }: Props) {
  return (
    <ReportFrame mayWrite={mayWrite}>
      {mayWrite && <CreateReport choices={choices} hosts={hosts} />}
      <Card>
        <CardTitle aside={<span className="figures">{reports.length}</span>}>Library</CardTitle>
        {reports.length === 0 && (
          <Notice title="No reports yet">
            {mayWrite
              ? "Choose a report and a period above. A report is stored as it was created."
              : "Whoever may create reports finds the form here. A report is stored as it was created."}
          </Notice>
        )}
        <ul className="divide-y divide-line">
          {reports.map((report) => (
            <li key={report.id}>
              <Entry report={report} />
            </li>
          ))}
        </ul>
      </Card>
    </ReportFrame>
  );
}
