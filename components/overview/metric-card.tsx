"use client";

import { ArrowDown, ArrowUp, Minus, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { Sparkline } from "#components/charts/sparkline.tsx";
import { useLive } from "#components/live/live-provider.tsx";
import type { OverviewCard } from "#components/overview/queries.ts";
import { Card } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { formatText, formatValue } from "#lib/format/value.ts";
import { HOUR_MS } from "#lib/time/durations.ts";
import { combineValues } from "#lib/tsdb/points.ts";

/** A change smaller than this share of yesterday's value is no news. */
const STEADY = 0.02;

const SPARK_MS = HOUR_MS;

function Trend({ card }: { card: OverviewCard }) {
  const { recent, yesterday, unit, rate } = card;
  if (recent === null) return <span>No data in the past 5 minutes</span>;
  if (yesterday === null) return <span>No data for this time yesterday</span>;
  const change = recent - yesterday;
  const steady = Math.abs(change) <= STEADY * Math.max(Math.abs(yesterday), Number.EPSILON);
  const Icon = steady ? Minus : change > 0 ? ArrowUp : ArrowDown;
  const words = steady
    ? "same as"
    : change > 0
      ? `${formatText(change, unit, rate)} above`
      : `${formatText(-change, unit, rate)} below`;
  return (
    <span className="inline-flex items-center gap-1">
      <Icon aria-hidden className="size-3" />
      {words} this time yesterday
    </span>
  );
}

/** One figure of the overview: its value now, its last hour, and how it compares with a day before. */
export function MetricCard({ card, onStale }: { card: OverviewCard; onStale: () => void }) {
  const [live, setLive] = useState<{ at: number; value: number | null }>();
  useLive(
    card.seriesIds,
    (frame) => {
      const values = new Map(frame.values);
      if (!card.seriesIds.some((id) => values.has(id))) return;
      setLive({
        at: frame.at,
        value: combineValues(
          card.combine,
          card.seriesIds.map((id) => values.get(id)),
        ),
      });
    },
    onStale,
  );
  const value = live ? live.value : (card.points.at(-1)?.[1] ?? null);
  const shown = formatValue(value, card.unit, card.rate);
  const silent = !live && card.recent === null;
  const over = !silent && value !== null && card.threshold !== null && value >= card.threshold;
  return (
    <Card className="flex flex-col gap-1.5 p-3.5">
      <h2 className="text-muted text-xs">{card.title}</h2>
      <p
        data-card={card.key}
        data-at={live?.at}
        className={cn(
          "figures font-semibold text-2xl leading-8 tracking-tight",
          over && "text-bad",
          silent && "text-muted",
        )}
      >
        {shown.value}
        <span className="ml-1 font-normal text-muted text-sm">{shown.unit}</span>
      </p>
      {over && (
        <p className="figures inline-flex items-center gap-1 text-2xs text-bad">
          <TriangleAlert aria-hidden className="size-3" />
          over its threshold of {formatText(card.threshold, card.unit)}
        </p>
      )}
      <Sparkline points={card.points} spanMs={SPARK_MS} />
      <p className="figures text-2xs text-muted">
        <Trend card={card} />
      </p>
    </Card>
  );
}
