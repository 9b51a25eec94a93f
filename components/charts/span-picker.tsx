"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";
import { SPANS, spanMsOf, USUAL_SPAN } from "#components/charts/spans.ts";
import { Segmented } from "#components/ui/segmented.tsx";

/** The span of a page's charts, kept in its address. */
export function useSpan() {
  const [span, setSpan] = useQueryState("span", parseAsStringLiteral(SPANS).withDefault(USUAL_SPAN));
  return { span, setSpan, spanMs: spanMsOf(span) };
}

export function SpanPicker() {
  const { span, setSpan } = useSpan();
  return <Segmented label="Span" options={SPANS} value={span} onChange={(value) => void setSpan(value)} />;
}
