"use client";

import { useQuery } from "@tanstack/react-query";
import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { ServerForm } from "#components/databases/lazy-server-form.tsx";
import { type Server, serverQuery, useRemoveServer } from "#components/databases/queries.ts";
import { ServerStateBadge } from "#components/databases/server-state.tsx";
import { TimeProvider, usePageTime } from "#components/time/page-time.tsx";
import { TimeControl } from "#components/time/time-control.tsx";
import { Button } from "#components/ui/button.tsx";
import { PageTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { formatText } from "#lib/format/value.ts";

/** The pages whose content is of a range. */
const WITH_TIME = /\/(\d+|queries|sessions|replication)$/;

type Host = { id: number; name: string };

function Manage({ server, hosts }: { server: Server; hosts: Host[] }) {
  const [editing, setEditing] = useState(false);
  const remove = useRemoveServer();
  const router = useRouter();
  return (
    <>
      <Button className="h-8" onClick={() => setEditing(true)}>
        Edit server
      </Button>
      {!server.own && (
        <ConfirmButton
          act="Remove server"
          question={`Remove ${server.name}?`}
          consequence="What was read of its statements, sessions, tables and settings is deleted. Its series stay until their retention ends."
          disabled={remove.isPending}
          onConfirm={() => remove.mutate(server.id, { onSuccess: () => router.push("/databases") })}
        />
      )}
      <Dialog open={editing} onOpenChange={setEditing} title={`Edit ${server.name}`}>
        <ServerForm server={server} hosts={hosts} onDone={() => setEditing(false)} />
      </Dialog>
    </>
  );
}

const tabsOf = ({ id, kind }: Server, search: string) => {
  const root = `/databases/${id}`;
  const all = [
    { href: root + search, title: "Overview" },
    { href: `${root}/findings`, title: "Findings" },
    { href: `${root}/queries${search}`, title: "Queries" },
    { href: `${root}/sessions${search}`, title: "Sessions" },
    { href: `${root}/tables`, title: "Tables and indexes" },
    { href: `${root}/replication${search}`, title: "Replication and WAL" },
    { href: `${root}/settings`, title: "Settings" },
  ];
  return kind === "postgres" ? all : all.slice(0, 2);
};

/** The parts of a server; those of a range go on with the one that is shown. */
function ServerTabs({ server }: { server: Server }) {
  const { address } = usePageTime();
  const entries = Object.entries(address).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const search = entries.length > 0 ? `?${new URLSearchParams(entries)}` : "";
  return <Tabs label={server.name} tabs={tabsOf(server, search)} />;
}

function note({ kind, version, own, address, port, user, host, responseMs, state }: Server): string {
  const product = kind === "postgres" ? "PostgreSQL" : "PgBouncer";
  const answers = responseMs !== null && state !== "down" && state !== "unknown";
  return [
    [product, version].filter(Boolean).join(" "),
    own ? "the portal's own" : `${user}@${address}:${port}`,
    `on ${host.name}`,
    ...(answers ? [`answers in ${formatText(responseMs, "ms")}`] : []),
  ].join(" · ");
}

type Props = { initial: Server; hosts: Host[]; mayManage: boolean; children: ReactNode };

/** The pages of a server: what it is, how it is, and the way to its parts. */
export function DatabaseFrame({ initial, hosts, mayManage, children }: Props) {
  const path = usePathname();
  const { data: server } = useQuery({ ...serverQuery(initial.id), initialData: initial });
  return (
    <TimeProvider>
      <p className="mb-1 text-xs">
        <Link href="/databases" className="text-muted hover:text-ink">
          Databases
        </Link>
      </p>
      <PageTitle
        note={note(server)}
        aside={
          <div className="flex flex-wrap items-center gap-2">
            {WITH_TIME.test(path) && <TimeControl />}
            {mayManage && <Manage server={server} hosts={hosts} />}
          </div>
        }
      >
        {server.name} <ServerStateBadge server={server} />
      </PageTitle>
      <ServerTabs server={server} />
      {server.state === "down" && (
        <Notice variant="bad" className="mb-4" title={server.reason ?? "The server does not answer"}>
          {server.since && (
            <>
              Since <DateTime at={server.since} />. What is shown was read before.
            </>
          )}
        </Notice>
      )}
      {children}
    </TimeProvider>
  );
}
