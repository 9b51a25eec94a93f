"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { HeatMap, type HeatMetric } from "#components/hosts/heat-map.tsx";
import { filterHosts, groupsOf, SORT_KEYS, type SortKey, sortHosts, tagsOf } from "#components/hosts/host-filter.ts";
import { HostTable } from "#components/hosts/host-table.tsx";
import { type Host, hostsQuery } from "#components/hosts/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { ButtonLink } from "#components/ui/button-link.tsx";
import { PageTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { SearchField } from "#components/ui/search-field.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Select } from "#components/ui/select.tsx";
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

const choices = (all: string, values: string[]) => [
  { value: "", title: all },
  ...values.map((value) => ({ value, title: value })),
];

function Summary({ hosts, shown }: { hosts: Host[]; shown: number }) {
  const count = (state: Host["state"]) => hosts.filter((host) => host.state === state).length;
  const parts = [
    shown === hosts.length ? plural(hosts.length, "host") : `${shown} of ${plural(hosts.length, "host")}`,
    ...(["critical", "warning"] as const).map((state) => (count(state) > 0 ? `${count(state)} ${state}` : "")),
    count("no_data") > 0 ? `${count("no_data")} without data` : "",
  ];
  return <>{parts.filter(Boolean).join(" · ")}</>;
}

function useHostState() {
  const [state, setState] = useQueryStates(STATE);
  const onSort = (key: SortKey) =>
    void setState(key === state.sort ? { up: !state.up } : { sort: key, up: key === "name" });
  return { state, setState, onSort };
}

type StateProps = { hosts: Host[] } & Omit<ReturnType<typeof useHostState>, "onSort">;

function Toolbar({ hosts, state, setState }: StateProps) {
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <SearchField
        label="Search hosts"
        placeholder="Search name, tag, system"
        value={state.search}
        onChange={(text) => void setState({ search: text || null })}
      />
      {tagsOf(hosts).length > 0 && (
        <Select
          hiddenLabel
          label="Tag"
          options={choices("All tags", tagsOf(hosts))}
          value={state.tag}
          onChange={(event) => void setState({ tag: event.target.value || null })}
        />
      )}
      {groupsOf(hosts).length > 0 && (
        <Select
          hiddenLabel
          label="Group"
          options={choices("All groups", groupsOf(hosts))}
          value={state.group}
          onChange={(event) => void setState({ group: event.target.value || null })}
        />
      )}
      <Segmented label="View" options={VIEWS} value={state.view} onChange={(view) => void setState({ view })} />
      <Button variant="quiet" className="h-8 text-xs" onClick={() => void setState({ retired: !state.retired })}>
        {state.retired ? "Show watched hosts" : "Show retired hosts"}
      </Button>
    </div>
  );
}

function NoHost({ retired, mayManage }: { retired: boolean; mayManage: boolean }) {
  if (retired) return <Notice title="No host is retired">A host is retired on its page, under Agent and host.</Notice>;
  return (
    <Notice title="No host has sent a sample yet">
      <p className="mb-2">
        The portal's own machine appears as soon as its recorder runs. Others are added by an agent.
      </p>
      {mayManage && (
        <ButtonLink href="/hosts/add" variant="primary">
          Add host
        </ButtonLink>
      )}
    </Notice>
  );
}

/** All hosts, as a table or a heat map, by state, figures, tags and groups. */
export function HostList({ mayManage }: { mayManage: boolean }) {
  const { state, setState, onSort } = useHostState();
  const query = useQuery(hostsQuery(state.retired));
  const hosts = query.data ?? [];
  const shown = sortHosts(filterHosts(hosts, state), state.sort, !state.up);
  const heat = HEAT[state.view];
  return (
    <>
      <PageTitle
        note={query.data ? <Summary hosts={hosts} shown={shown.length} /> : " "}
        aside={
          <span className="flex flex-wrap items-center gap-2">
            <ExportDialog what="hosts" request={{ kind: "hosts" }} />
            {mayManage && <ButtonLink href="/hosts/add">Add host</ButtonLink>}
          </span>
        }
      >
        {state.retired ? "Retired hosts" : "Hosts"}
      </PageTitle>
      <Toolbar {...{ hosts, state, setState }} />
      <QueryView query={query} what="The hosts" empty={<NoHost {...{ retired: state.retired, mayManage }} />}>
        {() => {
          if (shown.length === 0)
            return <Notice title="No host matches">Clear the search, the tag or the group.</Notice>;
          if (heat) return <HeatMap hosts={shown} metric={heat} />;
          return <HostTable hosts={shown} sorting={{ key: state.sort, descending: !state.up }} onSort={onSort} />;
        }}
      </QueryView>
    </>
  );
}
