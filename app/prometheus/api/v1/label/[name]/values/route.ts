import { serve } from "#app/api/_serve/serve.ts";
import { answerData } from "#app/prometheus/_answer.ts";
import { prometheus } from "#lib/contract/prometheus.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { listLabelValues } from "#lib/promql/store/explore.ts";

export const GET = serve(prometheus.labelValues, async ({ db, params, query }) =>
  answerData(await listLabelValues(db, await readableHosts(db), params.name, query["match[]"])),
);
