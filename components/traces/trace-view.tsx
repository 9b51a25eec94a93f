"use client";

import { serviceHref, tracesHref } from "#components/applications/addresses.ts";
import { lineLook } from "#components/charts/palette.ts";
import type { Trace } from "#components/traces/queries.ts";
import { layOut } from "#components/traces/span-tree.ts";
import { durationOf } from "#components/traces/trace-list.tsx";
import { Waterfall } from "#components/traces/waterfall.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { CopiedText } from "#components/ui/copied-text.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { plural } from "#lib/format/plural.ts";

function Services({ host, colours }: { host: number; colours: Map<string, string> }) {
  return (
    <ul aria-label="Services" className="mb-3 flex flex-wrap gap-x-4 gap-y-1 text-xs">
      {[...colours].map(([service, colour]) => (
        <li key={service} className="flex min-w-0 items-center gap-1.5">
          <span aria-hidden className="size-2 shrink-0 rounded-full" style={{ background: colour }} />
          <Link href={serviceHref({ host, service })} className="hover:underline [overflow-wrap:anywhere]">
            {service}
          </Link>
        </li>
      ))}
    </ul>
  );
}

const EarlySpans = ({ count }: { count: number }) => (
  <Notice
    className="mb-3"
    title={`${plural(count, "span")} ${count === 1 ? "begins" : "begin"} before the first span of the trace`}
  >
    The clocks of the services differ. Times are those of the first span, and what is before it stands at the left edge.
  </Notice>
);

/** A trace with its spans as a waterfall. */
export function TraceView({ trace: { host, traceId, startedAt, dropped, spans } }: { trace: Trace }) {
  const tree = layOut(spans);
  const { root, early } = tree;
  const services = [...new Set(tree.rows.map(({ span }) => span.service))];
  const colours = new Map(services.map((service, n) => [service, lineLook(n).stroke]));
  const failed = spans.filter((span) => span.failed).length;
  const look = "text-accent underline";
  return (
    <>
      <PageTitle
        note={
          <>
            <Link href="/applications" className={look}>
              Applications
            </Link>
            {" / "}
            <Link href={tracesHref({ host: host.id, service: root?.service })} className={look}>
              Traces
            </Link>
            {" · "}
            <DateTime at={root ? new Date(tree.from) : startedAt} /> · {durationOf(tree.lengthMs / 1_000)} ·{" "}
            {plural(spans.length, "span")}
            {failed > 0 && `, ${failed} failed`} · input {host.name}
          </>
        }
      >
        <span className="[overflow-wrap:anywhere]">{root ? `${root.service}: ${root.name}` : "Trace"}</span>
      </PageTitle>
      <div className="space-y-3">
        {dropped > 0 && (
          <Notice
            variant="warn"
            title={`${plural(dropped, "span")} of this trace ${dropped === 1 ? "is" : "are"} not kept`}
          >
            A trace keeps at most 200 spans and 64 KiB: what came later is missing below.
          </Notice>
        )}
        <Card>
          <CardTitle>Spans</CardTitle>
          <Services host={host.id} colours={colours} />
          {tree.rows.length === 0 ? (
            <p className="text-muted text-sm">No span of this trace has come yet.</p>
          ) : (
            <>
              {early > 0 && <EarlySpans count={early} />}
              <Waterfall {...{ tree, colours }} />
            </>
          )}
        </Card>
        <Card>
          <CardTitle>Trace id</CardTitle>
          <CopiedText name="trace id" text={traceId} />
        </Card>
      </div>
    </>
  );
}
