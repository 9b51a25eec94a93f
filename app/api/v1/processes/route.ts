import { serve } from "#app/api/_serve/serve.ts";
import { holds } from "#lib/access/permissions.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { readProcesses } from "#lib/processes/read.ts";
import { parseUsageSpan } from "#lib/processes/span.ts";
import { readSettings } from "#lib/settings/store.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

export const GET = serve(contract.processes.read, async ({ db, query, session }) => {
  const host = await findHost(db, query.host);
  const { collection_interval, retention_process_days, collect_command_lines } = await readSettings(db);
  const usage = await readProcesses(db, host.id, parseUsageSpan(query, Date.now()), collection_interval * SECOND_MS);
  const permitted = holds(session, "processes:commands");
  const groups = usage.groups.map((group) =>
    permitted && collect_command_lines ? group : { ...group, command: null },
  );
  return { host, ...usage, groups, retentionDays: retention_process_days };
});
