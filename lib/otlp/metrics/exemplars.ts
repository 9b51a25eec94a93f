import type { Database } from "#lib/db/client.ts";
import type { StreamExemplar } from "#lib/otlp/metrics/read-points.ts";
import { streamKey } from "#lib/otlp/metrics/streams.ts";

/** So many series of an input have an exemplar. */
const MAX_EXEMPLARS = 2_000;

/** Keeps the newest exemplar of each stream. */
export async function keepExemplars(db: Database, hostId: number, exemplars: StreamExemplar[]): Promise<void> {
  if (exemplars.length === 0) return;
  const newest = new Map<string, StreamExemplar>();
  for (const exemplar of exemplars.filter(({ at, value }) => at > 0 && Number.isFinite(value))) {
    const key = streamKey(exemplar.stream).toString("hex");
    if (exemplar.at >= (newest.get(key)?.at ?? 0)) newest.set(key, exemplar);
  }
  const rows = [...newest]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, MAX_EXEMPLARS)
    .map(
      ([
        stream,
        {
          stream: { metric, labels },
          traceId,
          spanId,
          value,
          at,
        },
      ]) => ({
        ...{ stream, metric: metric.slice(0, 300), labels, trace_id: traceId, span_id: spanId, value },
        at: new Date(at).toISOString(),
      }),
    );
  await db.$executeRaw`
    INSERT INTO otlp_exemplar AS e (host_id, stream, metric, labels, trace_id, span_id, value, at)
    SELECT ${hostId}, decode(i.stream, 'hex'), i.metric, i.labels, i.trace_id, i.span_id, i.value, i.at
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS i (stream text, metric text, labels jsonb, trace_id text, span_id text, value float8, at timestamptz)
    WHERE (SELECT count(*) FROM otlp_exemplar WHERE host_id = ${hostId}) < ${MAX_EXEMPLARS}
      OR EXISTS (SELECT FROM otlp_exemplar x WHERE x.host_id = ${hostId} AND x.stream = decode(i.stream, 'hex'))
    ON CONFLICT (host_id, stream) DO UPDATE SET trace_id = excluded.trace_id, span_id = excluded.span_id,
      value = excluded.value, at = excluded.at WHERE e.at < excluded.at`;
}

/** An exemplar with the name and labels of its series. */
export type ExemplarInfo = {
  metric: string;
  labels: Record<string, string>;
  traceId: string;
  spanId: string;
  value: number;
  at: Date;
};

/** The exemplars of a host's metric, or of all of its metrics; newest first, at most 500. */
export async function listExemplars(db: Database, hostId: number, metric: string | undefined): Promise<ExemplarInfo[]> {
  const rows = await db.otlpExemplar.findMany({
    where: { hostId, ...(metric === undefined ? {} : { metric }) },
    omit: { hostId: true, stream: true },
    orderBy: { at: "desc" },
    take: 500,
  });
  return rows.map(({ labels, ...row }) => ({ ...row, labels: labels as Record<string, string> }));
}
