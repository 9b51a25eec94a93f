import type { Connection } from "#lib/db/client.ts";
import { replaceId } from "#lib/db/replace-id.ts";
import type { HostMove } from "#lib/tsdb/maintenance.ts";

/** Names one host in the place of another in reports, their templates and schedules. */
export async function moveReports(tx: Connection, move: HostMove): Promise<void> {
  for (const table of ["analytics_report", "report_template", "report_schedule"])
    await replaceId(tx, table, "host_ids", move);
}
