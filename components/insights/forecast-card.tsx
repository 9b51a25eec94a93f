"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsInteger, useQueryState } from "nuqs";
import type { BandRow } from "#components/charts/band-chart.tsx";
import { BandChart, fetchBandChart } from "#components/charts/lazy-charts.tsx";
import { useWidth } from "#components/charts/use-width.ts";
import { usualSeries } from "#components/insights/forecast-series.ts";
import { forecastQuery, type SeriesForecast } from "#components/insights/queries.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime, useTimeFormat } from "#components/ui/time-format.tsx";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";

/** The chart shows the past over this many times the horizon, and over at least so many steps. */
const PAST_HORIZONS = 4;
const MIN_HORIZON = 24;

function rowsOf({ points, forecast }: SeriesForecast): BandRow[] {
  const past = points.slice(-PAST_HORIZONS * Math.max(forecast.length, MIN_HORIZON));
  return [
    ...past.map(([at, value]): BandRow => ({ at, value })),
    ...forecast.map(
      ({ at, expected, low80, high80, low95, high95 }): BandRow => ({
        at,
        expected,
        band: [low80, high80],
        wide: [low95, high95],
      }),
    ),
  ];
}

function Basis({ model, capacity }: Pick<SeriesForecast, "model" | "capacity">) {
  const latest = capacity?.latest ? <DateTime at={capacity.latest} /> : "more than a year from now";
  return (
    <p className="figures mt-2 text-muted text-xs">
      {model &&
        `Model: ${model.name}, the most accurate in ${model.origins} backtests (MASE ${model.mase.toFixed(2)}; 1 is the seasonal naive model). `}
      {capacity?.at ? (
        <>
          Full <DateTime at={capacity.at} />, 80 % interval <DateTime at={capacity.earliest ?? capacity.at} /> to{" "}
          {latest}.
        </>
      ) : (
        capacity && "Not expected to be full within a year."
      )}
    </p>
  );
}

function Forecast({ forecast, width }: { forecast: SeriesForecast; width: number }) {
  const { series, model, capacity } = forecast;
  return (
    <>
      <BandChart
        title={`Forecast of ${seriesTitle(series.name)}`}
        rows={rowsOf(forecast)}
        unit={series.unit}
        rate={isCumulative(series.kind)}
        names={{ expected: "expected", band: "80 % interval", wide: "95 % interval" }}
        height={220}
        width={width}
      />
      <Basis model={model} capacity={capacity} />
    </>
  );
}

fetchBandChart();

/** What a series is expected to do next: the past as a line, the forecast dashed within its intervals. */
export function ForecastCard({ host, series }: { host: number; series: { id: number; name: string }[] }) {
  const [chosen, setChosen] = useQueryState("series", parseAsInteger.withDefault(usualSeries(series)?.id ?? 0));
  const { ref, width } = useWidth<HTMLDivElement>();
  const { zone } = useTimeFormat().style;
  const query = useQuery({ ...forecastQuery(host, chosen, zone), enabled: chosen > 0 && width > 0 });
  return (
    <Card>
      <CardTitle aside="Dashed: expected. Bands: 80 % and 95 % intervals">Forecast</CardTitle>
      <Select
        label="Series"
        className="mb-3 max-w-sm"
        value={String(chosen)}
        onChange={(event) => void setChosen(Number(event.target.value))}
        options={series.map(({ id, name }) => ({ value: String(id), title: seriesTitle(name) }))}
      />
      <div ref={ref} style={{ minHeight: 220 }}>
        <QueryView
          query={query}
          what="The forecast"
          skeleton={<Skeleton className="h-55" />}
          isEmpty={({ model }) => model === null}
          empty={
            <Notice title="Not enough data yet">A forecast needs about half an hour of samples of the series.</Notice>
          }
        >
          {(forecast) => <Forecast forecast={forecast} width={width} />}
        </QueryView>
      </div>
    </Card>
  );
}
