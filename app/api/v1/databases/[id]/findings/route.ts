import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readFindings } from "#lib/databases/read-findings.ts";

export const GET = serve(contract.databases.findings, ({ db, params }) => readFindings(db, params.id, Date.now()));
