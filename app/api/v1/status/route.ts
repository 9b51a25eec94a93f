import { serve } from "#app/api/_serve/serve.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import * as contract from "#lib/contract/index.ts";
import { statusDatabase } from "#lib/db/client.ts";
import { recentHealth } from "#lib/hosts/health.ts";
import { readRecorderReport, withRecorder } from "#lib/hosts/recorder-status.ts";
import { listFailures } from "#lib/jobs/failures.ts";

export const GET = serve(contract.system.status, async ({ db }) => {
  const [health, failures] = await Promise.all([recentHealth(statusDatabase()), listFailures(db, Date.now())]);
  return { health: withRecorder(health, readRecorderReport(readEnvironment().dataDir)), failures };
});
