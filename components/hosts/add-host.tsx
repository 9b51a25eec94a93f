"use client";

import { useQuery } from "@tanstack/react-query";
import { LoaderCircle } from "lucide-react";
import { type FormEvent, useState } from "react";
import { HostFigure } from "#components/hosts/host-figure.tsx";
import { InstallLine } from "#components/hosts/install-line.tsx";
import {
  type CreatedToken,
  type EnrolmentToken,
  type Host,
  hostsQuery,
  tokensQuery,
  useCreateToken,
  useRemoveToken,
} from "#components/hosts/queries.ts";
import { splitTags } from "#components/hosts/tags.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Link } from "#components/ui/link.tsx";
import { ListRow } from "#components/ui/list-row.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { useTextFields } from "#components/ui/use-text-fields.ts";
import { plural } from "#lib/format/plural.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

const VALID = [
  { value: "1", title: "1 hour" },
  { value: "24", title: "1 day" },
  { value: "168", title: "7 days" },
];

function TokenForm({ onCreated }: { onCreated: (token: CreatedToken) => void }) {
  const create = useCreateToken();
  const { texts, field } = useTextFields({ tags: "", group: "", hours: "1", maxHosts: "1" });
  const problem = problemsOf(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { tags, group, hours, maxHosts } = texts;
    create.mutate(
      { tags: splitTags(tags), group, hours: Number(hours), maxHosts: Number(maxHosts) },
      { onSuccess: onCreated },
    );
  };
  return (
    <Form className="space-y-3" onSubmit={submit}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Tags" hint="With commas between: env:prod, web" error={problem("tags")} {...field("tags")} />
        <Field
          label="Group"
          hint="Such as a site or a team; may stay empty"
          error={problem("group")}
          {...field("group")}
        />
        <Field
          label="Hosts"
          type="number"
          min={1}
          max={1000}
          hint="How many hosts may use the line"
          error={problem("max_hosts")}
          {...field("maxHosts")}
        />
        <Select label="Valid for" options={VALID} error={problem("hours")} {...field("hours")} />
      </div>
      {create.isError && <Notice variant="bad" title={create.error.message} />}
      <Button type="submit" variant="primary" disabled={create.isPending}>
        Create install line
      </Button>
    </Form>
  );
}

function Arrival({ host }: { host: Host }) {
  const arrived = host.lastSampleAt !== null;
  return (
    <ListRow
      title={host.name}
      note={
        arrived ? (
          <>
            Data is arriving: CPU <HostFigure value={host.cpu} />, memory <HostFigure value={host.memory} />
          </>
        ) : (
          "Enrolled; its first sample is awaited"
        )
      }
    >
      <Link href={`/hosts/${host.id}`} className="text-accent text-sm hover:underline">
        Open host
      </Link>
    </ListRow>
  );
}

/** The hosts that came by a line, as they come. */
function Arrivals({ since }: { since: number }) {
  const { data = [] } = useQuery(hostsQuery(false, 2 * SECOND_MS));
  const arrived = data.filter(({ agent }) => agent && agent.enrolledAt.getTime() >= since);
  return (
    <div aria-live="polite" className="mt-4 border-line border-t pt-3">
      {arrived.length === 0 ? (
        <p className="flex items-center gap-2 text-muted text-xs">
          <LoaderCircle aria-hidden className="size-4 animate-spin motion-reduce:animate-none" />
          Waiting for an agent to enrol by this line
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {arrived.map((host) => (
            <Arrival key={host.id} host={host} />
          ))}
        </ul>
      )}
    </div>
  );
}

const tokenNote = ({ host, tags, group, used, maxHosts, expiresAt }: EnrolmentToken) => (
  <>
    {host ? `Installs the agent of ${host.name} again` : `${used} of ${plural(maxHosts, "host")} enrolled`}
    {[group, ...tags].filter(Boolean).map((text) => ` · ${text}`)} · until <DateTime at={expiresAt} />
  </>
);

function Tokens() {
  const { data = [] } = useQuery(tokensQuery);
  const remove = useRemoveToken();
  if (data.length === 0) return null;
  return (
    <Card>
      <CardTitle>Install lines that are still valid</CardTitle>
      {remove.isError && <Notice variant="bad" title={remove.error.message} />}
      <ul className="divide-y divide-line">
        {data.map((token) => (
          <ListRow key={token.id} title={`Install line ${token.id.slice(-6)}`} note={tokenNote(token)}>
            <Button
              variant="danger"
              className="h-8"
              disabled={remove.isPending}
              onClick={() => remove.mutate(token.id)}
            >
              Revoke line
            </Button>
          </ListRow>
        ))}
      </ul>
    </Card>
  );
}

/** Adds hosts: a line to paste, and what comes of it, live. */
export function AddHost() {
  const [created, setCreated] = useState<{ token: CreatedToken; at: number }>();
  return (
    <>
      <PageTitle note="The agent samples its host as the portal samples its own, and sends over HTTPS">
        Add host
      </PageTitle>
      <div className="grid max-w-4xl gap-4">
        <Card>
          {created ? (
            <>
              <InstallLine token={created.token} />
              <Arrivals since={created.at} />
              <Button className="mt-3" onClick={() => setCreated(undefined)}>
                Create another line
              </Button>
            </>
          ) : (
            // The portal's clock says when agents enrolled; readers' clocks differ by less than a line is old.
            <TokenForm onCreated={(token) => setCreated({ token, at: Date.now() - 30 * SECOND_MS })} />
          )}
        </Card>
        <Tokens />
      </div>
    </>
  );
}
