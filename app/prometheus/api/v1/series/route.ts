import { serve } from "#app/api/_serve/serve.ts";
import { answerData } from "#app/prometheus/_answer.ts";
import { prometheus } from "#lib/contract/prometheus.ts";
import type { Database } from "#lib/db/client.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { listLabelSets } from "#lib/promql/store/explore.ts";

const answer = async ({ db, query }: { db: Database; query: { "match[]": string[] } }) =>
  answerData(await listLabelSets(db, await readableHosts(db), query["match[]"]));

export const GET = serve(prometheus.series, answer);
export const POST = serve(prometheus.seriesForm, answer);
