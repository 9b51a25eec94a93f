"use client";

import { useRouter } from "next/navigation";
import { Select } from "#components/ui/select.tsx";

type Named = { id: number; name: string };

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
      options={hosts.map(({ id, name }) => ({ value: String(id), title: name }))}
    />
  );
}
