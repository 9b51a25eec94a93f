import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readLockTree } from "#lib/databases/locks.ts";

export const GET = serve(contract.databaseActivity.locks, ({ db, params }) => readLockTree(db, params.id));
