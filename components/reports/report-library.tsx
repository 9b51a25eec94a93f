"use client";

import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { api } from "#components/layout/api.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import type { Wire } from "#components/layout/wire.ts";
import { ReportFrame } from "#components/reports/report-frame.tsx";
import { SPANS } from "#components/reports/spans.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ReportInfo } from "#lib/reports/library.ts";

/** A report that can be made: of a type, or of a template. */
export type ReportChoice = { value: string; title: string };

/** What a choice stands for in a request. */
export const choiceOf = (value: string) =>
  value.startsWith("template:") ? { type: "custom", templateId: Number(value.slice(9)) } : { type: value };

type Props = {
  reports: Wire<ReportInfo>[];
  choices: ReportChoice[];
  hosts: { id: number; name: string }[];
  writes: boolean;
};

function Make({ choices, hosts }: Pick<Props, "choices" | "hosts">) {
  const router = useRouter();
  const [choice, setChoice] = useState({ report: choices[0]?.value ?? "", host: "", days: "7" });
  const make = useMutation({
    mutationFn: () => {
      const { report, host, days } = choice;
      const body = { ...choiceOf(report), from: `now-${days}d`, ...(host ? { hostIds: [Number(host)] } : {}) };
      return api<{ id: number }>("/reports", { method: "POST", body });
    },
    onSuccess: ({ id }) => router.push(`/reports/${id}`),
  });
  const set = (key: keyof typeof choice) => (event: { target: { value: string } }) =>
    setChoice({ ...choice, [key]: event.target.value });
  const every = choice.report.startsWith("template:") ? "Those of the template" : "All hosts";
  return (
    <Card>
      <CardTitle>Make a report</CardTitle>
      <div className="grid items-end gap-3 sm:grid-cols-4">
        <Select label="Report" value={choice.report} onChange={set("report")} options={choices} />
        <Select
          label="Host"
          value={choice.host}
          onChange={set("host")}
          options={[{ value: "", title: every }, ...hosts.map(({ id, name }) => ({ value: String(id), title: name }))]}
        />
        <Select label="Period" value={choice.days} onChange={set("days")} options={SPANS} />
        <Button variant="primary" disabled={make.isPending} onClick={() => make.mutate()}>
          {make.isPending ? "Reading…" : "Make it"}
        </Button>
      </div>
      {make.isError && <Notice variant="bad" className="mt-3" title={make.error.message} />}
    </Card>
  );
}

/** Reports that were made, and the making of one. */
export function ReportLibrary({ reports, choices, hosts, writes }: Props) {
  return (
    <ReportFrame writes={writes}>
      {writes && <Make choices={choices} hosts={hosts} />}
      <Card>
        <CardTitle aside={<span className="figures">{reports.length}</span>}>Library</CardTitle>
        {reports.length === 0 && (
          <Notice title="No report yet">Choose what it is of and its period; it is kept as it was made.</Notice>
        )}
        <ul className="divide-y divide-line">
          {reports.map((one) => (
            <li key={one.id}>
              <Link href={`/reports/${one.id}`} className="block rounded px-1 py-2.5 hover:bg-raised">
                <span className="flex flex-wrap justify-between gap-x-4">
                  <span className="font-medium">{one.title}</span>
                  <span className="figures text-muted text-xs">made {formatDateTime(one.generatedAt)}</span>
                </span>
                <span className="figures block text-muted text-xs">
                  {formatDateTime(one.from)} to {formatDateTime(one.to)}
                </span>
                <span className="block truncate text-muted text-xs">{one.insights[0]}</span>
              </Link>
            </li>
          ))}
        </ul>
      </Card>
    </ReportFrame>
  );
}
