"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { applicationsQuery } from "#components/applications/queries.ts";
import { checksQuery } from "#components/checks/queries.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { budgetText, sliText } from "#components/slo/figures.tsx";
import { type SloDetail, type SloDraft, usePreviewSlo, useSaveSlo } from "#components/slo/queries.ts";
import { lastTime } from "#components/time/query-time.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { LATENCY_BOUNDS, SLO_WINDOWS } from "#lib/contract/enums.ts";
import type { Indicator } from "#lib/contract/slos.ts";
import { plural } from "#lib/format/plural.ts";

type Kind = Indicator["kind"];
type Draft = Record<"name" | "description" | "service" | "owner" | "objective" | "windowDays" | "minFailed", string> & {
  kind: Kind;
  application: string;
  operation: string;
  seconds: (typeof LATENCY_BOUNDS)[number];
  good: string;
  total: string;
  check: string;
  alerts: boolean;
};

const KINDS: { value: Kind; title: string }[] = [
  { value: "availability", title: "Availability of an application" },
  { value: "latency", title: "Latency of an application" },
  { value: "ratio", title: "Ratio of two PromQL selectors" },
  { value: "check", title: "Uptime of a check" },
];

const keyOf = (host: number, service: string) => `${host}/${service}`;

function toDraft(slo: SloDetail | undefined): Draft {
  const indicator = slo?.indicator;
  const application = indicator && "host" in indicator ? indicator : undefined;
  return {
    name: slo?.name ?? "",
    description: slo?.description ?? "",
    service: slo?.service ?? "",
    owner: slo?.owner ?? "",
    objective: String(slo?.objective ?? 99.9),
    windowDays: String(slo?.windowDays ?? 28),
    minFailed: String(slo?.minFailed ?? 5),
    alerts: slo?.alerts ?? true,
    kind: indicator?.kind ?? "availability",
    application: application ? keyOf(application.host, application.service) : "",
    operation: application?.operation ?? "",
    seconds: indicator?.kind === "latency" ? indicator.seconds : "0.25",
    good: indicator?.kind === "ratio" ? indicator.good : "",
    total: indicator?.kind === "ratio" ? indicator.total : "",
    check: indicator?.kind === "check" ? String(indicator.check) : "",
  };
}

function indicatorOf(draft: Draft): SloDraft["indicator"] {
  const { kind, application, operation, seconds, good, total, check } = draft;
  if (kind === "ratio") return { kind, good, total };
  if (kind === "check") return { kind, check: Number(check) };
  const cut = application.indexOf("/");
  const target = { host: Number(application.slice(0, cut)), service: application.slice(cut + 1), operation };
  return kind === "latency" ? { kind, ...target, seconds } : { kind, ...target };
}

/** A number as it is typed, with either decimal mark; nothing typed is none. */
const numberOf = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", ".")));

const toBody = (draft: Draft): SloDraft => ({
  ...{ name: draft.name, description: draft.description, service: draft.service, owner: draft.owner },
  ...{ indicator: indicatorOf(draft), objective: numberOf(draft.objective), alerts: draft.alerts },
  windowDays: Number(draft.windowDays) as (typeof SLO_WINDOWS)[number],
  minFailed: numberOf(draft.minFailed),
});

type PartProps = {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  problem: (name: string) => string | undefined;
};

