import { serve } from "#app/api/_serve/serve.ts";
import { answerParts } from "#app/prometheus/_answer.ts";
import { prometheus } from "#lib/contract/prometheus.ts";
import type { Database } from "#lib/db/client.ts";
import { reader } from "#lib/db/reading.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { queryInstant } from "#lib/promql/engine.ts";
import { instantParts } from "#lib/promql/http/answers.ts";
import { parseLength, parseTime } from "#lib/promql/http/parameters.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";

type Given = {
  db: Database;
  query: { query: string; time?: string | undefined; timeout?: string | undefined };
  signal: AbortSignal;
};

async function answer({ db, query: { query, time, timeout }, signal }: Given): Promise<Response> {
  const at = time === undefined ? Date.now() : parseTime(time, "time");
  const timeMs = timeout === undefined ? undefined : parseLength(timeout, "timeout");
  const store = new StoreReader(db, await readableHosts(reader(db)), { signal, timeMs });
  return answerParts(instantParts(await queryInstant(store, query, at, { timeMs, signal })));
}

export const GET = serve(prometheus.query, answer);
export const POST = serve(prometheus.queryForm, answer);
