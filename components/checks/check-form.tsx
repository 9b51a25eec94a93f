"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { FAILURE_TITLE, KIND_TITLE, TARGET_HINT } from "#components/checks/labels.ts";
import { type CheckDraft, type ListedCheck, useSaveCheck, useTestCheck } from "#components/checks/queries.ts";
import { hostsQuery } from "#components/hosts/queries.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { CHECK_KINDS, type CheckKind, RECORD_TYPES } from "#lib/contract/enums.ts";
import { formatText } from "#lib/format/value.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

type Draft = {
  name: string;
  kind: CheckKind;
  target: string;
  interval: string;
  timeout: string;
  statuses: string;
  body: string;
  verifyTls: boolean;
  record: string;
  resolver: string;
  expected: string;
  hostIds: number[];
  enabled: boolean;
};

const toDraft = (check: ListedCheck | undefined): Draft => ({
  name: check?.name ?? "",
  kind: check?.kind ?? "http",
  target: check?.target ?? "",
  interval: String((check?.intervalMs ?? 60_000) / SECOND_MS),
  timeout: String((check?.timeoutMs ?? 10_000) / SECOND_MS),
  statuses: check?.options.statuses ?? "",
  body: check?.options.body ?? "",
  verifyTls: check?.options.verifyTls ?? true,
  record: check?.options.record ?? "A",
  resolver: check?.options.resolver ?? "",
  expected: check?.options.expected ?? "",
  hostIds: check?.hostIds ?? [],
  enabled: check?.enabled ?? true,
});

/** Only the options that the kind has, and only those that say something. */
function toBody(draft: Draft): CheckDraft {
  const { name, kind, target, hostIds, enabled, statuses, body, verifyTls, resolver, expected } = draft;
  const given = (value: object, text: string) => (text.trim() === "" ? {} : value);
  const http = { ...given({ statuses }, statuses), ...given({ body }, body), ...(verifyTls ? {} : { verifyTls }) };
  const record = draft.record as (typeof RECORD_TYPES)[number];
  const dns = { record, ...given({ resolver }, resolver), ...given({ expected }, expected) };
  return {
    ...{ name, kind, target, hostIds, enabled },
    intervalMs: Math.round(Number(draft.interval) * SECOND_MS),
    timeoutMs: Math.round(Number(draft.timeout) * SECOND_MS),
    options: kind === "http" ? http : kind === "dns" ? dns : {},
  };
}

type Problem = (name: string) => string | undefined;
type PartProps = { draft: Draft; set: (change: Partial<Draft>) => void; problem: Problem };

function HttpOptions({ draft, set, problem }: PartProps) {
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Expected status"
          placeholder="200-399"
          hint="Statuses and ranges, with commas between"
          error={problem("options.statuses")}
          value={draft.statuses}
          onChange={(event) => set({ statuses: event.target.value })}
        />
        <Field
          label="Body must match"
          hint="A regular expression (RE2); empty for any body"
          error={problem("options.body")}
          value={draft.body}
          onChange={(event) => set({ body: event.target.value })}
        />
      </div>
      <Checkbox
        label="Fail where the certificate is not trusted"
        checked={draft.verifyTls}
        onChange={(event) => set({ verifyTls: event.target.checked })}
      />
    </>
  );
}

function DnsOptions({ draft, set, problem }: PartProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <Select
        label="Record"
        options={RECORD_TYPES.map((value) => ({ value, title: value }))}
        value={draft.record}
        onChange={(event) => set({ record: event.target.value })}
      />
      <Field
        label="Name server"
        hint="Its address; empty for the system's"
        error={problem("options.resolver")}
        value={draft.resolver}
        onChange={(event) => set({ resolver: event.target.value })}
      />
      <Field
        label="Expected answer"
        hint="Empty for any answer"
        error={problem("options.expected")}
        value={draft.expected}
        onChange={(event) => set({ expected: event.target.value })}
      />
    </div>
  );
}

