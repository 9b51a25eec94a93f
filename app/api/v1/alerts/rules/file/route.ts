import { yamlResponse } from "#app/api/_serve/file.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { applyRules, exportRules } from "#lib/alerts/rule-files.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.alertRuleFiles.export, async ({ db }) =>
  yamlResponse(await exportRules(db), "alert-rules.yaml"),
);

export const POST = serve(contract.alertRuleFiles.import, ({ db, body: { yaml, ...options }, session }) =>
  applyRules(db, yaml, { ...options, userId: session.user.id }),
);
