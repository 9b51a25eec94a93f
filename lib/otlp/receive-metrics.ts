import type { Database } from "#lib/db/client.ts";
import type { InputCaller } from "#lib/inputs/credentials.ts";
import { Drops } from "#lib/inputs/drops.ts";
import { storeIncoming } from "#lib/inputs/store-incoming.ts";
import { log, reasonOf } from "#lib/log.ts";
import { accumulate } from "#lib/otlp/metrics/accumulate.ts";
import { keepExemplars } from "#lib/otlp/metrics/exemplars.ts";
import { readPoints } from "#lib/otlp/metrics/read-points.ts";
import { seriesOf } from "#lib/otlp/metrics/streams.ts";
import { describeDrops } from "#lib/otlp/rejection.ts";
import { noteVersions } from "#lib/otlp/resource/versions.ts";
import type { Encoding, Rejection } from "#lib/otlp/wire/answers.ts";
import { decode } from "#lib/otlp/wire/decode.ts";
import { METRICS_REQUEST, type MetricsRequest } from "#lib/otlp/wire/messages.ts";

/**
 * Stores what an ExportMetricsServiceRequest holds; may come again, which changes nothing. Answers how many points were not taken, and why.
 * @throws DomainError validation, too-large, rate-limited, unavailable
 */
export async function receiveMetrics(
  db: Database,
  input: InputCaller,
  { bytes, encoding }: { bytes: Buffer; encoding: Encoding },
  now = Date.now(),
): Promise<Rejection> {
  const request = decode(bytes, METRICS_REQUEST, encoding) as MetricsRequest;
  await noteVersions(db, input.hostId, request.resourceMetrics ?? [], now);
  const drops = new Drops();
  let rejected = 0;
  const reject = (reason: string, points: number, example: () => string) => {
    rejected += points;
    drops.add(reason, points, example);
  };
  const { points, streams, exemplars } = readPoints(request, reject);
  const limits = { hostId: input.hostId, maxStreams: input.maxSeries, skip: reject };
  const sums = await accumulate(
    db,
    streams.filter(({ delta }) => delta),
    limits,
  );
  const series = [...streams.filter(({ delta }) => !delta).flatMap((point) => seriesOf(point)), ...sums];
  const before = countDrops(drops);
  const { dropped } = await storeIncoming(db, input, series, now, drops);
  const lost = countDrops(drops) - before;
  // A point is one series or, of a histogram, many.
  if (lost > 0) rejected += Math.max(1, Math.round((lost / series.length) * (points - rejected)));
  await keepExemplars(db, input.hostId, exemplars).catch((error: unknown) =>
    log.warn({ reason: reasonOf(error) }, "exemplars are not kept"),
  );
  return { rejected: Math.min(rejected, points), message: describeDrops(dropped) };
}

const countDrops = (drops: Drops): number => drops.list().reduce((sum, { samples }) => sum + samples, 0);
