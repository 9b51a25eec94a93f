import { serve } from "#app/api/_serve/serve.ts";
import { prometheus } from "#lib/contract/prometheus.ts";
import { receiveRemoteWrite } from "#lib/inputs/remote-write/receive.ts";

export const POST = serve(prometheus.write, async ({ db, input, raw }) => {
  const { stored, histograms, problem } = await receiveRemoteWrite(db, input, raw);
  const headers = {
    "x-prometheus-remote-write-samples-written": String(stored),
    "x-prometheus-remote-write-histograms-written": String(histograms),
    "x-prometheus-remote-write-exemplars-written": "0",
  };
  return problem === undefined
    ? new Response(null, { status: 204, headers })
    : new Response(problem, { status: 400, headers: { ...headers, "content-type": "text/plain; charset=utf-8" } });
});
