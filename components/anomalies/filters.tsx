"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Segmented } from "#components/ui/segmented.tsx";
import { Select } from "#components/ui/select.tsx";

const SPANS = ["24h", "7d", "30d"] as const;
const VIEWS = ["Incidents", "Anomalies"] as const;

const any = (what: string) => ({ value: "", title: `Any ${what}` });
const same = (...values: string[]) => values.map((value) => ({ value, title: value }));

const SEVERITIES = [any("severity"), ...same("critical", "warning", "info")];
const STATUSES = [
  any("status"),
  ...same("open", "acknowledged", "resolved"),
  { value: "false_alarm", title: "false alarm" },
];
const TYPES = [any("type"), ...same("spike", "shift", "seasonal", "erratic", "flat", "limit")];

/** What the page shows, kept in its address. */
export function useAnomalyFilters() {
  const [filters, setFilters] = useQueryStates({
    span: parseAsStringLiteral(SPANS).withDefault("7d"),
    view: parseAsStringLiteral(VIEWS).withDefault("Incidents"),
    host: parseAsString.withDefault(""),
    severity: parseAsString.withDefault(""),
    status: parseAsString.withDefault(""),
    type: parseAsString.withDefault(""),
  });
  return { filters, setFilters };
}

export function AnomalyFilters({ hosts }: { hosts: { id: number; name: string }[] }) {
  const { filters, setFilters } = useAnomalyFilters();
  const set = (key: keyof typeof filters) => (event: { target: { value: string } }) =>
    void setFilters({ [key]: event.target.value || null });
  const list = filters.view === "Anomalies";
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <Segmented label="View" options={VIEWS} value={filters.view} onChange={(view) => void setFilters({ view })} />
      <Segmented label="Span" options={SPANS} value={filters.span} onChange={(span) => void setFilters({ span })} />
      {hosts.length > 1 && (
        <Select
          hiddenLabel
          label="Host"
          value={filters.host}
          onChange={set("host")}
          options={[any("host"), ...hosts.map(({ id, name }) => ({ value: String(id), title: name }))]}
        />
      )}
      {list && (
        <>
          <Select
            hiddenLabel
            label="Severity"
            value={filters.severity}
            onChange={set("severity")}
            options={SEVERITIES}
          />
          <Select hiddenLabel label="Status" value={filters.status} onChange={set("status")} options={STATUSES} />
          <Select hiddenLabel label="Type" value={filters.type} onChange={set("type")} options={TYPES} />
        </>
      )}
    </div>
  );
}
