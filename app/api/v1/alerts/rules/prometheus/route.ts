import { serve } from "#app/api/_serve/serve.ts";
import { exportPrometheusRules } from "#lib/alerts/export-prometheus.ts";
import { contract } from "#lib/contract/index.ts";

const HEADERS = {
  "content-type": "application/yaml; charset=utf-8",
  "content-disposition": 'attachment; filename="prometheus-rules.yaml"',
  "cache-control": "no-store",
};

export const GET = serve(
  contract.alertRuleFiles.exportPrometheus,
  async ({ db }) => new Response(await exportPrometheusRules(db), { headers: HEADERS }),
);