function Timing({ draft, set, problem }: PartProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field
        label="Every"
        unit="s"
        type="number"
        min={5}
        error={problem("interval_ms")}
        value={draft.interval}
        onChange={(event) => set({ interval: event.target.value })}
      />
      <Field
        label="Time limit"
        unit="s"
        type="number"
        min={1}
        error={problem("timeout_ms")}
        value={draft.timeout}
        onChange={(event) => set({ timeout: event.target.value })}
      />
    </div>
  );
}

/** The portal, or hosts with an agent. */
function RunFrom({ draft, set, problem }: PartProps) {
  const { data = [] } = useQuery(hostsQuery(false));
  const hosts = data.filter(({ agent }) => agent && agent.revokedAt === null);
  const fault = problem("host_ids");
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-xs">Run from</legend>
      <div className="grid max-h-40 gap-1.5 overflow-y-auto rounded-md border border-line p-2 sm:grid-cols-2">
        <Checkbox label="The portal" checked={draft.hostIds.length === 0} onChange={() => set({ hostIds: [] })} />
        {hosts.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={name}
            checked={draft.hostIds.includes(id)}
            onChange={(event) =>
              set({
                hostIds: event.target.checked ? [...draft.hostIds, id] : draft.hostIds.filter((own) => own !== id),
              })
            }
          />
        ))}
      </div>
      {fault && <p className="mt-1 text-bad text-xs">{fault}</p>}
    </fieldset>
  );
}

function TestResult({ test }: { test: ReturnType<typeof useTestCheck> }) {
  if (test.isError) return <Notice variant="bad" title={test.error.message} />;
  if (!test.data) return null;
  const { up, reason, detail, durationMs, phases } = test.data;
  const stages = Object.entries(phases).map(([phase, ms]) => `${phase.replace("_", " ")} ${formatText(ms, "ms")}`);
  return (
    <Notice
      variant={up ? "good" : "warn"}
      title={up ? `Up, in ${formatText(durationMs, "ms")}` : `Down: ${FAILURE_TITLE[reason ?? "answer"]}`}
    >
      {[detail, ...stages].filter(Boolean).join(" · ")}
    </Notice>
  );
}

/** Creates or changes a check, and runs it once from the portal before that. */
export function CheckForm({ check, onDone }: { check: ListedCheck | undefined; onDone: () => void }) {
  const [draft, setDraft] = useState(() => toDraft(check));
  const [save, test] = [useSaveCheck(), useTestCheck()];
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const problem = problemsOf(save.error ?? test.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ id: check?.id, body: toBody(draft) }, { onSuccess: onDone });
  };
  const part = { draft, set, problem };
  return (
    <Form className="space-y-3" onSubmit={submit}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Name"
          error={problem("name")}
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
        />
        <Select
          label="Kind"
          options={CHECK_KINDS.map((value) => ({ value, title: KIND_TITLE[value] }))}
          value={draft.kind}
          onChange={(event) => set({ kind: event.target.value as CheckKind })}
        />
      </div>
      <Field
        label="Target"
        placeholder={TARGET_HINT[draft.kind]}
        error={problem("target")}
        value={draft.target}
        onChange={(event) => set({ target: event.target.value })}
      />
      {draft.kind === "http" && <HttpOptions {...part} />}
      {draft.kind === "dns" && <DnsOptions {...part} />}
      <Timing {...part} />
      <RunFrom {...part} />
      <Checkbox label="Enabled" checked={draft.enabled} onChange={(event) => set({ enabled: event.target.checked })} />
      {save.isError && <Notice variant="bad" title={save.error.message} />}
      <TestResult test={test} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button disabled={test.isPending} onClick={() => test.mutate(toBody(draft))}>
          {test.isPending ? "Testing…" : "Test from the portal"}
        </Button>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={save.isPending}>
          Save check
        </Button>
      </div>
    </Form>
  );
}
