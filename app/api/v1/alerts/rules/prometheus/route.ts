import { yamlResponse } from "#app/api/_serve/file.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { exportPrometheusRules } from "#lib/alerts/export-prometheus.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.alertRuleFiles.exportPrometheus, async ({ db }) =>
  yamlResponse(await exportPrometheusRules(db), "prometheus-rules.yaml"),
);
