"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import { BandChart } from "#components/charts/band-chart.tsx";
import { useWidth } from "#components/charts/use-width.ts";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { samplesBetween } from "#components/exports/request.ts";
import { api } from "#components/layout/api.ts";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { signedShare } from "#lib/format/share.ts";
import { formatText } from "#lib/format/value.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { mean, quantile } from "#lib/stats/quantile.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import type { RangeResult } from "#lib/tsdb/query.ts";

const LENGTHS: Record<string, number> = { "1h": HOUR_MS, "6h": 21_600_000, "1d": DAY_MS, "7d": 604_800_000 };
const POINTS = 300;

type Host = { id: number; name: string; series: { id: number; name: string }[] };

/** An instant as a local input shows it. */
const local = (at: number) => new Date(at - new Date(at).getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);

function usePeriod(host: string, series: string, from: number, lengthMs: number) {
  return useQuery({
    queryKey: ["period", host, series, from, lengthMs],
    enabled: series !== "" && Number.isFinite(from),
    queryFn: ({ signal }) =>
      api<RangeResult>(
        `/metrics/query?host=${host}&series=${series}&from=${from}&to=${from + lengthMs}&points=${POINTS}`,
        { signal },
      ),
  });
}

const known = (range: RangeResult | undefined) =>
  (range?.series[0]?.points ?? []).flatMap(([, value]) => (value === null ? [] : [value]));

function Period({ title, period }: { title: string; period: ReturnType<typeof usePeriod> }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const { data, isError, error, refetch } = period;
  const [series] = data?.series ?? [];
  return (
    <Card>
      <CardTitle>{title}</CardTitle>
      <div ref={ref} style={{ minHeight: 200 }}>
        {isError ? (
          <Failure what={title} error={error} onRetry={() => void refetch()} />
        ) : !data ? (
          <Skeleton className="h-50" />
        ) : !series || series.points.length === 0 ? (
          <p className="text-muted text-xs">No sample in this period: choose another.</p>
        ) : (
          <BandChart
            title={title}
            rows={series.points.map(([at, value]) => ({ at, value }))}
            {...{ unit: series.unit, rate: isCumulative(series.kind), height: 200, width }}
          />
        )}
      </div>
    </Card>
  );
}

const FIGURES: [string, (values: number[]) => number][] = [
  ["Mean", mean],
  ["Median", (values) => quantile(values, 0.5)],
  ["95th percentile", (values) => quantile(values, 0.95)],
  ["Highest", (values) => Math.max(...values)],
];

function Differences({ first, second }: { first: RangeResult | undefined; second: RangeResult | undefined }) {
  const [va, vb] = [known(first), known(second)];
  if (va.length === 0 || vb.length === 0) return null;
  const unit = first?.series[0]?.unit ?? second?.series[0]?.unit ?? "count";
  const rate = isCumulative(first?.series[0]?.kind ?? "gauge");
  return (
    <Card>
      <table className="figures w-full text-left text-xs">
        <thead className="text-muted">
          <tr>
            {["Figure", "First", "Second", "Difference"].map((head, n) => (
              <th key={head} scope="col" className={n > 0 ? "py-1 text-right font-normal" : "py-1 font-normal"}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {FIGURES.map(([name, figure]) => [name, figure(va), figure(vb)] as const).map(([name, before, after]) => (
            <tr key={name}>
              <th scope="row" className="py-1.5 font-normal">
                {name}
              </th>
              <td className="py-1.5 text-right">{formatText(before, unit, rate)}</td>
              <td className="py-1.5 text-right">{formatText(after, unit, rate)}</td>
              <td className="py-1.5 text-right">
                {before === 0 ? "–" : signedShare((after - before) / Math.abs(before))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

type Choice = Record<"host" | "series" | "length" | "a" | "b", string>;

type ChoicesProps = {
  hosts: Host[];
  choice: Choice;
  onChange: (part: Partial<Record<keyof Choice, string | null>>) => void;
};

function Choices({ hosts, choice, onChange }: ChoicesProps) {
  const host = hosts.find(({ id }) => String(id) === choice.host) ?? hosts[0];
  return (
    <Card className="mb-3">
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-5">
        <Select
          label="Host"
          value={choice.host}
          onChange={(event) => onChange({ host: event.target.value, series: null })}
          options={hosts.map(({ id, name }) => ({ value: String(id), title: name }))}
        />
        <Select
          label="Series"
          value={choice.series}
          onChange={(event) => onChange({ series: event.target.value })}
          options={(host?.series ?? []).map(({ id, name }) => ({ value: String(id), title: name }))}
        />
        <Select
          label="Length"
          value={choice.length}
          onChange={(event) => onChange({ length: event.target.value })}
          options={Object.keys(LENGTHS).map((value) => ({ value, title: value }))}
        />
        {(["a", "b"] as const).map((key) => (
          <Field
            key={key}
            label={key === "a" ? "First from" : "Second from"}
            type="datetime-local"
            value={choice[key]}
            onChange={(event) => onChange({ [key]: event.target.value })}
          />
        ))}
      </div>
    </Card>
  );
}

/** Two periods of a series side by side, with what differs. */
export function ComparePeriods({ hosts, now }: { hosts: Host[]; now: number }) {
  const [state, set] = useQueryStates({
    host: parseAsString.withDefault(String(hosts[0]?.id ?? "")),
    series: parseAsString.withDefault(""),
    length: parseAsString.withDefault("1h"),
    a: parseAsString.withDefault(local(now - 2 * DAY_MS)),
    b: parseAsString.withDefault(local(now - DAY_MS)),
  });
  const host = hosts.find(({ id }) => String(id) === state.host) ?? hosts[0];
  const usual = host?.series.find(({ name }) => name === "cpu.usage") ?? host?.series[0];
  const series = state.series || String(usual?.id ?? "");
  const lengthMs = LENGTHS[state.length] ?? HOUR_MS;
  const [a, b] = [
    usePeriod(state.host, series, Date.parse(state.a), lengthMs),
    usePeriod(state.host, series, Date.parse(state.b), lengthMs),
  ];
  const [earliest = 0, latest = 0] = [Date.parse(state.a), Date.parse(state.b)].sort((one, two) => one - two);
  return (
    <>
      <PageTitle
        note="Of any series, side by side"
        aside={
          host && (
            <ExportDialog
              what="both periods"
              request={samplesBetween(host.id, [series], earliest, latest + lengthMs)}
            />
          )
        }
      >
        Compare two periods
      </PageTitle>
      <Choices hosts={hosts} choice={{ ...state, series }} onChange={(part) => void set(part)} />
      <div className="mb-3 grid gap-3 lg:grid-cols-2">
        <Period title="First" period={a} />
        <Period title="Second" period={b} />
      </div>
      <Differences first={a.data} second={b.data} />
    </>
  );
}
