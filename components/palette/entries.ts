import { useQuery } from "@tanstack/react-query";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useTheme } from "next-themes";
import { catalogueQuery } from "#components/catalogue/queries.ts";
import { helpQuery } from "#components/help/queries.ts";
import { STATE_TITLE } from "#components/hosts/host-state.tsx";
import { hostsQuery } from "#components/hosts/queries.ts";
import { leave } from "#components/layout/sign-out.ts";
import { hostAddress } from "#components/palette/host-address.ts";
import { bestOf } from "#components/palette/match.ts";
import { placesOf } from "#components/palette/places.ts";
import { useSettled } from "#components/ui/use-settled.ts";
import { may } from "#lib/contract/permissions.ts";
import type { Role } from "#lib/contract/roles.ts";

const MOST = 8;
/** So many letters name a metric well enough to ask for it. */
const LEAST_LETTERS = 2;
/** So long a search may be by the API. */
const LONGEST = 200;

/** Something that the palette offers. */
export type Entry = { key: string; title: string; note?: string; run: () => void };
export type Group = { title: string; entries: Entry[]; isFailed?: boolean };

function usePlaces(role: Role, typed: string): Group {
  const router = useRouter();
  const found = bestOf(placesOf(role), ({ title, words = "" }) => `${title} ${words}`, typed, MOST);
  const entries = found.map(({ href, title }) => ({ key: href, title, run: () => router.push(href) }));
  return { title: "Pages", entries };
}

function useHosts(role: Role, typed: string): Group {
  const [router, path, search] = [useRouter(), usePathname(), useSearchParams()];
  const { data = [], isLoadingError } = useQuery({ ...hostsQuery(false), enabled: may(role, "hosts:read") });
  const textOf = ({ name, hostname, group, tags }: (typeof data)[number]) => [name, hostname, group, ...tags].join(" ");
  const found = typed.trim() === "" ? [] : bestOf(data, textOf, typed, MOST);
  const entries = found.map(({ id, name, state, group }) => ({
    key: `host ${id}`,
    title: name,
    note: [group, STATE_TITLE[state]].filter(Boolean).join(" · "),
    run: () => router.push(hostAddress(path, search.toString(), id)),
  }));
  return { title: "Hosts", entries, isFailed: isLoadingError };
}

function useMetrics(role: Role, typed: string): Group {
  const router = useRouter();
  const wanted = useSettled(typed.trim());
  const isWanted = wanted.length >= LEAST_LETTERS && wanted === typed.trim() && may(role, "metrics:read");
  const { data, isLoadingError } = useQuery({
    ...catalogueQuery({ search: wanted.slice(0, LONGEST), limit: MOST }),
    enabled: isWanted,
    refetchInterval: false,
  });
  const found = bestOf(data?.metrics ?? [], ({ title, name }) => `${title ?? ""} ${name}`.trim(), wanted, MOST);
  const entries = (isWanted ? found : []).map(({ name, kind, title }) => ({
    key: `metric ${name} ${kind}`,
    title: title ?? name,
    ...(title ? { note: name } : {}),
    run: () => router.push(`/catalogue/metric?${new URLSearchParams({ name, kind })}`),
  }));
  return { title: "Metrics", entries, isFailed: isWanted && isLoadingError };
}

const MOST_SECTIONS = 4;

function useGuides(role: Role, typed: string): Group {
  const router = useRouter();
  const wanted = useSettled(typed.trim()).slice(0, LONGEST);
  const isWanted = wanted.length >= LEAST_LETTERS && may(role, "help:read");
  const { data = [], isLoadingError } = useQuery({ ...helpQuery(wanted), enabled: isWanted });
  const entries = (isWanted ? data : []).slice(0, MOST_SECTIONS).map(({ href, heading, guideTitle }) => ({
    key: href,
    title: heading,
    note: guideTitle,
    run: () => router.push(href),
  }));
  return { title: "Help", entries, isFailed: isWanted && isLoadingError };
}

function useActs(typed: string, showSheet: () => void): Group {
  const { setTheme } = useTheme();
  const acts: (Entry & { words: string })[] = [
    { key: "dark", title: "Dark theme", words: "colour night", run: () => setTheme("dark") },
    { key: "light", title: "Light theme", words: "colour day", run: () => setTheme("light") },
    { key: "system", title: "Theme of the system", words: "colour", run: () => setTheme("system") },
    {
      ...{ key: "link", title: "Copy the address of this page", words: "link url share" },
      run: () => void navigator.clipboard?.writeText(window.location.href),
    },
    { key: "sheet", title: "Keyboard shortcuts", words: "keys help", run: showSheet },
    { key: "leave", title: "Sign out", words: "log out leave", run: () => void leave() },
  ];
  return { title: "Acts", entries: bestOf(acts, ({ title, words }) => `${title} ${words}`, typed, MOST) };
}

/** What answers what was typed, in groups; those without any are left out. */
export function useEntries(role: Role, typed: string, showSheet: () => void): Group[] {
  const groups = [
    usePlaces(role, typed),
    useHosts(role, typed),
    useMetrics(role, typed),
    useActs(typed, showSheet),
    useGuides(role, typed),
  ];
  return groups.filter(({ entries, isFailed }) => entries.length > 0 || isFailed);
}
