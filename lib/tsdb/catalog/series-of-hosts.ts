import type { MetricKind } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import type { Labels } from "#lib/metrics/frame.ts";

/** A stored series with the host and the source that it is of. */
export type HostSeries = {
  hostId: number;
  id: number;
  sourceId: number;
  metric: string;
  labels: Labels;
  kind: MetricKind;
  unit: string;
  help: string;
};

/** The series of hosts by host, metric and labels; `like` is a pattern of SQL's LIKE that their metrics match. */
export function listSeriesOfHosts(db: Connection, hostIds: number[], like: string): Promise<HostSeries[]> {
  return db.$queryRaw<HostSeries[]>`
    SELECT host_id AS "hostId", id, source_id AS "sourceId", metric, labels, kind::text AS kind, unit, help FROM series
    WHERE host_id = ANY(${hostIds}::int[]) AND metric LIKE ${like} ORDER BY host_id, metric, labels_key`;
}
