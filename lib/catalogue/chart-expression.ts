import type { Database } from "#lib/db/client.ts";
import { assertHosts, readableHosts } from "#lib/hosts/hosts.ts";
import { type ChartedExpression, chartSeries } from "#lib/promql/chart.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";

type ChartRequest = { expression: string; from: number; to: number; points: number; host?: number | undefined };

/**
 * An expression over [from, to] (ms), of all hosts or as if one were the only host there is.
 * @throws QueryError; DomainError validation for a host that there is not
 */
export async function chartForHosts(
  db: Database,
  { expression, host, ...range }: ChartRequest,
  signal: AbortSignal,
): Promise<ChartedExpression> {
  if (host !== undefined) await assertHosts(db, [host], "host");
  const hosts = (await readableHosts(db)).filter(({ id }) => host === undefined || id === host);
  return chartSeries(new StoreReader(db, hosts, { signal }), expression, range, { signal });
}
