import type { SpanRow } from "#components/traces/span-tree.ts";
import { durationOf } from "#components/traces/trace-list.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { formatText } from "#lib/format/value.ts";

function Pairs({ values }: { values: [string, string][] }) {
  return (
    <dl className="grid gap-x-4 gap-y-0.5 sm:grid-cols-[minmax(8rem,16rem)_minmax(0,1fr)]">
      {values.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted [overflow-wrap:anywhere]">{name}</dt>
          <dd className="mb-1 [overflow-wrap:anywhere] sm:mb-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What is kept of a span: when, how it ended, its attributes and events. */
export function SpanDetails({ row: { span, isOrphan, outsideMs }, from }: { row: SpanRow; from: number }) {
  const time = useTimeFormat();
  const timeText = (at: number) =>
    `${formatText(Math.abs(at - from), "ms")} ${at < from ? "before" : "after"} the trace began`;
  const facts: [string, string][] = [
    ["service", span.service],
    ["kind", span.kind],
    ["started", `${time.instant(span.startedAt.getTime())}, ${timeText(span.startedAt.getTime())}`],
    ["duration", durationOf(span.duration)],
    ["status", span.failed ? `failed${span.message && `: ${span.message}`}` : "ok"],
    ["span id", span.spanId],
  ];
  return (
    <div className="figures space-y-3 rounded-md bg-raised p-3 text-xs">
      {outsideMs > 0 && (
        <p>
          This span lies {formatText(outsideMs, "ms")} outside the trace by its own clock, which differs from that of
          the first span: its bar ends at the edge.
        </p>
      )}
      {isOrphan && <p>The span that it belongs to is not kept.</p>}
      <Pairs values={facts} />
      <section aria-label="Attributes">
        <h3 className="mb-1 font-medium">Attributes</h3>
        {Object.keys(span.attributes).length === 0 ? (
          <p className="text-muted">None were sent.</p>
        ) : (
          <Pairs values={Object.entries(span.attributes)} />
        )}
      </section>
      {span.events.length > 0 && (
        <section aria-label="Events" className="space-y-2">
          <h3 className="font-medium">Events</h3>
          {span.events.map((event, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: events of a span do not change, and may be alike
            <div key={n}>
              <p>
                {event.name} <span className="text-muted">{timeText(event.at)}</span>
              </p>
              <Pairs values={Object.entries(event.attributes)} />
            </div>
          ))}
        </section>
      )}
    </div>
  );
}
