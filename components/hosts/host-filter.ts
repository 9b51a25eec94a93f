import type { Host } from "#components/hosts/queries.ts";
import type { HostState } from "#lib/contract/hosts.ts";
import { wordsOf } from "#lib/format/words.ts";

export const SORT_KEYS = ["state", "name", "cpu", "memory", "disk", "response", "seen"] as const;
export type SortKey = (typeof SORT_KEYS)[number];

/** Texts of before a space all have to match: name, hostname, group, tags and system are looked at. */
export type HostFilter = { search: string; tag: string; group: string };

const GRAVITY: Record<HostState, number> = { critical: 3, no_data: 2, warning: 1, ok: 0 };

const textOf = ({ name, hostname, group, tags, system }: Host): string =>
  [name, hostname, group, ...tags, system.os ?? ""].join(" ").toLowerCase();

/** The hosts that a filter lets through. */
export function filterHosts(hosts: Host[], { search, tag, group }: HostFilter): Host[] {
  const words = wordsOf(search);
  return hosts.filter(
    (host) =>
      (tag === "" || host.tags.includes(tag)) &&
      (group === "" || host.group === group) &&
      words.every((word) => textOf(host).includes(word)),
  );
}

/** All tags, or groups, that hosts have, in order. */
export const tagsOf = (hosts: Host[]): string[] => [...new Set(hosts.flatMap(({ tags }) => tags))].sort();
export const groupsOf = (hosts: Host[]): string[] =>
  [...new Set(hosts.map(({ group }) => group))].filter(Boolean).sort();

const collator = new Intl.Collator(undefined, { numeric: true });
const byName = (a: Host, b: Host): number => collator.compare(a.name, b.name) || a.id - b.id;

function sortValue(host: Host, key: Exclude<SortKey, "name">): number | null {
  if (key === "state") return GRAVITY[host.state];
  if (key === "seen") return host.lastSampleAt?.getTime() ?? null;
  return host[key];
}

/** Hosts in order; those without a value come last in either direction, and equal ones by name. */
export function sortHosts(hosts: Host[], key: SortKey, descending: boolean): Host[] {
  const sign = descending ? -1 : 1;
  if (key === "name") return [...hosts].sort((a, b) => sign * byName(a, b));
  return [...hosts].sort((a, b) => {
    const [x, y] = [sortValue(a, key), sortValue(b, key)];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || byName(a, b);
    return sign * (x - y) || byName(a, b);
  });
}
