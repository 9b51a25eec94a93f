import type { TRACE_ORDERS } from "#lib/contract/enums.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";
import type { KeptSpan } from "#lib/otlp/traces/read-spans.ts";
import type { RankReason } from "#lib/otlp/traces/trace-buffer.ts";

/** Which traces are wanted: [from, to) is when they started. */
export type TraceFilter = {
  from: Date;
  to: Date;
  service?: string | undefined;
  operation?: string | undefined;
  reason?: RankReason | undefined;
};

type Page = { sort?: (typeof TRACE_ORDERS)[number]; limit: number; offset?: number };

/** A trace that is kept, by the operation that it was slow in, or failed in. `duration` is in seconds. */
export type TraceInfo = {
  traceId: string;
  service: string;
  operation: string;
  reasons: RankReason[];
  duration: number;
  startedAt: Date;
};

const ORDERS = {
  slowest: Prisma.sql`duration DESC, "traceId", operation`,
  newest: Prisma.sql`"startedAt" DESC, "traceId", operation`,
};

/** A page of the traces of a host that are kept, and how many there are on all pages. */
export async function listTraces(
  db: Database,
  hostId: number,
  { from, to, service, operation, reason }: TraceFilter,
  { sort = "slowest", limit, offset = 0 }: Page,
): Promise<{ total: number; traces: TraceInfo[] }> {
  const isIt = (column: string, value: string | undefined) =>
    value === undefined ? Prisma.empty : Prisma.sql`AND r.${Prisma.raw(column)} = ${value}`;
  const found = Prisma.sql`
    SELECT r.trace_id AS "traceId", r.service, r.operation, array_agg(DISTINCT r.reason) AS reasons, max(r.duration) AS duration,
      min(r.started_at) AS "startedAt"
    FROM trace_rank r JOIN trace t ON t.host_id = r.host_id AND t.trace_id = r.trace_id
    WHERE r.host_id = ${hostId} AND r.started_at >= ${from} AND r.started_at < ${to}
      ${isIt("service", service)} ${isIt("operation", operation)}
    GROUP BY 1, 2, 3 ${reason === undefined ? Prisma.empty : Prisma.sql`HAVING ${reason} = ANY(array_agg(r.reason))`}`;
  const [traces, [count]] = await Promise.all([
    db.$queryRaw<TraceInfo[]>`${found} ORDER BY ${ORDERS[sort]} LIMIT ${limit} OFFSET ${offset}`,
    db.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total FROM (${found}) f`,
  ]);
  return { total: count?.total ?? 0, traces };
}

/** A trace with its spans by their start; `dropped` counts those that are not kept. @throws DomainError not-found */
export async function readTrace(
  db: Database,
  hostId: number,
  traceId: string,
): Promise<{
  traceId: string;
  startedAt: Date;
  dropped: number;
  spans: (Omit<KeptSpan, "startedAt"> & { startedAt: Date })[];
}> {
  const row = await db.trace.findUnique({ where: { hostId_traceId: { hostId, traceId } } });
  if (!row) throw new DomainError("not-found", "This trace is not kept: GET /api/v1/traces lists those that are");
  const spans = (row.spans as unknown as KeptSpan[]).map((span) => ({ ...span, startedAt: new Date(span.startedAt) }));
  return { traceId, startedAt: row.startedAt, dropped: row.dropped, spans };
}

/** So many days traces are kept. */
export const TRACE_DAYS = 7;

/** Removes traces, exemplars and sums of differences of which nothing came since `before` (ms). Answers how many traces went. */
export async function removeTracesBefore(db: Connection, before: number): Promise<number> {
  const limit = new Date(before);
  await db.$executeRaw`DELETE FROM otlp_exemplar WHERE at < ${limit}`;
  await db.$executeRaw`DELETE FROM otlp_total WHERE at < ${limit}`;
  await db.$executeRaw`DELETE FROM trace_rank WHERE hour < ${limit}`;
  return db.$executeRaw`DELETE FROM trace t WHERE started_at < ${limit}
    AND NOT EXISTS (SELECT FROM trace_rank r WHERE r.host_id = t.host_id AND r.trace_id = t.trace_id)`;
}
