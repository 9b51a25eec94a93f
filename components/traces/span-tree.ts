import type { Trace } from "#components/traces/queries.ts";

export type TraceSpan = Trace["spans"][number];

/** A span in the order of the tree. `start` and `width` are shares of the trace's time; `outsideMs` is how much of it lies beyond. */
export type SpanRow = {
  span: TraceSpan;
  depth: number;
  /** How many spans are below it, at any depth. */
  below: number;
  /** Whether it has a parent that is not kept. */
  isOrphan: boolean;
  start: number;
  width: number;
  outsideMs: number;
};

/**
 * When a trace began by the clock of its root (ms), how long it took (ms), and its spans as they are drawn. `early` counts those that began before
 * the root by clocks of their own.
 */
export type SpanTree = { from: number; lengthMs: number; root: TraceSpan | undefined; early: number; rows: SpanRow[] };

/** Starts are kept as whole ms: what is beyond by less is not beyond. */
const ROUNDING_MS = 2;

const startOf = ({ startedAt }: TraceSpan): number => startedAt.getTime();
const endOf = (span: TraceSpan): number => startOf(span) + span.duration * 1_000;
const byStart = (a: TraceSpan, b: TraceSpan): number => startOf(a) - startOf(b) || b.duration - a.duration;

/** Spans by their parents: those without one that is kept are roots, and so is one of each circle. */
function nest(spans: TraceSpan[]): { span: TraceSpan; depth: number; below: number }[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const sorted = [...spans].sort(byStart);
  const children = Map.groupBy(sorted, ({ parentSpanId }) => (ids.has(parentSpanId) ? parentSpanId : ""));
  const rows: { span: TraceSpan; depth: number; below: number }[] = [];
  const drawn = new Set<TraceSpan>();
  const draw = (span: TraceSpan, depth: number): number => {
    if (drawn.has(span)) return 0;
    drawn.add(span);
    const row = { span, depth, below: 0 };
    rows.push(row);
    for (const child of children.get(span.spanId) ?? []) row.below += draw(child, depth + 1);
    return row.below + 1;
  };
  for (const root of children.get("") ?? []) draw(root, 0);
  for (const span of sorted) draw(span, 0);
  return rows;
}

/**
 * The time that a trace is drawn over: that of its first spans, and of what the same services did later, or took from a queue. Spans by other clocks
 * do not widen it: one that is an hour off would leave no room for all others.
 */
function timeOf(rows: { span: TraceSpan; depth: number }[]): { from: number; to: number } {
  const roots = rows.filter(({ depth }) => depth === 0).map(({ span }) => span);
  const first = roots.filter(({ parentSpanId }) => parentSpanId === "");
  const trusted = first.length > 0 ? first : roots;
  const services = new Set(trusted.map(({ service }) => service));
  const from = trusted.reduce((least, span) => Math.min(least, startOf(span)), Number.POSITIVE_INFINITY);
  const later = rows
    .map(({ span }) => span)
    .filter((span) => startOf(span) >= from && (services.has(span.service) || span.kind === "consumer"));
  const to = [...trusted, ...later].reduce((most, span) => Math.max(most, endOf(span)), from);
  return { from, to };
}

const within = (share: number): number => Math.min(1, Math.max(0, share));

/** A trace's spans as a tree over time, whatever their clocks and parents say. */
export function layOut(spans: TraceSpan[]): SpanTree {
  const rows = nest(spans);
  if (rows.length === 0) return { from: 0, lengthMs: 0, root: undefined, early: 0, rows: [] };
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const { from, to } = timeOf(rows);
  const lengthMs = Math.max(to - from, 0.001);
  return {
    ...{ from, lengthMs },
    root: (rows.find(({ span }) => span.parentSpanId === "") ?? rows[0])?.span,
    early: spans.filter((span) => from - startOf(span) > ROUNDING_MS).length,
    rows: rows.map(({ span, depth, below }) => {
      const start = within((startOf(span) - from) / lengthMs);
      const end = within((endOf(span) - from) / lengthMs);
      const outsideMs = Math.max(0, from - startOf(span), endOf(span) - to);
      return {
        ...{ span, depth, below, start, width: end - start },
        isOrphan: span.parentSpanId !== "" && !ids.has(span.parentSpanId),
        outsideMs: outsideMs > ROUNDING_MS ? outsideMs : 0,
      };
    }),
  };
}

/** The rows that are not below one that is folded. */
export function unfolded(rows: SpanRow[], folded: ReadonlySet<string>): SpanRow[] {
  const shown: SpanRow[] = [];
  for (let n = 0; n < rows.length; n++) {
    const row = rows[n] as SpanRow;
    shown.push(row);
    if (folded.has(row.span.spanId)) n += row.below;
  }
  return shown;
}
