import { serve } from "#app/api/_serve/serve.ts";
import { answerParts } from "#app/prometheus/_answer.ts";
import { prometheus } from "#lib/contract/prometheus.ts";
import type { Database } from "#lib/db/client.ts";
import { reader } from "#lib/db/reading.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { queryRange } from "#lib/promql/engine.ts";
import { matrixParts } from "#lib/promql/http/answers.ts";
import { parseLength, parseRange } from "#lib/promql/http/parameters.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";

type Given = {
  db: Database;
  query: { query: string; start: string; end: string; step: string; timeout?: string | undefined };
  signal: AbortSignal;
};

async function answer({ db, query: { query, timeout, ...range }, signal }: Given): Promise<Response> {
  const timeMs = timeout === undefined ? undefined : parseLength(timeout, "timeout");
  const period = parseRange(range);
  const store = new StoreReader(db, await readableHosts(reader(db)), { signal, timeMs });
  return answerParts(matrixParts(await queryRange(store, query, period, { timeMs, signal })));
}

export const GET = serve(prometheus.range, answer);
export const POST = serve(prometheus.rangeForm, answer);
