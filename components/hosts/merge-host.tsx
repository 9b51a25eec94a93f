"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { type Host, hostsQuery, useMergeHost } from "#components/hosts/queries.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

type MergedHost = Pick<Host, "id" | "name" | "hostname">;

/** The host that bears the same name goes on for it most likely. */
const likeliest = (hosts: Host[], { name, hostname }: MergedHost): Host | undefined =>
  hosts.find((host) => host.name === name || host.hostname === hostname) ?? hosts[0];

function MergeForm({ host, hosts, onDone }: { host: MergedHost; hosts: Host[]; onDone: () => void }) {
  const router = useRouter();
  const merge = useMergeHost();
  const [into, setInto] = useState(String(likeliest(hosts, host)?.id));
  const problem = problemsOf(merge.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    merge.mutate({ id: host.id, into: Number(into) }, { onSuccess: ({ id }) => router.replace(`/hosts/${id}`) });
  };
  return (
    <Form className="space-y-3" onSubmit={submit}>
      <Select
        label="Host that goes on"
        options={hosts.map(({ id, name }) => ({ value: String(id), title: `${name}, host ${id}` }))}
        value={into}
        error={problem("into")}
        onChange={(event) => setInto(event.target.value)}
      />
      <p className="text-muted text-sm">
        Everything that {host.name} measured, its alerts, anomalies and annotations become that host's, and rules and
        reports name it instead. {host.name} is then no more. This cannot be undone.
      </p>
      {merge.isError && <Notice variant="bad" title={merge.error.message} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="danger" disabled={merge.isPending}>
          {merge.isPending ? "Merging hosts" : "Merge hosts"}
        </Button>
      </div>
    </Form>
  );
}

/** Gives what a retired host measured to the one that goes on for it. */
export function MergeHost({ host }: { host: MergedHost }) {
  const [open, setOpen] = useState(false);
  const query = useQuery({ ...hostsQuery(false), enabled: open });
  return (
    <>
      <Button className="h-8" onClick={() => setOpen(true)}>
        Merge host
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={`Merge ${host.name} into another host`}>
        <QueryView
          query={query}
          what="The hosts"
          skeleton={<Skeleton className="h-32" />}
          empty={<p className="text-muted text-sm">No host is watched. Add the one that goes on first.</p>}
        >
          {(hosts) => <MergeForm {...{ host, hosts }} onDone={() => setOpen(false)} />}
        </QueryView>
      </Dialog>
    </>
  );
}
