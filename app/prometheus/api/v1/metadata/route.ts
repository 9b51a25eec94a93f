import { serve } from "#app/api/_serve/serve.ts";
import { answerData } from "#app/prometheus/_answer.ts";
import { prometheus } from "#lib/contract/prometheus.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { parseCount } from "#lib/promql/http/parameters.ts";
import { listMetadata } from "#lib/promql/store/explore.ts";

export const GET = serve(prometheus.metadata, async ({ db, query: { metric, limit } }) =>
  answerData(await listMetadata(db, await readableHosts(db), { metric, limit: parseCount(limit, "limit") })),
);