function ApplicationFields({ draft, set, problem }: PartProps) {
  const { data = [] } = useQuery(applicationsQuery(lastTime("24h")));
  const found = data.map(({ hostId, host, service }) => ({
    value: keyOf(hostId, service),
    title: `${service} (${host})`,
  }));
  const kept = draft.application && !found.some(({ value }) => value === draft.application);
  const options = [
    { value: "", title: found.length > 0 ? "Choose a service" : "No service sent spans in the last day" },
    ...(kept ? [{ value: draft.application, title: draft.application.replace(/^\d+\//, "") }] : []),
    ...found,
  ];
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <Select
        label="Application"
        options={options}
        error={problem("indicator.service") ?? problem("indicator.host")}
        value={draft.application}
        onChange={(event) => set({ application: event.target.value })}
      />
      <Field
        label="Operation"
        hint="Empty: all that it serves"
        error={problem("indicator.operation")}
        value={draft.operation}
        onChange={(event) => set({ operation: event.target.value })}
      />
      {draft.kind === "latency" && (
        <Select
          label="Within"
          options={LATENCY_BOUNDS.map((value) => ({ value, title: `${value} s` }))}
          value={draft.seconds}
          onChange={(event) => set({ seconds: event.target.value as Draft["seconds"] })}
        />
      )}
    </div>
  );
}

const RatioFields = ({ draft, set, problem }: PartProps) => (
  <div className="grid gap-3">
    <Field
      label="Good events"
      hint="A selector of counters, without rate() or sum(): the portal adds up what they grow by"
      placeholder={'http_requests_total{job="shop", code!~"5.."}'}
      error={problem("indicator.good")}
      value={draft.good}
      onChange={(event) => set({ good: event.target.value })}
    />
    <Field
      label="All events"
      placeholder={'http_requests_total{job="shop"}'}
      error={problem("indicator.total")}
      value={draft.total}
      onChange={(event) => set({ total: event.target.value })}
    />
  </div>
);

function CheckField({ draft, set, problem }: PartProps) {
  const { data = [] } = useQuery(checksQuery);
  return (
    <Select
      label="Check"
      options={[
        { value: "", title: data.length > 0 ? "Choose a check" : "No check yet" },
        ...data.map(({ id, name }) => ({ value: String(id), title: name })),
      ]}
      error={problem("indicator.check")}
      value={draft.check}
      onChange={(event) => set({ check: event.target.value })}
    />
  );
}

function Preview({ preview, windowDays }: { preview: ReturnType<typeof usePreviewSlo>; windowDays: string }) {
  if (preview.isError) return <Notice variant="bad" title={preview.error.message} />;
  if (!preview.data) return null;
  const { from, total, failed, sli, budgetLeft } = preview.data;
  if (sli === null) return <Notice variant="warn" title={`No events in the last ${windowDays} days`} />;
  return (
    <Notice
      variant={(budgetLeft ?? 0) <= 0 ? "bad" : "good"}
      title={`${sliText(sli)} were good, budget ${budgetText(budgetLeft)}`}
    >
      {plural(Math.round(failed), "event")} of {Math.round(total)} failed since <DateTime at={from} />
    </Notice>
  );
}

const TEXTS = [
  { key: "name", label: "Name" },
  { key: "description", label: "Description" },
  { key: "service", label: "Service" },
  { key: "owner", label: "Owner" },
] as const;

const Target = ({ draft, set, problem }: PartProps) => (
  <div className="grid gap-3 sm:grid-cols-3">
    <Field
      label="Objective"
      unit="%"
      inputMode="decimal"
      error={problem("objective")}
      value={draft.objective}
      onChange={(event) => set({ objective: event.target.value })}
    />
    <Select
      label="Rolling window"
      options={SLO_WINDOWS.map((days) => ({ value: String(days), title: `${days} days` }))}
      value={draft.windowDays}
      onChange={(event) => set({ windowDays: event.target.value })}
    />
    <Field
      label="Failures before an alert"
      hint="In the long window of the alert"
      inputMode="numeric"
      error={problem("min_failed")}
      value={draft.minFailed}
      onChange={(event) => set({ minFailed: event.target.value })}
    />
  </div>
);

/** Creates or changes an SLO, and says before what it would have come to. */
export function SloForm({ slo, onDone }: { slo: SloDetail | undefined; onDone: () => void }) {
  const [draft, setDraft] = useState(() => toDraft(slo));
  const [save, preview] = [useSaveSlo(), usePreviewSlo()];
  const set = (change: Partial<Draft>) => {
    setDraft({ ...draft, ...change });
    // It was of another draft.
    preview.reset();
  };
  const problem = problemsOf(save.error ?? preview.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ id: slo?.id, body: toBody(draft) }, { onSuccess: onDone });
  };
  const part = { draft, set, problem };
  return (
    <Form className="space-y-3" onSubmit={submit}>
      <div className="grid gap-3 sm:grid-cols-2">
        {TEXTS.map(({ key, label }) => (
          <Field
            key={key}
            label={label}
            error={problem(key)}
            value={draft[key]}
            onChange={(event) => set({ [key]: event.target.value })}
          />
        ))}
      </div>
      <Select
        label="Indicator"
        options={KINDS}
        value={draft.kind}
        onChange={(event) => set({ kind: event.target.value as Kind })}
      />
      {draft.kind === "ratio" ? (
        <RatioFields {...part} />
      ) : draft.kind === "check" ? (
        <CheckField {...part} />
      ) : (
        <ApplicationFields {...part} />
      )}
      <Target {...part} />
      <Checkbox
        label="Alert when the budget burns too fast"
        checked={draft.alerts}
        onChange={(event) => set({ alerts: event.target.checked })}
      />
      {save.isError && <Notice variant="bad" title={save.error.message} />}
      <Preview preview={preview} windowDays={draft.windowDays} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button disabled={preview.isPending} onClick={() => preview.mutate(toBody(draft))}>
          {preview.isPending ? "Reading…" : "Preview SLO"}
        </Button>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={save.isPending}>
          Save SLO
        </Button>
      </div>
    </Form>
  );
}
