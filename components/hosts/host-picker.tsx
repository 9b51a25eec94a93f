"use client";

import { useRouter } from "next/navigation";
import { STATE_TITLE } from "#components/hosts/host-state.tsx";
import { Select } from "#components/ui/select.tsx";
import type { HostState } from "#lib/contract/hosts.ts";

type Named = { id: number; name: string; state?: HostState };

/** Chooses the host of a page that shows one; nothing where there is no choice. */
export function HostPicker({ host, hosts, path }: { host: Named; hosts: Named[]; path: string }) {
  const router = useRouter();
  if (hosts.length < 2) return null;
  return (
    <Select
      hiddenLabel
      label="Host"
      value={String(host.id)}
      onChange={(event) => router.push(`${path}?host=${event.target.value}`)}
      options={hosts.map(({ id, name, state }) => ({
        value: String(id),
        title: state && state !== "ok" ? `${name} (${STATE_TITLE[state]})` : name,
      }))}
    />
  );
}
