import { serve } from "#app/api/_serve/serve.ts";
import { chartExpression } from "#lib/alerts/preview-expression.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.alertTests.chart, ({ db, body, signal }) => chartExpression(db, body, signal));
