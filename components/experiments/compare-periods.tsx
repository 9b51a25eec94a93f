"use client";

import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import { BandChart } from "#components/charts/lazy-charts.tsx";
import { resolutionNote } from "#components/charts/resolution-note.ts";
import { useWidth } from "#components/charts/use-width.ts";
import { periodQuery, type SeriesRange } from "#components/experiments/queries.ts";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { samplesBetween } from "#components/exports/request.ts";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { changeText } from "#lib/format/share.ts";
import { formatText } from "#lib/format/value.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";
import { mean, quantile } from "#lib/stats/quantile.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";

const LENGTHS: Record<string, { title: string; ms: number }> = {
  "1h": { title: "1 hour", ms: HOUR_MS },
  "6h": { title: "6 hours", ms: 6 * HOUR_MS },
  "1d": { title: "1 day", ms: DAY_MS },
  "7d": { title: "7 days", ms: 7 * DAY_MS },
};

type Host = { id: number; name: string; series: { id: number; name: string }[] };

const valuesOf = (range: SeriesRange | undefined) =>
  (range?.series[0]?.points ?? []).flatMap(([, value]) => (value === null ? [] : [value]));

function Period({ title, period }: { title: string; period: UseQueryResult<SeriesRange> }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  return (
    <Card>
      <CardTitle aside={period.data && resolutionNote(period.data)}>{title}</CardTitle>
      <div ref={ref} style={{ minHeight: 200 }}>
        <QueryView
          query={period}
          what={title}
          skeleton={<Skeleton className="h-50" />}
          isEmpty={({ series }) => (series[0]?.points.length ?? 0) === 0}
          empty={<p className="text-muted text-xs">No samples in this period. Choose another period.</p>}
        >
          {({ series: [series] }) =>
            series && (
              <BandChart
                title={title}
                rows={series.points.map(([at, value]) => ({ at, value }))}
                {...{ unit: series.unit, rate: isCumulative(series.kind), height: 200, width }}
              />
            )
          }
        </QueryView>
      </div>
    </Card>
  );
}

const FIGURES: [string, (values: number[]) => number][] = [
  ["Mean", mean],
  ["Median", (values) => quantile(values, 0.5)],
  ["95th percentile", (values) => quantile(values, 0.95)],
  ["Maximum", (values) => Math.max(...values)],
];

function Differences({ first, second }: { first: SeriesRange | undefined; second: SeriesRange | undefined }) {
  const [firstValues, secondValues] = [valuesOf(first), valuesOf(second)];
  if (firstValues.length === 0 || secondValues.length === 0) return null;
  const unit = first?.series[0]?.unit ?? second?.series[0]?.unit ?? "count";
  const rate = isCumulative(first?.series[0]?.kind ?? "gauge");
  const rows = FIGURES.map(([name, figure]) => [name, figure(firstValues), figure(secondValues)] as const);
  return (
    <Card className="overflow-x-auto">
      <table className="figures w-full text-left text-xs">
        <thead className="text-muted">
          <tr>
            {["Figure", "First", "Second", "Difference"].map((head, n) => (
              <th key={head} scope="col" className={n > 0 ? "py-1 pl-3 text-right font-normal" : "py-1 font-normal"}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map(([name, before, after]) => (
            <tr key={name}>
              <th scope="row" className="py-1.5 font-normal">
                {name}
              </th>
              <td className="py-1.5 pl-3 text-right">{formatText(before, unit, rate)}</td>
              <td className="py-1.5 pl-3 text-right">{formatText(after, unit, rate)}</td>
              <td className="py-1.5 pl-3 text-right">{changeText(before, after)}</td>
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
  host: Host | undefined;
  choice: Choice;
  onChange: (part: Partial<Record<keyof Choice, string | null>>) => void;
};

function Choices({ hosts, host, choice, onChange }: ChoicesProps) {
  return (
    <Card className="mb-3">
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-5">
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
          options={(host?.series ?? []).map(({ id, name }) => ({ value: String(id), title: seriesTitle(name) }))}
        />
        <Select
          label="Length"
          value={choice.length}
          onChange={(event) => onChange({ length: event.target.value })}
          options={Object.entries(LENGTHS).map(([value, { title }]) => ({ value, title }))}
        />
        {(["a", "b"] as const).map((key) => (
          <Field
            key={key}
            label={key === "a" ? "First period starts" : "Second period starts"}
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
  const time = useTimeFormat();
  const [state, set] = useQueryStates({
    host: parseAsString.withDefault(String(hosts[0]?.id ?? "")),
    series: parseAsString.withDefault(""),
    length: parseAsString.withDefault("1h"),
    a: parseAsString.withDefault(time.input(now - 2 * DAY_MS)),
    b: parseAsString.withDefault(time.input(now - DAY_MS)),
  });
  const host = hosts.find(({ id }) => String(id) === state.host) ?? hosts[0];
  const usual = host?.series.find(({ name }) => name === "cpu.usage") ?? host?.series[0];
  const series = state.series || String(usual?.id ?? "");
  const lengthMs = LENGTHS[state.length]?.ms ?? HOUR_MS;
  const [from, second] = [time.fromInput(state.a), time.fromInput(state.b)];
  const [a, b] = [
    useQuery(periodQuery({ host: state.host, series, from, lengthMs })),
    useQuery(periodQuery({ host: state.host, series, from: second, lengthMs })),
  ];
  const [earliest, latest] = [Math.min(from, second), Math.max(from, second)];
  return (
    <>
      <PageTitle
        note="Any series, side by side"
        aside={
          host && (
            <ExportDialog
              what="both periods"
              request={samplesBetween(host.id, [series], earliest, latest + lengthMs)}
            />
          )
        }
      >
        Compare periods
      </PageTitle>
      <Choices hosts={hosts} host={host} choice={{ ...state, series }} onChange={(part) => void set(part)} />
      <div className="mb-3 grid gap-3 lg:grid-cols-2">
        <Period title="First period" period={a} />
        <Period title="Second period" period={b} />
      </div>
      <Differences first={a.data} second={b.data} />
    </>
  );
}
