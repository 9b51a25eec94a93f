import { serve } from "#app/api/_serve/serve.ts";
import { importPrometheusRules } from "#lib/alerts/import-prometheus.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(
  contract.alertRuleFiles.importPrometheus,
  async ({ db, body: { files, dryRun }, session }) => ({
    rules: await importPrometheusRules(db, files, { dryRun, userId: session.user.id }),
  }),
);
