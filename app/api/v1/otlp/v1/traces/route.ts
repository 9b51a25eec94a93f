import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { receiveOtlp } from "#lib/otlp/receive.ts";

export const POST = serve(contract.otlp.traces, async ({ db, input, raw }) => {
  const { bytes, contentType } = await receiveOtlp(db, input, "traces", raw);
  return new Response(new Uint8Array(bytes), { headers: { "content-type": contentType, "cache-control": "no-store" } });
});
