import type { Connection, Database } from "#lib/db/client.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import type { KeptSpan } from "#lib/otlp/traces/read-spans.ts";
import { type Candidate, KEPT_OF_EACH, MAX_TRACE_SPANS, type WaitingTrace } from "#lib/otlp/traces/trace-buffer.ts";

/** A trace takes at most so much, as JSON. */
const MAX_BYTES = 64 * 1_024;
/** So many reasons to keep a trace hold in an hour of an input. */
const MAX_PER_HOUR = 500;

/** Notes which traces were slow or failed; of each operation and hour only the foremost stay, and traces that no reason holds for go. */
export async function rankTraces(db: Database, hostId: number, candidates: Candidate[]): Promise<void> {
  if (candidates.length === 0) return;
  const rows = candidates.map(({ hour, service, operation, reason, traceId, duration, startedAt }) => ({
    ...{ service, operation, reason, duration, trace_id: traceId },
    ...{ hour: new Date(hour).toISOString(), started_at: new Date(startedAt).toISOString() },
  }));
  const hours = [...new Set(candidates.map(({ hour }) => hour))].map((hour) => new Date(hour));
  await db.$transaction(async (tx) => {
    // One after the other: two that trim at once would each see but its own.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('trace_rank', ${hostId}))`;
    await tx.$executeRaw`
      INSERT INTO trace_rank (host_id, hour, service, operation, reason, trace_id, duration, started_at)
      SELECT ${hostId}, hour, service, operation, reason, trace_id, max(duration), min(started_at)
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS i (hour timestamptz, service text, operation text, reason text,
        trace_id text, duration float8, started_at timestamptz) GROUP BY hour, service, operation, reason, trace_id
      ON CONFLICT (host_id, hour, service, operation, reason, trace_id)
      DO UPDATE SET duration = greatest(trace_rank.duration, excluded.duration)`;
    for (const hour of hours) await trim(tx, hostId, hour);
  });
}

async function trim(tx: Connection, hostId: number, hour: Date): Promise<void> {
  const gone = await tx.$queryRaw<{ id: string }[]>`
    WITH placed AS (
      SELECT service, operation, reason, trace_id, duration, row_number() OVER (PARTITION BY service, operation, reason
        ORDER BY CASE reason WHEN 'slow' THEN duration END DESC, started_at DESC) AS place
      FROM trace_rank WHERE host_id = ${hostId} AND hour = ${hour}),
    counted AS (SELECT *, row_number() OVER (ORDER BY place, duration DESC) AS n FROM placed)
    DELETE FROM trace_rank r USING counted c WHERE r.host_id = ${hostId} AND r.hour = ${hour} AND r.service = c.service
      AND r.operation = c.operation AND r.reason = c.reason AND r.trace_id = c.trace_id
      AND (c.place > ${KEPT_OF_EACH} OR c.n > ${MAX_PER_HOUR}) RETURNING r.trace_id AS id`;
  if (gone.length === 0) return;
  await tx.$executeRaw`
    DELETE FROM trace t WHERE t.host_id = ${hostId} AND t.trace_id = ANY(${gone.map(({ id }) => id)})
      AND NOT EXISTS (SELECT FROM trace_rank r WHERE r.host_id = ${hostId} AND r.trace_id = t.trace_id)`;
}

/** Which of some traces are kept. */
export async function keptTraces(db: Database, hostId: number, traceIds: string[]): Promise<string[]> {
  if (traceIds.length === 0) return [];
  const rows = await db.traceRank.findMany({
    where: { hostId, traceId: { in: traceIds } },
    select: { traceId: true },
    distinct: ["traceId"],
  });
  return rows.map(({ traceId }) => traceId);
}

/** The first spans of a trace that fit. */
function fit(spans: KeptSpan[]): KeptSpan[] {
  const sorted = [...spans].sort((a, b) => a.startedAt - b.startedAt).slice(0, MAX_TRACE_SPANS);
  let bytes = 0;
  return sorted.filter((span) => {
    bytes += Buffer.byteLength(JSON.stringify(span));
    return bytes <= MAX_BYTES;
  });
}

/** Stores spans of a trace beside those that are there, also of other processes. */
export async function saveTrace(
  db: Database,
  hostId: number,
  { traceId, spans, dropped }: WaitingTrace,
): Promise<void> {
  if (spans.length === 0) return;
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`
      INSERT INTO trace (host_id, trace_id, started_at, spans) VALUES (${hostId}, ${traceId}, now(), '[]') ON CONFLICT DO NOTHING`;
    const [row] = await tx.$queryRaw<{ spans: KeptSpan[]; dropped: number }[]>`
      SELECT spans, dropped FROM trace WHERE host_id = ${hostId} AND trace_id = ${traceId} FOR UPDATE`;
    const all = new Map([...(row?.spans ?? []), ...spans].map((span) => [span.spanId, span]));
    const kept = fit([...all.values()]);
    const startedAt = new Date(Math.min(...[...all.values()].map((span) => span.startedAt)));
    await tx.trace.update({
      where: { hostId_traceId: { hostId, traceId } },
      data: {
        startedAt,
        spans: kept as unknown as Prisma.InputJsonValue,
        dropped: (row?.dropped ?? 0) + dropped + all.size - kept.length,
      },
      select: { hostId: true },
    });
  });
}
