import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readSparklines } from "#lib/hosts/sparklines.ts";

export const GET = serve(contract.hosts.sparklines, ({ db, query }) => readSparklines(db, query.hosts));
