import { serve } from "#app/api/_serve/serve.ts";
import { answerData } from "#app/prometheus/_answer.ts";
import { exploredOf } from "#app/prometheus/_explored.ts";
import { prometheus } from "#lib/contract/prometheus.ts";
import { listLabelValues } from "#lib/promql/store/explore.ts";

export const GET = serve(prometheus.labelValues, async (call) =>
  answerData(await listLabelValues(call.db, call.params.name, await exploredOf(call))),
);
