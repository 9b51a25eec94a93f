"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Segmented } from "#components/ui/segmented.tsx";
import { MINUTE_MS } from "#lib/time/durations.ts";

const SPANS = ["15m", "1h", "6h", "24h"] as const;
const MINUTES: Record<(typeof SPANS)[number], number> = { "15m": 15, "1h": 60, "6h": 360, "24h": 1440 };

/** The span of a page's charts, kept in its address. */
export function useSpan() {
  const [span, setSpan] = useQueryState("span", parseAsStringLiteral(SPANS).withDefault("1h"));
  return { span, setSpan, spanMs: MINUTES[span] * MINUTE_MS };
}

export function SpanPicker() {
  const { span, setSpan } = useSpan();
  return <Segmented label="Span" options={SPANS} value={span} onChange={(value) => void setSpan(value)} />;
}
