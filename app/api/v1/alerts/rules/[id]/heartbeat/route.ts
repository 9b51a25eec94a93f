import { serve } from "#app/api/_serve/serve.ts";
import { readHeartbeat } from "#lib/alerts/heartbeats.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.heartbeats.read, ({ db, params }) => readHeartbeat(db, params.id));
