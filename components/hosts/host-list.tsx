import Link from "next/link";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import type { CallOutput } from "#components/layout/api.ts";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { contract } from "#lib/contract/index.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

type Host = CallOutput<typeof contract.hosts.list>[number];

const FRESH_MS = MINUTE_MS;

function age(at: Date | null, now: number): string {
  if (!at) return "no sample yet";
  const ms = now - at.getTime();
  if (ms < FRESH_MS) return "online";
  const minutes = Math.floor(ms / MINUTE_MS);
  return minutes < 120 ? `no data for ${minutes} min` : `no data for ${Math.floor(minutes / 60)} h`;
}

export function HostList({ hosts, now }: { hosts: Host[]; now: number }) {
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
                  <span className="figures shrink-0 text-muted text-xs">{age(host.lastSampleAt, now)}</span>
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
