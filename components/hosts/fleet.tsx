"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { ReactNode } from "react";
import { HeatMap, type HeatMetric } from "#components/hosts/heat-map.tsx";
import { filterHosts, groupsOf, SORT_KEYS, type SortKey, sortHosts, tagsOf } from "#components/hosts/host-filter.ts";
import { HostTable } from "#components/hosts/host-table.tsx";
import { hostsQuery } from "#components/hosts/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { SearchField } from "#components/ui/search-field.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Select } from "#components/ui/select.tsx";
import type { HostState } from "#lib/contract/hosts.ts";
import { plural } from "#lib/format/plural.ts";

const VIEWS = ["Table", "CPU", "Memory", "Disk"] as const;
const HEAT: Record<string, HeatMetric> = { CPU: "cpu", Memory: "memory", Disk: "disk" };

const STATE = {
  search: parseAsString.withDefault(""),
  tag: parseAsString.withDefault(""),
  group: parseAsString.withDefault(""),
  sort: parseAsStringLiteral(SORT_KEYS).withDefault("state"),
  up: parseAsBoolean.withDefault(false),
  view: parseAsStringLiteral(VIEWS).withDefault("Table"),
  retired: parseAsBoolean.withDefault(false),
};

/** The hosts, and those that the address leaves of them, in its order. */
export function useFleet({ onlyWatched = false } = {}) {
  const [state, setState] = useQueryStates(STATE);
  const query = useQuery(hostsQuery(state.retired && !onlyWatched));
  const hosts = query.data ?? [];
  const shown = sortHosts(filterHosts(hosts, state), state.sort, !state.up);
  const sortBy = (key: SortKey) =>
    void setState(key === state.sort ? { up: !state.up } : { sort: key, up: key === "name" });
  return { state, setState, query, hosts, shown, sortBy };
}

type Fleet = ReturnType<typeof useFleet>;

/** How many hosts there are, and in which state. */
export function FleetSummary({ fleet: { query, hosts, shown } }: { fleet: Fleet }) {
  if (!query.data) return " ";
  const count = (state: HostState) => hosts.filter((host) => host.state === state).length;
  const parts = [
    shown.length === hosts.length ? plural(hosts.length, "host") : `${shown.length} of ${plural(hosts.length, "host")}`,
    ...(["critical", "warning"] as const).map((state) => (count(state) > 0 ? `${count(state)} ${state}` : "")),
    count("no_data") > 0 ? `${count("no_data")} without data` : "",
  ];
  return <>{parts.filter(Boolean).join(" · ")}</>;
}

type ChoiceProps = {
  label: string;
  /** What stands for no choice. */
  all: string;
  values: string[];
  value: string;
  choose: (value: string | null) => unknown;
};

/** Of a tag or a group that hosts have; nothing where none has one. */
function Choice({ label, all, values, value, choose }: ChoiceProps) {
  if (values.length === 0) return null;
  return (
    <Select
      hiddenLabel
      label={label}
      options={[{ value: "", title: all }, ...values.map((each) => ({ value: each, title: each }))]}
      value={value}
      onChange={(event) => choose(event.target.value || null)}
    />
  );
}

/** What narrows the hosts, and how they are shown. */
export function FleetToolbar({ fleet: { hosts, state, setState }, children }: { fleet: Fleet; children?: ReactNode }) {
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <SearchField
        label="Search hosts"
        placeholder="Search name, tag, system"
        value={state.search}
        onChange={(text) => void setState({ search: text || null })}
      />
      <Choice label="Tag" all="All tags" values={tagsOf(hosts)} value={state.tag} choose={(tag) => setState({ tag })} />
      <Choice
        label="Group"
        all="All groups"
        values={groupsOf(hosts)}
        value={state.group}
        choose={(group) => setState({ group })}
      />
      <Segmented label="View" options={VIEWS} value={state.view} onChange={(view) => void setState({ view })} />
      {children}
    </div>
  );
}

/** The hosts as a table or a heat map; `empty` where there is none. */
export function FleetView({
  fleet: { query, state, setState, shown, sortBy },
  empty,
}: {
  fleet: Fleet;
  empty: ReactNode;
}) {
  const heat = HEAT[state.view];
  return (
    <QueryView query={query} what="The hosts" empty={empty}>
      {() => {
        if (shown.length === 0)
          return (
            <Notice title="No host matches">
              <Button className="h-8" onClick={() => void setState({ search: null, tag: null, group: null })}>
                Clear search, tag and group
              </Button>
            </Notice>
          );
        if (heat) return <HeatMap hosts={shown} metric={heat} />;
        return <HostTable hosts={shown} sorting={{ key: state.sort, descending: !state.up }} onSort={sortBy} />;
      }}
    </QueryView>
  );
}
