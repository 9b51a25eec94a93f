"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsInteger, useQueryState } from "nuqs";
import { BandChart, type BandRow } from "#components/charts/band-chart.tsx";
import { useWidth } from "#components/charts/use-width.ts";
import { api } from "#components/layout/api.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { SeriesForecast } from "#lib/insights/series-forecast.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";

const PAST_SHOWN = 4;

function rowsOf({ points, ahead }: SeriesForecast): BandRow[] {
  const past = points.slice(-PAST_SHOWN * Math.max(ahead.length, 24)).map(([at, value]): BandRow => ({ at, value }));
  const next = ahead.map(
    ({ at, expected, low80, high80, low95, high95 }): BandRow => ({
      at,
      expected,
      band: [low80, high80],
      wide: [low95, high95],
    }),
  );
  return [...past, ...next];
}

function Made({ data }: { data: SeriesForecast }) {
  const { made, capacity } = data;
  return (
    <p className="figures mt-2 text-muted text-xs">
      {made &&
        `By ${made.model}, chosen over ${made.origins} forecasts of the past: its error is ${made.mase.toFixed(2)} of the seasonal naive one. `}
      {capacity?.at
        ? `Full on ${formatDateTime(capacity.at)}, 80 % interval ${formatDateTime(capacity.earliest ?? capacity.at)} to ${capacity.latest ? formatDateTime(capacity.latest) : "later than a year"}.`
        : capacity && "Not foreseen to fill within a year."}
    </p>
  );
}

/** What a series will do next: the past as a line, what is expected dashed within its intervals. */
export function ForecastCard({ host, series }: { host: number; series: { id: number; name: string }[] }) {
  const first = series.find(({ name }) => name === "cpu.usage") ?? series[0];
  const [chosen, setChosen] = useQueryState("series", parseAsInteger.withDefault(first?.id ?? 0));
  const { ref, width } = useWidth<HTMLDivElement>();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { data, error, isError, refetch } = useQuery({
    queryKey: ["forecast", host, chosen],
    enabled: chosen > 0 && width > 0,
    queryFn: ({ signal }) =>
      api<SeriesForecast>(`/forecasts?host=${host}&series=${chosen}&zone=${encodeURIComponent(zone)}`, { signal }),
  });
  return (
    <Card>
      <CardTitle aside="80 % and 95 % intervals">Forecast</CardTitle>
      <Select
        label="Series"
        className="mb-3 max-w-sm"
        value={String(chosen)}
        onChange={(event) => void setChosen(Number(event.target.value))}
        options={series.map(({ id, name }) => ({ value: String(id), title: name }))}
      />
      <div ref={ref} style={{ minHeight: 220 }}>
        {isError && !data ? (
          <Failure what="The forecast" error={error} onRetry={() => void refetch()} />
        ) : !data ? (
          <Skeleton className="h-55" />
        ) : data.made === null ? (
          <Notice title="Too little is known yet">
            A forecast needs 24 steps of the past: half an hour of samples.
          </Notice>
        ) : (
          <>
            <BandChart
              title={`Forecast of ${data.series.name}`}
              rows={rowsOf(data)}
              unit={data.series.unit}
              rate={isCumulative(data.series.kind)}
              names={{ expected: "expected", band: "80 % interval", wide: "95 % interval" }}
              height={220}
              width={width}
            />
            <Made data={data} />
          </>
        )}
      </div>
    </Card>
  );
}
