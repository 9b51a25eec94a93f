import { serve } from "#app/api/_serve/serve.ts";
import { applyRules, exportRules } from "#lib/alerts/rule-files.ts";
import { contract } from "#lib/contract/index.ts";

const HEADERS = {
  "content-type": "application/yaml; charset=utf-8",
  "content-disposition": 'attachment; filename="alert-rules.yaml"',
  "cache-control": "no-store",
};

export const GET = serve(
  contract.alertRuleFiles.export,
  async ({ db }) => new Response(await exportRules(db), { headers: HEADERS }),
);

export const POST = serve(contract.alertRuleFiles.import, ({ db, body: { yaml, ...options }, session }) =>
  applyRules(db, yaml, { ...options, userId: session.user.id }),
);
