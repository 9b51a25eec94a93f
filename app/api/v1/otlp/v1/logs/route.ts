import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { DomainError } from "#lib/errors.ts";

export const POST = serve(contract.otlp.logs, () => {
  const remedy = "send them elsewhere, or set OTEL_LOGS_EXPORTER=none";
  return Promise.reject(new DomainError("not-found", `Logs are not kept here, only metrics and traces: ${remedy}`));
});
