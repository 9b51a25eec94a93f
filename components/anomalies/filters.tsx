"use client";

import { parseAsInteger, parseAsStringLiteral, useQueryStates } from "nuqs";
import { STATUS_TITLE, TYPE_TITLE } from "#components/anomalies/labels.ts";
import { Segmented } from "#components/ui/segmented.tsx";
import { Select } from "#components/ui/select.tsx";
import { ANOMALY_STATUSES, ANOMALY_TYPES, SEVERITIES } from "#lib/contract/enums.ts";

const SPANS = ["24h", "7d", "30d"] as const;
const VIEWS = ["Incidents", "Anomalies"] as const;

/** "Any severity", then each of them. */
const options = (what: string, values: readonly string[], titles: Record<string, string> = {}) => [
  { value: "", title: `Any ${what}` },
  ...values.map((value) => ({ value, title: titles[value] ?? value })),
];

const SEVERITY_OPTIONS = options("severity", SEVERITIES.toReversed());
const STATUS_OPTIONS = options("status", ANOMALY_STATUSES, STATUS_TITLE);
const TYPE_OPTIONS = options("type", ANOMALY_TYPES, TYPE_TITLE);

/** What the page shows, kept in its address. */
export function useAnomalyFilters() {
  const [filters, setFilters] = useQueryStates({
    span: parseAsStringLiteral(SPANS).withDefault("7d"),
    view: parseAsStringLiteral(VIEWS).withDefault("Incidents"),
    host: parseAsInteger,
    severity: parseAsStringLiteral(SEVERITIES),
    status: parseAsStringLiteral(ANOMALY_STATUSES),
    type: parseAsStringLiteral(ANOMALY_TYPES),
  });
  return { filters, setFilters };
}

export type AnomalyFilters = ReturnType<typeof useAnomalyFilters>["filters"];

/** The filters as the API and exports take them: of anomalies, and of the hosts and range that incidents take alone. */
export function filterQuery({ span, host, severity, status, type }: AnomalyFilters) {
  const list = <T,>(value: T | null) => (value === null ? undefined : [value]);
  const range = { from: `now-${span}`, to: "now", host: host ?? undefined };
  return { range, anomalies: { ...range, severity: list(severity), status: list(status), type: list(type) } };
}

export function FilterBar({ hosts }: { hosts: { id: number; name: string }[] }) {
  const { filters, setFilters } = useAnomalyFilters();
  const selects = [
    { key: "severity", label: "Severity", choices: SEVERITY_OPTIONS },
    { key: "status", label: "Status", choices: STATUS_OPTIONS },
    { key: "type", label: "Type", choices: TYPE_OPTIONS },
  ] as const;
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <Segmented label="View" options={VIEWS} value={filters.view} onChange={(view) => void setFilters({ view })} />
      <Segmented label="Range" options={SPANS} value={filters.span} onChange={(span) => void setFilters({ span })} />
      {hosts.length > 1 && (
        <Select
          hiddenLabel
          label="Host"
          value={String(filters.host ?? "")}
          onChange={({ target }) => void setFilters({ host: Number(target.value) || null })}
          options={[
            { value: "", title: "Any host" },
            ...hosts.map(({ id, name }) => ({ value: String(id), title: name })),
          ]}
        />
      )}
      {filters.view === "Anomalies" &&
        selects.map(({ key, label, choices }) => (
          <Select
            key={key}
            hiddenLabel
            label={label}
            value={filters[key] ?? ""}
            onChange={({ target }) => void setFilters({ [key]: target.value || null })}
            options={choices}
          />
        ))}
    </div>
  );
}
