"use client";

import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { api } from "#components/layout/api.ts";
import { when } from "#components/layout/when.ts";
import type { Wire } from "#components/layout/wire.ts";
import { Schedules } from "#components/reports/schedules.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ReportInfo } from "#lib/report/library.ts";

const SPANS = [
  { value: "now-1d", title: "Past day" },
  { value: "now-7d", title: "Past week" },
  { value: "now-30d", title: "Past 30 days" },
  { value: "now-90d", title: "Past 90 days" },
];

type Props = {
  reports: Wire<ReportInfo>[];
  types: { value: string; title: string }[];
  hosts: { id: number; name: string }[];
  writes: boolean;
};

function Make({ types, hosts }: Pick<Props, "types" | "hosts">) {
  const router = useRouter();
  const [choice, setChoice] = useState({ type: types[0]?.value ?? "", host: "", from: "now-7d" });
  const make = useMutation({
    mutationFn: () => {
      const { type, host, from } = choice;
      const body = { type, from, ...(host ? { hostIds: [Number(host)] } : {}) };
      return api<{ id: number }>("/reports", { method: "POST", body });
    },
    onSuccess: ({ id }) => router.push(`/reports/${id}`),
  });
  const set = (key: keyof typeof choice) => (event: { target: { value: string } }) =>
    setChoice({ ...choice, [key]: event.target.value });
  return (
    <Card>
      <CardTitle>Make a report</CardTitle>
      <div className="grid items-end gap-3 sm:grid-cols-4">
        <Select label="Report" value={choice.type} onChange={set("type")} options={types} />
        <Select
          label="Host"
          value={choice.host}
          onChange={set("host")}
          options={[
            { value: "", title: "All hosts" },
            ...hosts.map(({ id, name }) => ({ value: String(id), title: name })),
          ]}
        />
        <Select label="Period" value={choice.from} onChange={set("from")} options={SPANS} />
        <Button look="primary" disabled={make.isPending} onClick={() => make.mutate()}>
          {make.isPending ? "Reading…" : "Make it"}
        </Button>
      </div>
      {make.isError && <Notice look="bad" className="mt-3" title={make.error.message} />}
    </Card>
  );
}

/** Reports that were made, and the making of one. */
export function ReportLibrary({ reports, types, hosts, writes }: Props) {
  return (
    <>
      <PageTitle note="What happened, in words and figures, as it was when it was made">Reports</PageTitle>
      <div className="grid max-w-5xl gap-3">
        {writes && <Make types={types} hosts={hosts} />}
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
                    <span className="figures text-muted text-xs">made {when(one.generatedAt)}</span>
                  </span>
                  <span className="figures block text-muted text-xs">
                    {when(one.from)} to {when(one.to)}
                  </span>
                  <span className="block truncate text-muted text-xs">{one.insights[0]}</span>
                </Link>
              </li>
            ))}
          </ul>
        </Card>
        {writes && <Schedules types={types} />}
      </div>
    </>
  );
}
