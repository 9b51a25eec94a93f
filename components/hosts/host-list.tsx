import Link from "next/link";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { HostStateBadge } from "#components/hosts/host-state.tsx";
import type { CallOutput } from "#components/layout/api.ts";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { contract } from "#lib/contract/index.ts";

type Host = CallOutput<typeof contract.hosts.list>[number];

/** All hosts, each with how it is. */
export function HostList({ hosts }: { hosts: Host[] }) {
  return (
    <>
      <PageTitle
        note={`${hosts.length} ${hosts.length === 1 ? "machine" : "machines"}`}
        aside={<ExportDialog what="hosts" request={{ kind: "hosts" }} />}
      >
        Hosts
      </PageTitle>
      {hosts.length === 0 && (
        <Notice title="No host has sent a sample yet">The recorder on this machine registers it when it starts.</Notice>
      )}
      <ul className="grid gap-3 md:grid-cols-2 2xl:grid-cols-3">
        {hosts.map((host) => (
          <li key={host.id}>
            <Link href={`/hosts/${host.id}`} className="block rounded-lg">
              <Card className="transition hover:border-accent">
                <span className="flex items-baseline justify-between gap-3">
                  <span className="truncate font-medium">{host.name}</span>
                  <HostStateBadge host={host} />
                </span>
                <span className="mt-1 block truncate text-muted text-xs">
                  {[host.system.os, host.system.cpu, host.system.cores && `${host.system.cores} cores`]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </Card>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
