import { serve } from "#app/api/_serve/serve.ts";
import { answerData } from "#app/prometheus/_answer.ts";
import { type Explored, exploredOf } from "#app/prometheus/_explored.ts";
import { prometheus } from "#lib/contract/prometheus.ts";
import { listLabelNames } from "#lib/promql/store/explore.ts";

const answer = async (call: Explored) => answerData(await listLabelNames(call.db, await exploredOf(call)));

export const GET = serve(prometheus.labels, answer);
export const POST = serve(prometheus.labelsForm, answer);
