"use client";

import { type FormEvent, useState } from "react";
import { type Server, type ServerRequest, useSaveServer, useTestServer } from "#components/databases/queries.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { formatText } from "#lib/format/value.ts";

const KINDS = [
  { value: "postgres", title: "PostgreSQL" },
  { value: "pgbouncer", title: "PgBouncer" },
];
const TLS = [
  { value: "off", title: "Off" },
  { value: "required", title: "Encrypt" },
  { value: "verified", title: "Encrypt, and check the certificate" },
];
const INTERVALS = [5, 10, 15, 30, 60, 300].map((s) => ({ value: String(s), title: formatText(s, "seconds") }));

type Draft = Required<Omit<ServerRequest, "hostId" | "password">> & { hostId: number | undefined; password: string };

const draftOf = (server: Server | undefined): Draft => ({
  ...{ name: server?.name ?? "", kind: server?.kind ?? "postgres", hostId: server?.host.id },
  ...{ address: server?.address ?? "", port: server?.port ?? 5432, database: server?.database ?? "postgres" },
  ...{ user: server?.user ?? "sightline", password: "", tls: server?.tls ?? "off" },
  ...{ enabled: server?.enabled ?? true, intervalS: server?.intervalS ?? 15 },
});

function requestOf({ hostId, password, ...draft }: Draft): ServerRequest {
  return { ...draft, ...(hostId !== undefined && { hostId }), ...(password !== "" && { password }) };
}

type PartProps = {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  problem: (field: string) => string | undefined;
  isNew: boolean;
};

function Access({ draft, change, problem, isNew }: PartProps) {
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-[1fr_7rem]">
        <Field
          label="Address"
          hint="Host name, address, or the folder of a socket"
          error={problem("address")}
          value={draft.address}
          onChange={(event) => change({ address: event.target.value })}
        />
        <Field
          label="Port"
          type="number"
          error={problem("port")}
          value={draft.port}
          onChange={(event) => change({ port: Number(event.target.value) })}
        />
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="User"
          autoComplete="off"
          error={problem("user")}
          value={draft.user}
          onChange={(event) => change({ user: event.target.value })}
        />
        <Field
          label="Password"
          type="password"
          autoComplete="new-password"
          hint={isNew ? "Stored encrypted and never shown again" : "Empty: the stored one stays"}
          error={problem("password")}
          value={draft.password}
          onChange={(event) => change({ password: event.target.value })}
        />
        <Field
          label="Database"
          hint={draft.kind === "pgbouncer" ? "The console: pgbouncer" : "Where pg_stat_statements is installed"}
          error={problem("database")}
          value={draft.database}
          onChange={(event) => change({ database: event.target.value })}
        />
        <Select
          label="TLS"
          options={TLS}
          value={draft.tls}
          onChange={(event) => change({ tls: event.target.value as Draft["tls"] })}
        />
      </div>
    </>
  );
}

/** What a test of the connection found. */
function TestResult({ test }: { test: ReturnType<typeof useTestServer> }) {
  if (test.isError) return <Notice variant="bad" title={test.error.message} />;
  if (!test.data) return null;
  const { version, responseMs, problems } = test.data;
  return (
    <Notice
      variant={problems.length > 0 ? "warn" : "good"}
      title={`Version ${version} answers in ${formatText(responseMs, "ms")}`}
    >
      {problems.map(({ message, sql }) => (
        <div key={message} className="mt-2">
          <p>{message}</p>
          {sql && <CodeBlock label="SQL that mends it" text={sql} className="mt-1" />}
        </div>
      ))}
    </Notice>
  );
}

function Identity({ draft, change, problem, hosts, isNew }: PartProps & { hosts: { id: number; name: string }[] }) {
  const hostOptions = [
    ...(isNew ? [{ value: "", title: "The portal's own" }] : []),
    ...hosts.map(({ id, name }) => ({ value: String(id), title: name })),
  ];
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field
        label="Name"
        disabled={!isNew}
        hint="Stays: series are stored by it"
        error={problem("name")}
        value={draft.name}
        onChange={(event) => change({ name: event.target.value })}
      />
      <Select
        label="Kind"
        disabled={!isNew}
        options={KINDS}
        value={draft.kind}
        onChange={(event) =>
          change(
            event.target.value === "pgbouncer"
              ? { kind: "pgbouncer", port: 6432, database: "pgbouncer" }
              : { kind: "postgres", port: 5432, database: "postgres" },
          )
        }
      />
      <Select
        label="Host"
        disabled={!isNew}
        options={hostOptions}
        error={problem("host_id")}
        value={String(draft.hostId ?? "")}
        onChange={(event) => change({ hostId: event.target.value === "" ? undefined : Number(event.target.value) })}
      />
      <Select
        label="Sample every"
        options={INTERVALS}
        value={String(draft.intervalS)}
        onChange={(event) => change({ intervalS: Number(event.target.value) })}
      />
    </div>
  );
}

type Props = { server?: Server; hosts: { id: number; name: string }[]; onDone: () => void };

/** Adds a server, or changes how one is watched. */
export function ServerForm({ server, hosts, onDone }: Props) {
  const [draft, setDraft] = useState(() => draftOf(server));
  const save = useSaveServer(server?.id);
  const test = useTestServer(server?.id);
  const isNew = server === undefined;
  const problem = (field: string) => problemsOf(save.error)(field) ?? problemsOf(test.error)(field);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The portal's own has no address: what is asked for is not used.
    const own = server?.own ? { address: "localhost", port: 5432, database: "postgres", user: "sightline" } : {};
    save.mutate({ ...requestOf(draft), ...own }, { onSuccess: onDone });
  };
  const parts = { draft, change, problem, isNew };
  return (
    <Form className="space-y-3" onSubmit={submit}>
      <Identity {...parts} hosts={hosts} />
      {!server?.own && <Access {...parts} />}
      <Checkbox
        label="On"
        hint="Off: nothing is read, and what was read stays"
        checked={draft.enabled}
        onChange={(event) => change({ enabled: event.target.checked })}
      />
      <TestResult test={test} />
      {save.isError && <Notice variant="bad" title={save.error.message} />}
      <div className="flex flex-wrap justify-end gap-2">
        {!server?.own && (
          <Button className="mr-auto" disabled={test.isPending} onClick={() => test.mutate(requestOf(draft))}>
            {test.isPending ? "Testing connection" : "Test connection"}
          </Button>
        )}
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={save.isPending}>
          {isNew ? "Add server" : "Save server"}
        </Button>
      </div>
    </Form>
  );
}
